// The program that a memory at rest is of: its constants say where V8 keeps what. It is looked for beside the file, where it was, in what
// runs on this machine, and in the layers of container images; its build id says whether it is the one.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Failure } from '../../model/index.ts';
import { FEWEST_CONSTANTS } from './access.ts';
import { buildOf, constantsOf, type V8Constants } from './elfConstants.ts';
import type { MemoryBinary } from '../capture.ts';
import { unknownBinary } from './refusals.ts';

/** Where engines keep images, and in those the folders of layers. */
const STORES = [
  '/var/lib/docker',
  '/var/lib/containers/storage',
  '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs',
];
const LAYERS: readonly (readonly [string, string])[] = [
  ['overlay2', 'diff'],
  ['overlay', 'diff'],
  ['vfs/dir', ''],
  ['snapshots', 'fs'],
];

export interface ProgramAtRest {
  readonly constants: { readonly [name: string]: number };
  readonly binary: MemoryBinary;
}

export interface WantedProgram {
  /** Where it was, by the file. */
  readonly path: string;
  /** '' where the file does not say. */
  readonly buildId: string;
}

/** @throws Failure `memory-unknown-binary` that says how to bring it */
export function findProgram(file: string, wanted: readonly WantedProgram[]): ProgramAtRest {
  for (const { path, buildId } of wanted) {
    for (const candidate of candidates(file, path)) {
      const constants = read(candidate);
      if (!constants || !isWanted(constants, buildId)) continue;
      return { constants: constants.values, binary: { path: candidate, id: buildOf(constants) } };
    }
  }
  throw notFound(file, wanted[0]);
}

/** Its build id as far as it is known; CRIU keeps the beginning. */
function isWanted({ values, buildId = '' }: V8Constants, wanted: string): boolean {
  if (Object.keys(values).length < FEWEST_CONSTANTS || values['TaggedSize'] !== 8) return false;
  return wanted === '' || buildId === wanted || (wanted.length >= 16 && buildId.startsWith(wanted));
}

function read(path: string): V8Constants | undefined {
  try {
    return existsSync(path) ? constantsOf(path) : undefined;
  } catch {
    return undefined;
  }
}

function* candidates(file: string, path: string): Generator<string, void, undefined> {
  yield `${file}.node`;
  yield join(dirname(file), 'node');
  yield path;
  for (const pid of list('/proc')) if (/^\d+$/.test(pid)) yield `/proc/${pid}/exe`;
  // A checkpoint of Docker lies in the engine's own folder: DATA/containers/ID/checkpoints/NAME.
  const own = /^(.*)\/containers\/[0-9a-f]+\/checkpoints\//.exec(file)?.[1];
  for (const store of own === undefined ? STORES : [own, ...STORES]) {
    for (const [folder, inner] of LAYERS)
      for (const layer of list(join(store, folder))) yield join(store, folder, layer, inner, path);
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function notFound(file: string, wanted: WantedProgram | undefined): Failure {
  const which = wanted ? `${wanted.path}${wanted.buildId === '' ? '' : `, build ${wanted.buildId}`}` : 'none is named';
  return unknownBinary(
    file,
    `the program it was made of (${which}) is not on this machine with its v8dbg_ symbols; copy it to ${file}.node`,
  );
}
