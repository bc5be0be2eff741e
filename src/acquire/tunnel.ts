// Leaving a tunnel: its far end is told by the end of its stdin and given a moment to put the target back as it was.
import type { Duplex } from 'node:stream';

// The relay needs some 150 ms to close an inspector that it opened; a target that is busy keeps its relay longer, alone.
const PARTING_MS = 3000;

/** Done when the far end is gone, or when it has had its time. Never throws. */
export async function finish(stream: Duplex): Promise<void> {
  if (!stream.destroyed) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PARTING_MS);
      const gone = (): void => {
        clearTimeout(timer);
        resolve();
      };
      stream.once('close', gone);
      stream.once('end', gone);
      stream.resume();
      stream.end();
    });
  }
  stream.destroy();
}
