// The ways in which memory is read, as the command line names them.
import { Failure, type SnapshotMethod } from '../model/index.ts';
import { SOURCE_METHODS, type SourceMethod } from '../session/index.ts';
import { UsageError } from './command.ts';

export const METHOD_FLAG = {
  value: 'METHOD',
  about:
    'auto (default): read from outside in milliseconds where possible, else by V8. memory: only from outside, without opening the inspector. heap: by V8.',
};

/** Named in the contract and not available. */
const PLANNED: SnapshotMethod = 'objects';

/** @throws UsageError, Failure `not-available` */
export function methodOf(text: string): SourceMethod {
  const known = SOURCE_METHODS.find((method) => method === text);
  if (known) return known;
  if (text === PLANNED)
    throw new Failure('not-available', `The method ${text} is not available yet.`, 'Use --method memory or heap.');
  throw new UsageError(`--method ${text} is none of ${SOURCE_METHODS.join(', ')}.`);
}
