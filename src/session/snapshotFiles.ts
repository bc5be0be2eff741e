// Snapshots at rest: written private, compressed where asked, complete or not at all; read back whatever way they are packed.
import { createReadStream, createWriteStream, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Duplex, type Transform, type Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { cancelled, Failure, isFailure, messageOf, type Work } from '../model/index.ts';

const READ_SIZE = 1024 * 1024;
/** As many bytes as tell any form of file. */
const HEAD = 32;
const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

/** zstd where this Node has it (22.15 and later), else gzip. */
const createZstd: typeof zlib.createZstdCompress | undefined = zlib.createZstdCompress;
const createUnzstd: typeof zlib.createZstdDecompress | undefined = zlib.createZstdDecompress;

/** What the kept files end with. */
export function compressedExtension(): '.zst' | '.gz' {
  return createZstd ? '.zst' : '.gz';
}

function compressor(): Transform {
  return createZstd ? createZstd() : zlib.createGzip({ level: 1 });
}

function decompressor(head: Uint8Array): Transform | undefined {
  const starts = (magic: readonly number[]): boolean => magic.every((byte, n) => head[n] === byte);
  if (starts(GZIP)) return zlib.createGunzip();
  if (!starts(ZSTD)) return undefined;
  if (createUnzstd) return createUnzstd();
  throw new Failure(
    'snapshot-needs-node',
    `The snapshot is compressed with zstd, which Node.js ${process.version} cannot read.`,
    'Use Node.js 22.15 or later, or decompress the file with `zstd -d`.',
  );
}

/** A file that appears under its name only when it is whole. */
export interface SnapshotFile {
  readonly path: string;
  write(chunk: Uint8Array): Promise<void>;
  /** Makes it appear. @throws Failure `file-not-written` */
  keep(): Promise<void>;
  /** Takes away what was written. */
  drop(): Promise<void>;
}

/** @throws Failure `file-not-written` */
export function createSnapshotFile(path: string, options: { readonly compress: boolean }): SnapshotFile {
  const part = `${path}.part-${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw notWritten(path, error);
  }
  const file = createWriteStream(part, { flags: 'w', mode: 0o600 });
  const entry: Writable = options.compress ? compressor() : file;
  if (entry !== file && entry instanceof Duplex) entry.pipe(file);
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    // Whoever waits for room to write would wait for ever.
    entry.destroy();
  };
  file.on('error', fail);
  if (entry !== file) entry.on('error', fail);
  const done = finished(file);
  done.catch(() => undefined);
  const check = (): void => {
    if (failure !== undefined) throw notWritten(path, failure);
  };
  return {
    path,
    async write(chunk) {
      check();
      if (!entry.write(chunk)) {
        await new Promise<void>((resolve) => {
          const done = (): void => {
            entry.off('drain', done).off('close', done);
            resolve();
          };
          entry.on('drain', done).on('close', done);
        });
      }
      check();
    },
    async keep() {
      check();
      try {
        entry.end();
        await done;
        renameSync(part, path);
      } catch (error) {
        rmSync(part, { force: true });
        throw notWritten(path, failure ?? error);
      }
    },
    async drop() {
      entry.destroy();
      file.destroy();
      await done.catch(() => undefined);
      rmSync(part, { force: true });
    },
  };
}

/** The bytes of a snapshot file in order, unpacked. @throws Failure `snapshot-missing`, `snapshot-unreadable`, `cancelled` */
export async function* readSnapshotFile(path: string, work: Work): AsyncGenerator<Uint8Array, void, undefined> {
  const total = sizeOf(path);
  const unpack = decompressor(await headOf(path));
  const file = createReadStream(path, { highWaterMark: READ_SIZE });
  let read = 0;
  file.on('data', (chunk) => (read += chunk.length));
  const bytes = unpack ? file.on('error', (error) => unpack.destroy(error)).pipe(unpack) : file;
  let told = 0;
  try {
    for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
      if (work.signal?.aborted) throw cancelled();
      yield chunk;
      if (read - told < 16 * READ_SIZE) continue;
      told = read;
      work.progress?.({ phase: 'parse', message: 'Reading the snapshot', done: read, total });
    }
  } catch (error) {
    throw isFailure(error) ? error : unreadable(path, error);
  } finally {
    file.destroy();
    unpack?.destroy();
  }
}

/** The first bytes of a file. @throws Failure `snapshot-missing`, `snapshot-unreadable` */
export async function headOf(path: string): Promise<Uint8Array> {
  sizeOf(path);
  try {
    const handle = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

function sizeOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile())
    throw new Failure(
      'snapshot-missing',
      `There is no snapshot file ${path}.`,
      'Check the path; `semstate snapshot` writes one.',
    );
  return stat.size;
}

function unreadable(path: string, error: unknown): Failure {
  return new Failure(
    'snapshot-unreadable',
    `${path} cannot be read: ${messageOf(error)}.`,
    'Check that you may read it and that it was copied whole.',
    error,
  );
}

function notWritten(path: string, error: unknown): Failure {
  return new Failure(
    'file-not-written',
    `${path} could not be written: ${messageOf(error)}.`,
    'Check that the folder can be written and that the disk has room; nothing was left behind.',
    error,
  );
}
