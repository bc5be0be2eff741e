// Taking the memory of a process as a snapshot: what it needs is probed first, room is made, then the process stands still only while its
// pages are copied. Nothing runs in the target, so it grows by nothing. What the bytes mean is the parser's business.
import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import type { Failure, Work } from '../../model/index.ts';
import type { CostEstimate } from '../attachment.ts';
import type {
  ByteSink,
  CaptureOptions,
  CaptureResult,
  MemoryBinary,
  MemoryReading,
  SnapshotNotes,
} from '../capture.ts';
import { checkCancelled } from '../deadline.ts';
import { captureFailed, targetGone } from '../failures.ts';
import { probeMemory } from './access.ts';
import { Arena } from './arena.ts';
import { buildOf } from './elfConstants.ts';
import { memoryLead } from './memoryFile.ts';
import { isOwnMemory, type Mapping, mappingsOf, PAGE, pagesIn, pagesOf, type PageRun } from './processMaps.ts';
import { memoryNotHere, neverIdle, noRoom } from './refusals.ts';
import { whileStopped } from './stopping.ts';

/** How long a moment is waited for in which the program is idle. */
const TRY_MS = 3000;
/** Bytes copied in a millisecond by one reader on an ordinary machine. */
const SPEED = 1.5e6;
/** Bytes handed on at once. */
const CHUNK = 1024 * 1024;

export interface MemoryTarget {
  readonly name: string;
  /** The process by this machine's number; undefined where it runs on another machine. */
  readonly hostPid: number | undefined;
  /** Said in the file: the target, and its scripts where they are known. Read after the copy. */
  notes(work: Work): Promise<Pick<SnapshotNotes, 'target' | 'scripts'>>;
}

export class MemoryCapture implements MemoryReading {
  readonly #target: MemoryTarget;

  constructor(target: MemoryTarget) {
    this.#target = target;
  }

  refusal(): Promise<Failure | undefined> {
    const { hostPid } = this.#target;
    if (hostPid === undefined)
      return Promise.resolve(memoryNotHere('the process runs on another machine, or its number here is not known'));
    const access = probeMemory(hostPid);
    return Promise.resolve('refusal' in access ? access.refusal : undefined);
  }

  binary(): Promise<MemoryBinary | undefined> {
    const { hostPid } = this.#target;
    const access = hostPid === undefined ? undefined : probeMemory(hostPid);
    if (!access || 'refusal' in access) return Promise.resolve(undefined);
    return Promise.resolve({ path: access.path, id: buildOf(access.constants) });
  }

  /** @throws Failure `memory-out-of-reach`, `memory-permission`, `memory-unknown-binary`, `target-gone` */
  estimate(): Promise<CostEstimate> {
    const { hostPid } = this.#open();
    return Promise.resolve(estimateOf(sizeOf(this.#plan(hostPid))));
  }

  #open(): { readonly hostPid: number; readonly constants: { readonly [name: string]: number } } {
    const { hostPid } = this.#target;
    if (hostPid === undefined)
      throw memoryNotHere('the process runs on another machine, or its number here is not known');
    const access = probeMemory(hostPid);
    if ('refusal' in access) throw access.refusal;
    return { hostPid, constants: access.constants.values };
  }

  #plan(pid: number): PageRun[] {
    try {
      return pagesOf(pid, mappingsOf(pid));
    } catch (error) {
      throw gone(pid, error);
    }
  }

  #mappings(pid: number): Mapping[] {
    try {
      return mappingsOf(pid);
    } catch (error) {
      throw gone(pid, error);
    }
  }

  async capture(sink: ByteSink, options: CaptureOptions, work: Work): Promise<CaptureResult> {
    const { hostPid: pid, constants } = this.#open();
    work.progress?.({ phase: 'capture', message: 'Reading the memory of the target' });
    const arena = arenaFor(sizeOf(this.#plan(pid)));
    checkCancelled(work);
    const before = residentBytes(pid);
    const force = options.force === true;
    const stopped = await whileStopped(pid, { tryMs: TRY_MS, force }, work, () => {
      const mappings = this.#mappings(pid);
      const runs = pagesOf(pid, mappings);
      arena.copy(pid, runs);
      return { runs, mapped: mappings.filter(isOwnMemory).map(pagesIn) };
    });
    if (!stopped) throw neverIdle(pid, TRY_MS / 1000);
    const after = residentBytes(pid);
    if (arena.bytes === 0) throw captureFailed('the target has no memory to read');
    const { target, scripts } = await this.#target.notes(work);
    const lead = memoryLead({ constants, ...stopped.value, safe: stopped.safe, target, scripts });
    const bytes = await write(sink, lead, arena, work);
    return {
      method: 'memory',
      bytes,
      pauseMs: Math.round(stopped.pauseMs * 10) / 10,
      time: stopped.time,
      ...(before !== undefined && after !== undefined && { targetGrowthBytes: Math.max(0, after - before) }),
    };
  }
}

/** @param bytes to be copied */
export function estimateOf(bytes: number): CostEstimate {
  const pauseMs = Math.ceil(bytes / SPEED);
  const megabytes = Math.round(bytes / 1e6);
  return {
    heapBytes: bytes,
    snapshotBytes: bytes,
    pauseMs,
    growthBytes: 0,
    fits: true,
    text: `Reading ${megabytes} MB of memory stops the target for about ${pauseMs} ms and adds nothing to it.`,
  };
}

/** Room for the copy, before anything is stopped. @throws Failure `memory-no-room` */
function arenaFor(bytes: number): Arena {
  const free = process.availableMemory?.() ?? freemem();
  if (free < bytes) throw noRoom(bytes, free);
  try {
    return new Arena(bytes);
  } catch {
    throw noRoom(bytes, free);
  }
}

async function write(sink: ByteSink, lead: Buffer, arena: Arena, work: Work): Promise<number> {
  const total = lead.length + arena.bytes;
  await sink(lead);
  let done = lead.length;
  for (const piece of arena.pieces()) {
    for (let at = 0; at < piece.length; at += CHUNK) {
      checkCancelled(work);
      const chunk = piece.subarray(at, at + CHUNK);
      await sink(chunk);
      done += chunk.length;
      work.progress?.({ phase: 'parse', message: 'Reading the snapshot', done, total });
    }
  }
  return total;
}

function sizeOf(runs: readonly PageRun[]): number {
  return runs.reduce((sum, { pages }) => sum + pages * PAGE, 0);
}

function gone(pid: number, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ESRCH') return targetGone(`process ${pid}`, 'it ended');
  return captureFailed(`its memory cannot be listed: ${String(error)}`, error);
}

function residentBytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
