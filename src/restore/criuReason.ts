// Why CRIU would not: engines only pass on where its log lies, and the log says it in the last lines that begin with an error.
import { readFileSync } from 'node:fs';
import { messageOf } from '../model/index.ts';

const MOST_LINES = 2;

/** The engine's words, with CRIU's own where its log can be read. */
export function criuReason(error: unknown): string {
  const text = messageOf(error);
  if (/executable file not found|no such file or directory.*criu|criu.*not found|requires at least CRIU/i.test(text))
    return `CRIU is not installed where the engine runs, or is too old for its kernel (${text})`;
  const log = /(\/\S+\.log)/.exec(text)?.[1];
  const said = log === undefined ? [] : errorsIn(log);
  return said.length > 0 ? `CRIU says: ${said.join('; ')}` : text;
}

function errorsIn(path: string): string[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    // The first error is the cause, the last ones its consequences; limits of CRIU's own process are no error of the dump.
    const errors = lines.flatMap((line) => /Error \([^)]*\): (.+)$/.exec(line)?.[1] ?? []);
    return errors.filter((line) => !line.startsWith('rlimit')).slice(0, MOST_LINES);
  } catch {
    return [];
  }
}
