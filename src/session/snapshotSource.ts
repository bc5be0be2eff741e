// Where snapshots come from, live or at rest, behind one face: a held attach, or a file that someone took earlier.
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type {
  Attachment,
  ByteSink,
  CaptureOptions,
  CaptureResult,
  MemoryTargetOpened,
  TargetAddress,
} from '../acquire/index.ts';
import { isFailure, type Context, type Micros, type SnapshotMethod, type Work } from '../model/index.ts';
import { now } from './clock.ts';
import { headOf, readSnapshotFile } from './snapshotFiles.ts';

/** How the file of a captured memory begins. */
const MEMORY_FILE = 'semstate-memory\n';

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

/**
 * How memory is read: `heap` asks V8 for a heap snapshot; `memory` reads the process from outside and touches nothing in it; `auto`
 * attaches, for the scripts and their maps, and reads the memory where that can be done, else asks V8.
 */
export type SourceMethod = 'auto' | 'heap' | 'memory';
export const SOURCE_METHODS: readonly SourceMethod[] = ['auto', 'heap', 'memory'];

/** @throws Failure `bad-target`, and what attaching throws */
export async function openSnapshotSource(
  target: string,
  work: Work,
  method: SourceMethod = 'heap',
): Promise<SnapshotSource> {
  const acquire = await import('../acquire/index.ts');
  const address = acquire.parseTarget(target);
  if (address.runtime === 'file') return fileSource(address.path);
  if (method === 'memory') return memorySource(await acquire.openMemory(address, {}, work));
  work.progress?.({ phase: 'connect', message: `Attaching to ${acquire.showTarget(address)}` });
  try {
    return attachedSource(await acquire.attach(address, {}, work), method);
  } catch (error) {
    if (method === 'heap' || isFailure(error, 'cancelled')) throw error;
    return memorySource(await withoutInspector(address, error, work));
  }
}

/** A paused container, a program that forbids the inspector: its memory may be readable all the same. @throws `why` where it is not */
async function withoutInspector(address: TargetAddress, why: unknown, work: Work): Promise<MemoryTargetOpened> {
  const { openMemory } = await import('../acquire/index.ts');
  try {
    return await openMemory(address, {}, work);
  } catch {
    throw why;
  }
}

/** Only looked at, never attached to. */
function memorySource({ address, name, image, pid, context, memory }: MemoryTargetOpened): SnapshotSource {
  return {
    address,
    name,
    ...(image !== undefined && { image }),
    pid,
    context,
    expectedBytes: async (work) => (await memory.estimate(work)).snapshotBytes,
    async capture(sink, options, work) {
      const asked = now();
      const result = await memory.capture(sink, options, work);
      return { ...result, time: result.time ?? asked };
    },
    heapIdsHold: () => Promise.resolve(false),
    onClosed: () => () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function attachedSource(attachment: Attachment, method: 'auto' | 'heap'): SnapshotSource {
  const refusal = method === 'auto' ? attachment.memory.refusal() : undefined;
  const fromOutside = method === 'auto' && refusal === undefined;
  const reading = fromOutside ? attachment.memory : attachment.heap;
  return {
    address: attachment.address,
    name: attachment.name,
    ...(attachment.image !== undefined && { image: attachment.image }),
    pid: attachment.process.pid,
    context: attachment.context,
    attachment,
    async expectedBytes(work) {
      work.progress?.({ phase: 'estimate', message: 'Estimating the cost' });
      const estimate = await reading.estimate(work);
      return estimate.snapshotBytes;
    },
    async capture(sink, options, work) {
      if (refusal) work.progress?.({ phase: 'capture', message: `V8 writes a heap snapshot: ${refusal.message}` });
      const asked = now();
      let first: Micros | undefined;
      const result = await reading.capture(
        (chunk) => {
          // V8 writes while the target stands still, so the first piece falls into the pause; what happened before it counts.
          first ??= now();
          return sink(chunk);
        },
        options,
        work,
      );
      return { ...result, time: result.time ?? first ?? asked };
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
      let method: SnapshotMethod | undefined;
      for await (const chunk of bytesOf(path, work)) {
        method ??= chunk.core ? 'core' : isMemory(chunk.bytes) ? 'memory' : 'heap';
        bytes += chunk.bytes.length;
        await sink(chunk.bytes);
      }
      const time = Math.round((statSync(path).mtimeMs || 0) * 1000);
      return { method: method ?? 'heap', bytes, pauseMs: 0, time };
    },
    heapIdsHold: () => Promise.resolve(true),
    onClosed: () => () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function isMemory(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, MEMORY_FILE.length)).toString('latin1') === MEMORY_FILE;
}

/** A core file in the form of a captured memory; any other file as it is. */
async function* bytesOf(
  path: string,
  work: Work,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly core: boolean }, void, undefined> {
  const { isCoreFile, readCoreFile } = await import('../acquire/index.ts');
  const core = isCoreFile(await headOf(path));
  for await (const bytes of core ? readCoreFile(path, work) : readSnapshotFile(path, work)) yield { bytes, core };
}
