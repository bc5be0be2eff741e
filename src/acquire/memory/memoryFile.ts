// The form of a captured memory: sixteen bytes of text, the length of the header (32 bits, little-endian), the header as JSON, the pages.
import type { SnapshotNotes } from '../capture.ts';
import type { PageRun } from './processMaps.ts';

const MAGIC = 'semstate-memory\n';

export interface MemoryHeader extends Pick<SnapshotNotes, 'target' | 'scripts'> {
  readonly constants: { readonly [name: string]: number };
  /** What of the process follows, in this order. */
  readonly runs: readonly PageRun[];
  /** Whether the program was waiting, with nothing half done. */
  readonly safe: boolean;
}

/** Everything before the pages. */
export function memoryLead({ constants, runs, safe, target, scripts }: MemoryHeader): Buffer {
  const pages = runs.map((run) => [run.address.toString(16), run.pages]);
  const header = Buffer.from(JSON.stringify({ version: 1, constants, runs: pages, safe, target, scripts }));
  const lead = Buffer.alloc(MAGIC.length + 4);
  lead.write(MAGIC, 'latin1');
  lead.writeUInt32LE(header.length, MAGIC.length);
  return Buffer.concat([lead, header]);
}
