// A core file (of gcore, of the kernel) as a captured memory: its segments become pages, its notes say which binary ran and whether
// the main thread was waiting. The binary must still be where it was, since the constants of V8 stand in it.
import { open, type FileHandle } from 'node:fs/promises';
import { Failure, type Work } from '../../model/index.ts';
import { checkCancelled } from '../deadline.ts';
import type { MemoryBinary } from '../capture.ts';
import { buildIdIn } from './elfConstants.ts';
import { memoryLead } from './memoryFile.ts';
import { PAGE, type PageRun } from './processMaps.ts';
import { findProgram, type WantedProgram } from './programAtRest.ts';
import { WAITING_CALLS } from './stopping.ts';

const CORE = 4;
const LOADED = 1;
const NOTES = 4;
const READABLE = 4;
const HEADER_SIZE = 64;
const ENTRY_SIZE = 56;
const LARGEST_NOTES = 64 * 1024 * 1024;
const CHUNK = 1024 * 1024;
/** Headers and notes stand at its beginning. */
const MOST_OF_PROGRAM = 64 * 1024;
/** Kinds of notes: state of a thread, of the process, list of mapped files. */
const THREAD = 1;
const PROCESS = 3;
const FILES = 0x46494c45;
/** In those notes (x64): number of the thread, its system call; number of the process. */
const THREAD_ID = 32;
const SYSTEM_CALL = 112 + 15 * 8;
const PROCESS_ID = 24;

interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

interface MappedFile {
  readonly from: number;
  readonly to: number;
  /** Pages of the file before this part. */
  readonly offset: number;
  readonly path: string;
}

interface CoreNotes {
  readonly files: readonly MappedFile[];
  readonly safe: boolean;
}

/** Whether these are the first bytes of a core file. */
export function isCoreFile(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46 && head[16] === CORE;
}

/** The memory in the captured form, piece by piece. @throws Failure `snapshot-unreadable`, `memory-unknown-binary`, `cancelled` */
export async function* readCoreFile(path: string, work: Work): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path, 'r');
  try {
    const segments = await readSegments(file, path);
    const { files, safe } = await readNotes(file, segments);
    const { constants } = findProgram(path, await programsIn(file, segments, files));
    const own = segments.filter((s) => isOwn(s, files)).sort((a, b) => a.address - b.address);
    const runs = own.map(({ address, size }): PageRun => ({ address, pages: Math.floor(size / PAGE) }));
    const total = runs.reduce((sum, { pages }) => sum + pages * PAGE, 0);
    yield memoryLead({ constants, runs, safe, target: { target: `file:${path}` }, scripts: [] });
    let done = 0;
    for (const { offset, size } of own) {
      const end = Math.floor(size / PAGE) * PAGE;
      for (let at = 0; at < end; at += CHUNK) {
        checkCancelled(work);
        const chunk = Buffer.alloc(Math.min(CHUNK, end - at));
        await file.read(chunk, 0, chunk.length, offset + at);
        yield chunk;
        done += chunk.length;
      }
      work.progress?.({ phase: 'parse', message: 'Reading the core file', done, total });
    }
  } finally {
    await file.close();
  }
}

function unreadable(path: string, why: string): Failure {
  return new Failure(
    'snapshot-unreadable',
    `${path} cannot be read: ${why}.`,
    'Give a core file of a 64-bit Linux process, whole; `gcore PID` writes one.',
  );
}

const long = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64LE(at));

async function bytesAt(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
  return buffer.subarray(0, bytesRead);
}

async function readSegments(file: FileHandle, path: string): Promise<Segment[]> {
  const head = await bytesAt(file, 0, HEADER_SIZE);
  if (head.length < HEADER_SIZE || !isCoreFile(head) || head[4] !== 2 || head[5] !== 1)
    throw unreadable(path, 'it is no 64-bit core file');
  const count = head.readUInt16LE(56);
  if (count === 0xffff) throw unreadable(path, 'it has more segments than can be listed');
  const table = await bytesAt(file, long(head, 32), count * ENTRY_SIZE);
  return Array.from({ length: Math.floor(table.length / ENTRY_SIZE) }, (_, n) => {
    const at = n * ENTRY_SIZE;
    return {
      type: table.readUInt32LE(at),
      flags: table.readUInt32LE(at + 4),
      offset: long(table, at + 8),
      address: long(table, at + 16),
      size: long(table, at + 32),
    };
  });
}

function isOwn({ type, flags, address, size }: Segment, files: CoreNotes['files']): boolean {
  if (type !== LOADED || (flags & READABLE) === 0 || size < PAGE || address % PAGE !== 0 || address >= 2 ** 47)
    return false;
  return !files.some(({ from, to }) => address >= from && address < to);
}

async function readNotes(file: FileHandle, segments: readonly Segment[]): Promise<CoreNotes> {
  let files: CoreNotes['files'] = [];
  let pid = 0;
  const calls = new Map<number, number>();
  for (const { type, offset, size } of segments) {
    if (type !== NOTES) continue;
    const notes = await bytesAt(file, offset, Math.min(size, LARGEST_NOTES));
    for (let at = 0; at + 12 <= notes.length;) {
      const start = at + 12 + Math.ceil(notes.readUInt32LE(at) / 4) * 4;
      const length = notes.readUInt32LE(at + 4);
      const kind = notes.readUInt32LE(at + 8);
      const note = notes.subarray(start, start + length);
      if (kind === THREAD && note.length >= SYSTEM_CALL + 8)
        calls.set(note.readUInt32LE(THREAD_ID), note.readUInt32LE(SYSTEM_CALL));
      else if (kind === PROCESS && note.length >= PROCESS_ID + 4) pid = note.readUInt32LE(PROCESS_ID);
      else if (kind === FILES) files = filesIn(note);
      at = start + Math.ceil(length / 4) * 4;
    }
  }
  return { files, safe: WAITING_CALLS['x64']?.includes(calls.get(pid) ?? -1) ?? false };
}

/** Count, size of a page, then from, to and offset of each; then the paths, each ended by a zero. */
function filesIn(note: Buffer): CoreNotes['files'] {
  if (note.length < 16) return [];
  const count = Math.min(long(note, 0), Math.floor((note.length - 16) / 24));
  const paths = note.toString('utf8', 16 + count * 24).split('\0');
  return Array.from({ length: count }, (_, n) => ({
    from: long(note, 16 + n * 24),
    to: long(note, 24 + n * 24),
    offset: long(note, 32 + n * 24),
    path: paths[n] ?? '',
  }));
}

/** The files that were mapped; what tells one from others of its name is in the first page of each, which a core file keeps. */
async function programsIn(
  file: FileHandle,
  segments: readonly Segment[],
  files: CoreNotes['files'],
): Promise<WantedProgram[]> {
  const wanted = new Map<string, WantedProgram>();
  for (const { path, from, offset } of files) {
    if (offset !== 0 || wanted.has(path)) continue;
    const first = segments.find(({ type, address, size }) => type === LOADED && address === from && size >= PAGE);
    const head = first ? await bytesAt(file, first.offset, Math.min(first.size, MOST_OF_PROGRAM)) : undefined;
    wanted.set(path, { path, buildId: (head && buildIdIn(head)) ?? '' });
  }
  return [...wanted.values()];
}

/** The program it was made of. @throws as `readCoreFile` */
export async function binaryOfCore(path: string): Promise<MemoryBinary> {
  const file = await open(path, 'r');
  try {
    const segments = await readSegments(file, path);
    const { files } = await readNotes(file, segments);
    return findProgram(path, await programsIn(file, segments, files)).binary;
  } finally {
    await file.close();
  }
}
