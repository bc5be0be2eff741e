// What a command talks to: two streams, a way to be interrupted. Given from outside, so that tests need no process.
import type { Writable } from 'node:stream';

export interface Io {
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Calls back each time the user asks for the end (SIGINT, SIGTERM, a reader that went away). */
  onInterrupt(listener: () => void): () => void;
}

/** Exit statuses of the contract. */
export const STATUS = { done: 0, found: 1, usage: 2, unreachable: 3, interrupted: 4 } as const;
export type Status = (typeof STATUS)[keyof typeof STATUS];

/** Writes all of a text, in pieces, and waits where the reader is slow. */
export async function print(stream: Writable, text: string): Promise<void> {
  const size = 1 << 20;
  for (let at = 0; at < text.length; at += size) {
    // A stream that was closed drops what comes; the interrupt is told by whoever owns it.
    if (stream.destroyed || stream.writableEnded) return;
    if (stream.write(text.slice(at, at + size))) continue;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stream.off('drain', done).off('close', done).off('error', done);
        resolve();
      };
      stream.on('drain', done).on('close', done).on('error', done);
    });
  }
}
