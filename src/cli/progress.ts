// Progress on stderr: one line that is written over on a terminal, one line for each phase elsewhere.
import type { Progress } from '../model/index.ts';
import type { Io } from './io.ts';
import { harmless } from './text.ts';

/** How often a line on a terminal may change. */
const LEAST_MS = 80;

export interface ProgressLine {
  readonly show: (progress: Progress) => void;
  /** A line of its own, above what is in progress. */
  say(text: string): void;
  clear(): void;
}

export function createProgress(stderr: Io['stderr'], quiet: boolean): ProgressLine {
  let shown = '';
  let phase = '';
  let last = 0;
  const clear = (): void => {
    if (shown !== '') stderr.write('\r\u001b[2K');
    shown = '';
  };
  return {
    clear,
    say(text) {
      clear();
      stderr.write(`${text}\n`);
    },
    show(progress) {
      if (quiet) return;
      const text = lineOf(progress);
      if (stderr.isTTY) {
        const now = performance.now();
        if (progress.message === phase && now - last < LEAST_MS) return;
        last = now;
        phase = progress.message;
        const line = text.slice(0, Math.max(20, (stderr.columns ?? 80) - 1));
        if (line !== shown) stderr.write(`\r\u001b[2K${line}`);
        shown = line;
      } else if (progress.message !== phase) {
        phase = progress.message;
        stderr.write(`${harmless(progress.message)} ...\n`);
      }
    },
  };
}

function lineOf({ message, done, total }: Progress): string {
  const share = done !== undefined && total ? ` ${Math.min(100, Math.floor((done / total) * 100))} %` : '';
  return `${harmless(message)} ...${share}`;
}
