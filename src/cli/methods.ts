// The ways in which memory is read, as the command line names them.
import { SOURCE_METHODS, type SourceMethod } from '../session/index.ts';
import { UsageError } from './command.ts';

export const METHOD_FLAG = {
  value: 'METHOD',
  about:
    'auto (default): read from outside in milliseconds where possible, else by V8. memory: only from outside, without opening the inspector. heap: by V8. objects: walked through the inspector, a few milliseconds at a time.',
};

/** @throws UsageError */
export function methodOf(text: string): SourceMethod {
  const known = SOURCE_METHODS.find((method) => method === text);
  if (known) return known;
  throw new UsageError(`--method ${text} is none of ${SOURCE_METHODS.join(', ')}.`);
}
