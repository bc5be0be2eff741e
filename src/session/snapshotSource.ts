// Where snapshots come from, live or at rest, behind one face: a held attach, or a file that someone took earlier.
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type {
  Attachment,
  ByteSink,
  CaptureOptions,
  CaptureResult,
  MemoryBinary,
  MemoryReading,
  MemoryTargetOpened,
  TargetAddress,
} from '../acquire/index.ts';
import { isFailure, type Context, type Failure, type Micros, type SnapshotMethod, type Work } from '../model/index.ts';
import { now } from './clock.ts';
import { headOf, readSnapshotFile } from './snapshotFiles.ts';
import { distrust } from './trust/index.ts';

/** How files of our own forms begin; any other is V8's. */
const FORMS: readonly (readonly [string, SnapshotMethod])[] = [
  ['semstate-memory\n', 'memory'],
  ['semstate-object\n', 'objects'],
];

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
  /** What a kept snapshot is called after. */
  readonly extension: '.heapsnapshot' | '.memory' | '.objects';
  /** Bytes that the next snapshot will have, roughly. */
  expectedBytes(work: Work): Promise<number>;
  capture(sink: ByteSink, options: CaptureOptions, work: Work): Promise<Captured>;
  heapIdsHold(work: Work): Promise<boolean>;
  onClosed(listener: (reason: string) => void): () => void;
}

/**
 * How memory is read: `heap` asks V8 for a heap snapshot; `memory` reads the process from outside and touches nothing in it; `auto`
 * attaches, for the scripts and their maps, and reads the memory where that can be done, else asks V8; `objects` walks through the
 * objects by the inspector, in slices of milliseconds, and finds what globals, modules, handles and closures lead to.
 */
export type SourceMethod = 'auto' | 'heap' | 'memory' | 'objects';
export const SOURCE_METHODS: readonly SourceMethod[] = ['auto', 'heap', 'memory', 'objects'];

/** @throws Failure `bad-target`, and what attaching throws */
export async function openSnapshotSource(
  target: string,
  work: Work,
  method: SourceMethod = 'auto',
): Promise<SnapshotSource> {
  const acquire = await import('../acquire/index.ts');
  const address = acquire.parseTarget(target);
  if (address.runtime === 'file') return fileSource(address.path);
  if (method === 'memory') {
    const opened = await acquire.openMemory(address, {}, work);
    const refusal = await untrusted(opened.memory, work);
    if (refusal) throw refusal;
    return memorySource(opened);
  }
  work.progress?.({ phase: 'connect', message: `Attaching to ${acquire.showTarget(address)}` });
  try {
    const attachment = await acquire.attach(address, {}, work);
    try {
      const refusal = method === 'auto' ? await untrusted(attachment.memory, work) : undefined;
      return attachedSource(attachment, method, refusal);
    } catch (error) {
      await attachment[Symbol.asyncDispose]();
      throw error;
    }
  } catch (error) {
    if (method !== 'auto' || isFailure(error, 'cancelled')) throw error;
    return memorySource(await withoutInspector(address, error, work));
  }
}

/** A paused container, a program that forbids the inspector: its memory may be readable all the same. @throws `why` where it is not */
async function withoutInspector(address: TargetAddress, why: unknown, work: Work): Promise<MemoryTargetOpened> {
  const { openMemory } = await import('../acquire/index.ts');
  let opened: MemoryTargetOpened;
  try {
    opened = await openMemory(address, {}, work);
  } catch {
    throw why;
  }
  if (await untrusted(opened.memory, work)) throw why;
  return opened;
}

/** Why the memory cannot be read, or must not be relied on. */
async function untrusted(memory: MemoryReading, work: Work): Promise<Failure | undefined> {
  const refusal = await memory.refusal(work);
  if (refusal) return refusal;
  const binary = await memory.binary(work);
  return binary && distrust(binary, work);
}

/** Only looked at, never attached to. */
function memorySource({ address, name, image, pid, context, memory }: MemoryTargetOpened): SnapshotSource {
  return {
    address,
    name,
    ...(image !== undefined && { image }),
    pid,
    context,
    extension: '.memory',
    expectedBytes: async (work) => (await memory.estimate(work)).snapshotBytes,
    async capture(sink, options, work) {
      const asked = now();
      const result = await memory.capture(sink, options, work);
      return { ...result, time: result.time ?? asked };
    },
    heapIdsHold: () => Promise.resolve(true),
    onClosed: () => () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** @param refusal why `auto` does not read the memory */
export function attachedSource(
  attachment: Attachment,
  method: Exclude<SourceMethod, 'memory'>,
  refusal: Failure | undefined,
): SnapshotSource {
  const fromOutside = method === 'auto' && refusal === undefined;
  const { heap, memory } = attachment;
  const reading = method === 'objects' ? attachment.objects : fromOutside ? memory : heap;
  let looked: SnapshotMethod | undefined;
  /** V8 would take more memory than there is: the objects are walked then, but not after snapshots that showed more. */
  const withoutRoom = (why: unknown, sink: ByteSink, options: CaptureOptions, work: Work): Promise<CaptureResult> => {
    if (!isFailure(why, 'no-headroom') || (looked ?? 'objects') !== 'objects') throw why;
    work.progress?.({ phase: 'capture', message: `The objects are walked instead: ${why.message}` });
    return attachment.objects.capture(sink, options, work);
  };
  const askV8 = (why: Failure, work: Work): void =>
    work.progress?.({ phase: 'capture', message: `V8 writes a heap snapshot: ${why.message}` });
  return {
    address: attachment.address,
    name: attachment.name,
    ...(attachment.image !== undefined && { image: attachment.image }),
    pid: attachment.process.pid,
    context: attachment.context,
    attachment,
    extension: method === 'objects' ? '.objects' : fromOutside ? '.memory' : '.heapsnapshot',
    async expectedBytes(work) {
      work.progress?.({ phase: 'estimate', message: 'Estimating the cost' });
      const estimate = await reading.estimate(work);
      return estimate.snapshotBytes;
    },
    async capture(sink, options, work) {
      if (refusal) askV8(refusal, work);
      const asked = now();
      let first: Micros | undefined;
      const timed: ByteSink = (chunk) => {
        // V8 writes while the target stands still, so the first piece falls into the pause; what happened before it counts.
        first ??= now();
        return sink(chunk);
      };
      const result = await reading.capture(timed, options, work).catch((error: unknown) => {
        if (method !== 'auto' || first !== undefined) throw error;
        // V8 itself waits for its turn in the event loop, so it can be asked where no idle moment came.
        if (!isFailure(error, 'memory-never-idle')) return withoutRoom(error, timed, options, work);
        askV8(error, work);
        return heap.capture(timed, options, work).catch((why: unknown) => withoutRoom(why, timed, options, work));
      });
      looked ??= result.method;
      return { ...result, time: result.time ?? first ?? asked };
    },
    // Things are told by type and key; V8's own numbers for objects are not in the memory.
    heapIdsHold: (work) => (reading === heap ? attachment.heapIdsHold(work) : Promise.resolve(true)),
    onClosed: (listener) => attachment.onClosed(listener),
    [Symbol.asyncDispose]: () => attachment[Symbol.asyncDispose](),
  };
}

/** A file has one snapshot in it, of the time at which it was written. */
function fileSource(path: string): SnapshotSource {
  return {
    address: `file:${path}`,
    name: basename(path),
    extension: '.heapsnapshot',
    expectedBytes: () => Promise.resolve(sizeAtRest(path)),
    async capture(sink, _options, work) {
      let bytes = 0;
      const rest = await contentOf(path, work);
      let { method } = rest;
      for await (const chunk of rest.bytes) {
        if (bytes === 0) method ??= formOf(chunk);
        bytes += chunk.length;
        await sink(chunk);
      }
      const time = Math.round((statSync(path).mtimeMs || 0) * 1000);
      return { method: method ?? 'heap', bytes, pauseMs: 0, time };
    },
    heapIdsHold: () => Promise.resolve(true),
    onClosed: () => () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Of a folder, as Docker keeps a checkpoint, all of its files. */
function sizeAtRest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.size ?? 0;
  return readdirSync(path).reduce((sum, name) => sum + (statSync(join(path, name)).size || 0), 0);
}

function formOf(head: Uint8Array): SnapshotMethod | undefined {
  const text = Buffer.from(head.subarray(0, 64)).toString('latin1');
  return FORMS.find(([begin]) => text.startsWith(begin))?.[1];
}

interface Content {
  readonly bytes: AsyncGenerator<Uint8Array, void, undefined>;
  /** Undefined where the bytes themselves say it. */
  readonly method?: SnapshotMethod;
}

/** Core files and checkpoints in the form of a captured memory; any other file as it is. @throws Failure `memory-self-test`, of reading */
async function contentOf(path: string, work: Work): Promise<Content> {
  const { binaryOfCore, isCheckpoint, isCoreFile, openCheckpoint, readCoreFile } = await import('../acquire/index.ts');
  if (await isCheckpoint(path)) {
    const { binary, bytes } = await openCheckpoint(path, work);
    await mustTrust(binary, work);
    return { bytes, method: 'checkpoint' };
  }
  if (!isCoreFile(await headOf(path))) return { bytes: readSnapshotFile(path, work) };
  await mustTrust(await binaryOfCore(path), work);
  return { bytes: readCoreFile(path, work), method: 'core' };
}

async function mustTrust(binary: MemoryBinary, work: Work): Promise<void> {
  const refusal = await distrust(binary, work);
  if (refusal) throw refusal;
}
