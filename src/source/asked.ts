// What a reading asked its host and was told. Asked the same again and told the same, it would come to the same: it need not be done.
import type { SourceHost } from './sourceHost.ts';

export interface Asked {
  /** Answers as the host does, and remembers. */
  readonly host: SourceHost;
  /** Whether another host gives the same answers to all that was asked. */
  isSame(other: SourceHost): boolean;
}

type Question = 'readFile' | 'fileExists' | 'directoryExists' | 'realpath' | 'entries';
type Answer = string | boolean | undefined;

/** Questions between two looks at whether the caller wants to go on. */
const PATIENCE = 256;

export function askedOf(given: SourceHost): Asked {
  const answers = new Map<Question, Map<string, Answer>>();
  const remember = <A>(question: Question, path: string, answer: A, as: Answer): A => {
    const known = answers.get(question) ?? new Map<string, Answer>();
    answers.set(question, known.set(path, as));
    return answer;
  };
  const plainly =
    <A extends Answer>(question: Question, ask: (path: string) => A) =>
    (path: string): A => {
      const answer = ask(path);
      return remember(question, path, answer, answer);
    };
  return {
    host: {
      libraries: given.libraries,
      ...(given.isAllSource && { isAllSource: true }),
      checkCancelled: () => given.checkCancelled(),
      readFile: plainly('readFile', (path) => given.readFile(path)),
      fileExists: plainly('fileExists', (path) => given.fileExists(path)),
      directoryExists: plainly('directoryExists', (path) => given.directoryExists(path)),
      realpath: plainly('realpath', (path) => given.realpath(path)),
      entries(path) {
        const entries = given.entries(path);
        return remember('entries', path, entries, listOf(entries));
      },
    },
    isSame(other) {
      if (other.libraries !== given.libraries || other.isAllSource !== given.isAllSource) return false;
      let asked = 0;
      for (const [question, known] of answers) {
        for (const [path, answer] of known) {
          asked += 1;
          if (asked % PATIENCE === 0) other.checkCancelled();
          if ((question === 'entries' ? listOf(other.entries(path)) : other[question](path)) !== answer) return false;
        }
      }
      return true;
    },
  };
}

function listOf(entries: ReturnType<SourceHost['entries']>): string {
  return entries
    .map(({ name, directory }) => `${name}${directory ? '/' : ''}`)
    .sort()
    .join('\n');
}
