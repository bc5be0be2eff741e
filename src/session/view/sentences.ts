// Why the view stopped, in one sentence each.
import type { Point, Violation } from '../../model/index.ts';
import { describePoint } from '../../present/index.ts';
import type { StopReason } from './contract.ts';
import type { Hit } from './breakpointSet.ts';

export const NOTHING_YET = 'Nothing has been observed yet';
export const AT_BEGINNING = 'Beginning of the recording';
export const AT_END = 'End of the recording';

export function sentenceOf(point: Point | undefined): string {
  return point ? describePoint(point) : NOTHING_YET;
}

/** The breakpoint a client is told of, where several match. */
const FIRST_TOLD: readonly { readonly kind: Hit['target']['kind']; readonly reason: StopReason }[] = [
  { kind: 'data', reason: 'data breakpoint' },
  { kind: 'function', reason: 'function breakpoint' },
  { kind: 'source', reason: 'breakpoint' },
  { kind: 'law', reason: 'exception' },
];

export function reasonOf(hits: readonly Hit[]): StopReason {
  return FIRST_TOLD.find(({ kind }) => hits.some((hit) => hit.target.kind === kind))?.reason ?? 'breakpoint';
}

/** `Order 1042: paid -> shipped. Breaks: ...` */
export function stopSentence(point: Point | undefined, violations: readonly Violation[]): string {
  const [first] = violations;
  return first ? `${sentenceOf(point)} · ${first.message}` : sentenceOf(point);
}

/** Underlines the place in the text that is wrong, as compilers do. */
export function pointer(text: string, start: number, end: number): string {
  const before = text.slice(0, start).replace(/[^\t]/g, ' ');
  return `${before}${'^'.repeat(Math.max(1, Math.min(end, text.length) - start))}`;
}
