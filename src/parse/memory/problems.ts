// What a captured memory says against itself: signs that it was copied while it changed, or that nothing in it can be trusted.
import type { Problem } from '../../model/index.ts';
import type { ImageHeader } from './image.ts';
import type { Live } from './marking.ts';

/** @param stray pointers that led to nothing that is an object */
export function problemsOf(header: ImageHeader, live: Live, stray: number): Problem[] {
  const problems: Problem[] = [];
  const say = (code: string, message: string): void => void problems.push({ code, message });
  if (live.globals.length === 0)
    say('no-global-object', 'No global object was found in the memory: nothing is known to be alive.');
  // In memory that stood still there is not one.
  if (stray > 0) say('stray-pointers', `${stray} pointers lead to no object: the memory was copied while it changed.`);
  if (!header.safe)
    say('unsafe-point', 'The program was stopped while it ran, not while it waited: an operation may be half done.');
  return problems;
}
