// An engine that restores is busy, and one that is busy may not answer a small question in its time: it is asked again.
import { isFailure, type Work } from '../model/index.ts';

const TRIES = 8;

/** @throws what `ask` throws, but `timeout` only the last time */
export async function patiently<T>(work: Work, ask: () => Promise<T>): Promise<T> {
  for (let turn = 1; ; turn++) {
    try {
      return await ask();
    } catch (error) {
      if (!isFailure(error, 'timeout') || turn === TRIES || work.signal?.aborted) throw error;
    }
  }
}
