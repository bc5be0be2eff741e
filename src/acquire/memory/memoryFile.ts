// The form of a captured memory: sixteen bytes of text, the length of the header (32 bits, little-endian), the header as JSON, the pages.
import type { SnapshotNotes } from '../capture.ts';
import type { PageRun } from './processMaps.ts';

const MAGIC = 'semstate-memory\n';

export interface MemoryHeader extends Pick<SnapshotNotes, 'target' | 'scripts'> {
  readonly constants: { readonly [name: string]: number };
  /** What of the process follows, in this order. */
  readonly runs: readonly PageRun[];
  /** Memory of the program whether it was ever touched or not: what is not copied of it is zero. */
  readonly mapped?: readonly PageRun[];
  /** Whether the program was waiting, with nothing half done. */
  readonly safe: boolean;
}

/** Everything before the pages. */
export function memoryLead({ constants, runs, mapped = [], safe, target, scripts }: MemoryHeader): Buffer {
  const pages = (list: readonly PageRun[]): unknown => list.map((run) => [run.address.toString(16), run.pages]);
  const header = Buffer.from(
    JSON.stringify({ version: 1, constants, runs: pages(runs), mapped: pages(mapped), safe, target, scripts }),
  );
  const lead = Buffer.alloc(MAGIC.length + 4);
  lead.write(MAGIC, 'latin1');
  lead.writeUInt32LE(header.length, MAGIC.length);
  return Buffer.concat([lead, header]);
}
