// Writes a captured memory in the form CRIU gives a checkpoint: one process, number 7, with its pages, mappings, program and registers.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = 4096;
const LEAD = 20;
const EPOLL_PWAIT = 281;

type Part = readonly [field: number, value: number | Buffer];

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  return Buffer.from([...bytes, left]);
}

const message = (...parts: readonly Part[]): Buffer =>
  Buffer.concat(
    parts.flatMap(([field, value]) =>
      typeof value === 'number'
        ? [varint(field * 8), varint(value)]
        : [varint(field * 8 + 2), varint(value.length), value],
    ),
  );

function image(...messages: readonly Buffer[]): Buffer {
  const magic = Buffer.alloc(8);
  magic.writeUInt32LE(0x54564319, 0);
  const sized = messages.flatMap((each) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(each.length, 0);
    return [size, each];
  });
  return Buffer.concat([magic, ...sized]);
}

export interface CheckpointOptions {
  readonly program: string;
  readonly buildId: string;
  /** Pages said to be in an earlier checkpoint. */
  readonly inParent?: number;
}

/** @param bytes a captured memory */
export function writeCheckpoint(folder: string, bytes: Buffer, options: CheckpointOptions): void {
  const size = bytes.readUInt32LE(LEAD - 4);
  const header = JSON.parse(bytes.toString('utf8', LEAD, LEAD + size)) as Record<'runs' | 'mapped', [string, number][]>;
  const at = (address: string): number => Number.parseInt(address, 16);
  const build = Buffer.from(options.buildId, 'hex');
  const words = Array.from({ length: build.length / 4 }, (_, n): Part => [11, build.readUInt32LE(n * 4)]);
  const { inParent } = options;
  mkdirSync(folder);
  const write = (name: string, ...messages: readonly Buffer[]): void =>
    writeFileSync(join(folder, name), image(...messages));
  write('pstree.img', message([1, 7], [2, 0], [3, 7], [4, 7]));
  write(
    'pagemap-7.img',
    message([1, 1]),
    ...header.runs.map(([address, pages]) => message([1, at(address)], [2, pages], [4, 4])),
    ...(inParent === undefined ? [] : [message([1, 4096], [2, inParent], [4, 1])]),
  );
  write(
    'mm-7.img',
    message(
      [12, 3],
      ...header.mapped.map(([address, pages]): Part => [
        14,
        message([1, at(address)], [2, at(address) + pages * PAGE], [5, 3], [6, 0x22]),
      ]),
    ),
  );
  write(
    'files.img',
    message([1, 1], [2, 2], [3, message([1, 2], [6, Buffer.from('/dev/null')])]),
    message([1, 1], [2, 3], [3, message([1, 3], [6, Buffer.from(options.program)], ...words)]),
  );
  write('core-7.img', message([1, 1], [2, message([1, 0], [2, message([11, 0], [16, EPOLL_PWAIT])])]));
  writeFileSync(join(folder, 'pages-1.img'), bytes.subarray(LEAD + size));
}
