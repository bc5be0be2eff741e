// Where snapshots come from, live or at rest, behind one face: a held attach, or a file that someone took earlier.
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Attachment, ByteSink, CaptureOptions, CaptureResult } from '../acquire/index.ts';
import type { Context, Micros, Work } from '../model/index.ts';
import { now } from './clock.ts';
import { readSnapshotFile } from './snapshotFiles.ts';

export interface Captured extends CaptureResult {
  /** When the target stood still. */
  readonly time: Micros;
}

export interface SnapshotSource extends AsyncDisposable {
  readonly address: string;
  readonly name: string;
  readonly image?: string;
  readonly pid?: number;
  readonly context?: Context;
  /** Where a process is attached to, not for files. */
  readonly attachment?: Attachment;
  /** Bytes that the next snapshot will have, roughly. */
  expectedBytes(work: Work): Promise<number>;
  capture(sink: ByteSink, options: CaptureOptions, work: Work): Promise<Captured>;
  heapIdsHold(work: Work): Promise<boolean>;
  onClosed(listener: (reason: string) => void): () => void;
}

/** @throws Failure `bad-target`, and what attaching throws */
export async function openSnapshotSource(target: string, work: Work): Promise<SnapshotSource> {
  const acquire = await import('../acquire/index.ts');
  const address = acquire.parseTarget(target);
  if (address.runtime === 'file') return fileSource(address.path);
  work.progress?.({ phase: 'connect', message: `Attaching to ${acquire.showTarget(address)}` });
  return attachedSource(await acquire.attach(address, {}, work));
}

function attachedSource(attachment: Attachment): SnapshotSource {
  return {
    address: attachment.address,
    name: attachment.name,
    ...(attachment.image !== undefined && { image: attachment.image }),
    pid: attachment.process.pid,
    context: attachment.context,
    attachment,
    async expectedBytes(work) {
      work.progress?.({ phase: 'estimate', message: 'Estimating the cost' });
      const estimate = await attachment.heap.estimate(work);
      return estimate.snapshotBytes;
    },
    async capture(sink, options, work) {
      const asked = now();
      let first: Micros | undefined;
      const result = await attachment.heap.capture(
        (chunk) => {
          // V8 writes while the target stands still, so the first piece falls into the pause; what happened before it counts.
          first ??= now();
          return sink(chunk);
        },
        options,
        work,
      );
      return { ...result, time: first ?? asked };
    },
    heapIdsHold: (work) => attachment.heapIdsHold(work),
    onClosed: (listener) => attachment.onClosed(listener),
    [Symbol.asyncDispose]: () => attachment[Symbol.asyncDispose](),
  };
}

/** A file has one snapshot in it, of the time at which it was written. */
function fileSource(path: string): SnapshotSource {
  const size = (): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return {
    address: `file:${path}`,
    name: basename(path),
    expectedBytes: () => Promise.resolve(size()),
    async capture(sink, _options, work) {
      let bytes = 0;
      for await (const chunk of readSnapshotFile(path, work)) {
        bytes += chunk.length;
        await sink(chunk);
      }
      const time = Math.round((statSync(path).mtimeMs || 0) * 1000);
      return { method: 'heap', bytes, pauseMs: 0, time };
    },
    heapIdsHold: () => Promise.resolve(true),
    onClosed: () => () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
