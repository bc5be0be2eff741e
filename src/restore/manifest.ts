// What belongs to a checkpoint besides its bytes: whose it is, the state it belongs to, what was outside of it. One JSON file beside the
// images, written last: a folder without it is no checkpoint.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Micros } from '../model/index.ts';
import type { ThreadPosition } from '../acquire/index.ts';
import { checkpointTorn } from './failures.ts';

const NAME = 'manifest.json';
const VERSION = 1;

/** Something that the checkpoint does not hold. */
export interface OutsideThing {
  readonly kind: 'connection' | 'listener' | 'volume' | 'open-file' | 'service' | 'clock';
  /** For people, without credentials. */
  readonly text: string;
  /** Of a connection: the peer notices when it is gone. */
  readonly peer?: string;
}

export interface Manifest {
  readonly version: number;
  readonly engine: 'docker' | 'podman';
  readonly container: { readonly id: string; readonly name: string; readonly image: string };
  /** When the container stood still for it, and for how long in milliseconds. */
  readonly time: Micros;
  readonly pauseMs: number;
  readonly bytes: number;
  /** Kernel release and processor, which a checkpoint depends on. */
  readonly host: { readonly kernel: string; readonly arch: string; readonly cpu: string };
  /** The point of the timeline that holds the state of this very moment. */
  readonly seq: number;
  /** An image of the engine that holds the files changed since the container's own image; absent: none were, or the archive holds them. */
  readonly filesImage?: string;
  readonly threads: readonly ThreadPosition[];
  readonly outside: readonly OutsideThing[];
  /** Each file of the checkpoint with its size and SHA-256. */
  readonly files: readonly { readonly name: string; readonly size: number; readonly sha256: string }[];
}

export interface StoredCheckpoint {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Where the checkpoints of a timeline lie. */
export function checkpointsOf(store: string): string {
  return `${store}.checkpoints`;
}

/** Earliest first; what is not whole enough to have a manifest is none. */
export function listCheckpoints(store: string): readonly StoredCheckpoint[] {
  const root = checkpointsOf(store);
  if (!existsSync(root)) return [];
  const found = readdirSync(root).flatMap((name) => {
    const manifest = readManifest(join(root, name));
    return manifest ? [{ folder: join(root, name), manifest }] : [];
  });
  return found.sort((a, b) => a.manifest.seq - b.manifest.seq);
}

function readManifest(folder: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, NAME), 'utf8')) as Manifest;
    return manifest.version === VERSION && typeof manifest.seq === 'number' ? manifest : undefined;
  } catch {
    return undefined;
  }
}

export async function writeManifest(
  folder: string,
  content: Omit<Manifest, 'version' | 'files' | 'bytes'>,
): Promise<Manifest> {
  const files = [];
  for (const name of filesIn(folder)) {
    const path = join(folder, name);
    files.push({ name, size: statSync(path).size, sha256: await digestOf(path) });
  }
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const manifest: Manifest = { version: VERSION, ...content, bytes, files };
  writeFileSync(join(folder, `${NAME}.part`), JSON.stringify(manifest, null, 2), { mode: 0o600 });
  renameSync(join(folder, `${NAME}.part`), join(folder, NAME));
  return manifest;
}

/** @throws Failure `checkpoint-torn` */
export async function mustBeWhole({ folder, manifest }: StoredCheckpoint): Promise<void> {
  for (const { name, size, sha256 } of manifest.files) {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) throw checkpointTorn(folder, `${name} is missing`);
    if (stat.size !== size) throw checkpointTorn(folder, `${name} has ${stat.size} bytes of ${size}`);
    if ((await digestOf(path)) !== sha256) throw checkpointTorn(folder, `${name} was changed`);
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith(NAME))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
