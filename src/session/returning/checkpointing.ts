// A checkpoint of a container that knows what it means: made by the engine, its state read out of its own pages and put into the
// timeline, and what is outside written down beside it.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { toIso, type SnapshotPoint, type Work, type WorkspaceFile } from '../../model/index.ts';
import {
  archiveIn,
  checkpointsOf,
  openCheckpointTarget,
  outsideNow,
  thisMachine,
  writeManifest,
  type CheckpointTarget,
  type MadeCheckpoint,
  type OutsideThing,
} from '../../restore/index.ts';
import { openTimeline } from '../../timeline/index.ts';
import { Analysis } from '../analysis.ts';
import { now } from '../clock.ts';
import { LiveSession } from '../liveSession.ts';
import { modelSource } from '../modelSource.ts';
import { countTransitions } from '../observedTransitions.ts';
import { openSnapshotSource, type SnapshotSource } from '../snapshotSource.ts';
import { EMPTY_MODEL } from '../storedSession.ts';
import { closeStore, dataDirectory, newStorePath } from '../storePaths.ts';

export interface CheckpointOptions {
  readonly source: readonly string[];
  /** The timeline it goes to; absent: a new one in the user's data directory. */
  readonly store?: string;
  readonly workspaceFile?: WorkspaceFile;
}

export interface TakenCheckpoint {
  readonly store: string;
  readonly folder: string;
  readonly point: SnapshotPoint;
  readonly bytes: number;
  readonly pauseMs: number;
  readonly outside: readonly OutsideThing[];
}

/**
 * Whole or not at all: the point, the pages and the manifest belong together.
 * @throws Failure `checkpoint-unsupported`, `checkpoint-refused`, `checkpoint-failed`, of reading and of the store, `cancelled`
 */
export async function takeCheckpoint(target: string, options: CheckpointOptions, work: Work): Promise<TakenCheckpoint> {
  const opened = await openCheckpointTarget(target, work);
  const outside = outsideNow(opened);
  const refusal = await opened.engine.refusal(outside, work);
  if (refusal) throw refusal;
  const path = resolve(options.store ?? newStorePath(target, toIso(now()), dataDirectory()));
  const isNew = !existsSync(path);
  const code = modelSource(options.source, options.workspaceFile);
  const store = openTimeline(path);
  const analysis = new Analysis();
  let folder: string | undefined;
  try {
    mkdirSync(checkpointsOf(path), { recursive: true, mode: 0o700 });
    folder = mkdtempSync(join(checkpointsOf(path), '.part-'));
    const made: { checkpoint?: MadeCheckpoint } = {};
    const source = checkpointSource(opened, folder, made);
    const model = store.model() ?? EMPTY_MODEL;
    const counts = countTransitions(store);
    const session = new LiveSession({
      ...{ sources: [source], code, store, isNew: false, analysis, model, counts },
      keepSnapshots: false,
    });
    const point = await session.takeSnapshot({}, work);
    const { checkpoint } = made;
    if (!checkpoint) throw new Error('a snapshot of a checkpoint makes it first');
    const { safe: _, ...facts } = checkpoint;
    const { info, engine, name } = opened;
    const manifest = await writeManifest(folder, {
      ...facts,
      engine: engine.kind,
      container: { id: info.Id, name, image: info.Config.Image },
      host: thisMachine(),
      seq: point.seq,
      outside: outside.things,
    });
    const place = join(checkpointsOf(path), String(point.seq));
    renameSync(folder, place);
    folder = undefined;
    return {
      store: path,
      folder: place,
      point,
      bytes: manifest.bytes,
      pauseMs: manifest.pauseMs,
      outside: manifest.outside,
    };
  } finally {
    await analysis[Symbol.asyncDispose]();
    closeStore(store, isNew);
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Its snapshot is the checkpoint; what is read are the pages in it. */
function checkpointSource(
  { address, info, name, engine }: CheckpointTarget,
  folder: string,
  made: { checkpoint?: MadeCheckpoint },
): SnapshotSource {
  return {
    address,
    name,
    image: info.Config.Image,
    // Not of the memory that is read when it is paused: it is paused here.
    extension: '.heapsnapshot',
    expectedBytes: () => Promise.resolve(0),
    async capture(sink, options, work) {
      work.progress?.({ phase: 'capture', message: `Making a checkpoint of ${name}` });
      const checkpoint = await engine.create(folder, work);
      made.checkpoint = checkpoint;
      const rest = await openSnapshotSource(`file:${archiveIn(folder, engine.kind)}`, work);
      const { bytes } = await rest.capture(sink, options, work);
      return { method: 'checkpoint', bytes, pauseMs: checkpoint.pauseMs, time: checkpoint.time };
    },
    heapIdsHold: () => Promise.resolve(true),
    onClosed: () => () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
