// Every link of the chain ends: by its result, by its deadline, or because whoever asked for it called it off.
import { cancelled } from '../model/index.ts';
import type { Work } from '../model/index.ts';
import { timedOut } from './failures.ts';

/** Throws `cancelled` where the work was called off before it began. */
export function checkCancelled(work: Work | undefined): void {
  if (work?.signal?.aborted) throw cancelled();
}

/**
 * Runs `start` with a signal that fires at the deadline and at cancellation; what `start` opened is its own to close when it fires.
 * @param what completes the sentence "... took longer than 3 s"
 * @throws Failure `timeout`, `cancelled`, and whatever `start` throws
 */
export async function within<T>(
  what: string,
  ms: number,
  work: Work | undefined,
  start: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  checkCancelled(work);
  const stop = new AbortController();
  const outer = work?.signal;
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const ended = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(timedOut(what, ms));
      stop.abort();
    }, ms);
    onAbort = () => {
      reject(cancelled());
      stop.abort();
    };
    outer?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([start(stop.signal), ended]);
  } finally {
    clearTimeout(timer);
    if (onAbort) outer?.removeEventListener('abort', onAbort);
  }
}

/** Maps with at most `width` at a time, results in order. */
export async function mapBounded<A, B>(
  items: readonly A[],
  width: number,
  map: (item: A) => Promise<B>,
): Promise<readonly B[]> {
  const results = new Array<B>(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) {
      const item = items[i];
      if (item !== undefined) results[i] = await map(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
