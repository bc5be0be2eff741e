// The timeline that a command reads.
import { UsageError } from '../command.ts';

/** @throws UsageError */
export function storeOf(one: (flag: string) => string | undefined): string {
  const store = one('store');
  if (store === undefined) throw new UsageError('--store FILE is missing.');
  return store;
}
