// A checkpoint of CRIU as a captured memory: the folder that Docker keeps, or the tar that Podman and the kubelet write, packed or not.
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as zlib from 'node:zlib';
import { Failure, type Work } from '../../../model/index.ts';
import type { MemoryBinary } from '../../capture.ts';
import { checkCancelled } from '../../deadline.ts';
import { memoryLead } from '../memoryFile.ts';
import { PAGE } from '../processMaps.ts';
import { findProgram, type ProgramAtRest } from '../programAtRest.ts';
import { type CriuProcess, processesOf } from './criuImages.ts';
import { filesOfTar, isTar } from './tarFile.ts';

const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];
const HEAD = 512;
const CHUNK = 1024 * 1024;
/** Images beside the pages; a list of pages of a large process is a few megabytes. */
const LARGEST_IMAGE = 256 * 1024 * 1024;
/** What is read of them. */
const IMAGES = /^(pagemap-\d+|mm-\d+|core-\d+|pstree|files)\.img$/;
/** Absent in Node.js before 22.15. */
const createUnzstd: typeof zlib.createZstdDecompress | undefined = zlib.createZstdDecompress;

/** Whether the path is a checkpoint. Never throws. */
export async function isCheckpoint(path: string): Promise<boolean> {
  try {
    if (statSync(path).isDirectory()) return readdirSync(path).some((name) => /^pagemap-\d+\.img$/.test(name));
    for await (const piece of unpacked(path)) return isTar(piece.subarray(0, HEAD));
    return false;
  } catch {
    return false;
  }
}

export interface CheckpointBytes {
  readonly binary: MemoryBinary;
  readonly bytes: AsyncGenerator<Uint8Array, void, undefined>;
}

/** @throws Failure `snapshot-unreadable`, `memory-unknown-binary`; the bytes also throw `cancelled` */
export async function openCheckpoint(path: string, work: Work): Promise<CheckpointBytes> {
  const processes = processesOf(await imagesOf(path, work));
  if (processes.length === 0) throw unreadable(path, 'there is no process in it');
  const { process, program } = choose(path, processes);
  if (process.elsewhere > 0)
    throw unreadable(path, `${process.elsewhere} of its pages are in the checkpoint that it builds upon`);
  return { binary: program.binary, bytes: bytesOf(path, process, program, work) };
}

/** The first process whose program is a Node.js that is known. */
function choose(
  path: string,
  processes: readonly CriuProcess[],
): { readonly process: CriuProcess; readonly program: ProgramAtRest } {
  let failed: unknown;
  for (const process of processes) {
    if (!process.program) continue;
    try {
      return { process, program: findProgram(path, [process.program]) };
    } catch (error) {
      // The shell that started it, say; what is said is of the program that looks most like a Node.js.
      if (failed === undefined || /node/i.test(process.program.path)) failed = error;
    }
  }
  throw failed ?? unreadable(path, 'it does not say which program it is of');
}

async function* bytesOf(
  path: string,
  { pid, pagesId, runs, mapped, safe }: CriuProcess,
  { constants }: ProgramAtRest,
  work: Work,
): AsyncGenerator<Uint8Array, void, undefined> {
  const total = runs.reduce((sum, { pages }) => sum + pages * PAGE, 0);
  const target = { target: `file:${path}`, pid: String(pid) };
  yield memoryLead({ constants, runs, mapped, safe, target, scripts: [] });
  let done = 0;
  for await (const piece of pagesOf(path, `pages-${pagesId}.img`)) {
    checkCancelled(work);
    yield piece;
    done += piece.length;
    work.progress?.({ phase: 'parse', message: 'Reading the checkpoint', done, total });
  }
}

async function imagesOf(path: string, work: Work): Promise<Map<string, Buffer>> {
  const images = new Map<string, Buffer>();
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path)) if (IMAGES.test(name)) images.set(name, await readFile(join(path, name)));
    return images;
  }
  try {
    for await (const { name, size, content } of filesOfTar(unpacked(path))) {
      checkCancelled(work);
      if (!IMAGES.test(basename(name)) || size > LARGEST_IMAGE) continue;
      const parts: Buffer[] = [];
      for await (const piece of content()) parts.push(Buffer.from(piece));
      images.set(basename(name), Buffer.concat(parts));
    }
  } catch (error) {
    // A torn archive: what came before the tear may be enough to say more.
    if (error instanceof Failure) throw error;
  }
  return images;
}

async function* pagesOf(path: string, wanted: string): AsyncGenerator<Uint8Array, void, undefined> {
  if (statSync(path).isDirectory()) {
    yield* createReadStream(join(path, wanted), { highWaterMark: CHUNK }) as AsyncIterable<Buffer>;
    return;
  }
  try {
    for await (const { name, content } of filesOfTar(unpacked(path))) {
      if (basename(name) !== wanted) continue;
      yield* content();
      return;
    }
  } catch (error) {
    throw unreadable(path, `it is damaged (${String(error)})`);
  }
}

/** The bytes of a file, unpacked where it is packed. */
async function* unpacked(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await open(path, 'r');
  const head = Buffer.alloc(4);
  await handle.read(head, 0, 4, 0).finally(() => handle.close());
  const starts = (magic: readonly number[]): boolean => magic.every((byte, n) => head[n] === byte);
  const file = createReadStream(path, { highWaterMark: CHUNK });
  const unpack = starts(GZIP) ? zlib.createGunzip() : starts(ZSTD) ? createUnzstd?.() : undefined;
  try {
    const bytes = unpack ? file.on('error', (error) => unpack.destroy(error)).pipe(unpack) : file;
    yield* bytes as AsyncIterable<Buffer>;
  } finally {
    file.destroy();
    unpack?.destroy();
  }
}

function unreadable(path: string, why: string): Failure {
  return new Failure(
    'snapshot-unreadable',
    `${path} cannot be read as a checkpoint: ${why}.`,
    'Give the folder of `docker checkpoint create`, or the archive of `podman container checkpoint --export`, whole.',
  );
}
