// The constants of binaries of this machine, each read once while this program runs.
import { createHash } from 'node:crypto';
import * as files from 'node:fs';
import { createElf, type V8Constants } from './elf.ts';

export type { V8Constants } from './elf.ts';

const elf = createElf(files);
const known = new Map<string, V8Constants>();

export const { buildIdIn } = elf;

/** The same for the same build: its build id, else a hash of its constants. */
export function buildOf({ values, buildId }: V8Constants): string {
  if (buildId !== undefined) return buildId;
  const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return `constants-${createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 40)}`;
}

/**
 * The constants of a binary, kept by the identity of the file.
 * @returns undefined where it is no such ELF file; throws what opening a file throws
 */
export function constantsOf(path: string): V8Constants | undefined {
  const file = files.openSync(path, 'r');
  try {
    const { dev, ino, size, mtimeMs } = files.fstatSync(file);
    const key = `${dev}:${ino}:${size}:${mtimeMs}`;
    const constants = known.get(key) ?? elf.read(file, (buildId) => known.get(buildId));
    if (!constants) return undefined;
    known.set(key, constants);
    if (constants.buildId !== undefined) known.set(constants.buildId, constants);
    return constants;
  } finally {
    files.closeSync(file);
  }
}
