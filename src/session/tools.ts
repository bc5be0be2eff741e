// Use-cases of one step, without a session: list, diagnose, one snapshot to a file, one extraction, objects of a class.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Diagnosis, TargetList } from '../acquire/index.ts';
import {
  toIso,
  type Model,
  type ObjectsDocument,
  type SnapshotDocument,
  type Work,
  type WorkspaceFile,
} from '../model/index.ts';
import { openTimeline } from '../timeline/index.ts';
import { Analysis } from './analysis.ts';
import { modelSource } from './modelSource.ts';
import { countTransitions } from './observedTransitions.ts';
import { holdingHeap, readInto } from './reading.ts';
import { createSnapshotFile } from './snapshotFiles.ts';
import { openSnapshotSource, type SnapshotSource, type SourceMethod } from './snapshotSource.ts';
import { snapshotId } from './takenSnapshot.ts';
import type { ExtractReply, ObjectsArguments } from './worker/protocol.ts';

export async function listTargets(work: Work): Promise<TargetList> {
  return (await import('../acquire/index.ts')).listTargets(work);
}

/** Walks the chain to the target and names the one thing to fix. @throws Failure `bad-target`, `cancelled` */
export async function diagnoseTarget(target: string, work: Work): Promise<Diagnosis> {
  const acquire = await import('../acquire/index.ts');
  return acquire.diagnose(acquire.parseTarget(target), work);
}

export interface TakeOptions {
  readonly force?: boolean;
  /** Default `auto`. */
  readonly method?: SourceMethod;
}

/** One snapshot, whole or not at all. @throws Failure of attaching and capturing, `file-not-written`, `cancelled` */
export async function snapshotToFile(
  target: string,
  path: string,
  options: TakeOptions,
  work: Work,
): Promise<SnapshotDocument> {
  const source = await openSnapshotSource(target, work, options.method);
  try {
    const file = createSnapshotFile(resolve(path), { compress: false });
    try {
      const captured = await source.capture((chunk) => file.write(chunk), { force: options.force === true }, work);
      await file.keep();
      return {
        document: 'snapshot',
        id: snapshotId(captured.time),
        timestamp: toIso(captured.time),
        method: captured.method,
        bytes: captured.bytes,
        pauseMs: captured.pauseMs,
        ...(captured.targetGrowthBytes !== undefined && { targetGrowthBytes: captured.targetGrowthBytes }),
        target: source.address,
      };
    } catch (error) {
      await file.drop();
      throw error;
    }
  } finally {
    await source[Symbol.asyncDispose]();
  }
}

export interface ExtractOptions {
  /** Empty: what the running program carries of it. */
  readonly source: readonly string[];
  /** Reads no source, not even what a snapshot carries. */
  readonly memoryOnly?: boolean;
  /** Snapshot files, earliest first: what each showed stays known, instances are the last one's. */
  readonly snapshots: readonly string[];
  readonly target?: string;
  /** A timeline whose events count as observed transitions. */
  readonly store?: string;
  readonly workspaceFile?: WorkspaceFile;
  readonly force?: boolean;
  /** How the target is read; default `auto`. */
  readonly method?: SourceMethod;
}

/** Reverse extraction: code, memory or both to the model. @throws Failure of each of its parts */
export async function extractOnce(options: ExtractOptions, work: Work): Promise<Model> {
  const { roots: found, workspaceFile } = modelSource(options.source, options.workspaceFile);
  const roots = options.memoryOnly === true ? [] : found;
  const events = options.store === undefined ? [] : observedIn(options.store);
  const analysis = new Analysis();
  let earlier: ExtractReply | undefined;
  const extract = (snapshot?: string): Promise<ExtractReply> =>
    analysis.call(
      'extract',
      {
        roots,
        workspaceFile,
        events,
        heap: snapshot !== undefined,
        memoryOnly: options.memoryOnly === true,
        ...(snapshot !== undefined && { snapshotId: snapshot }),
        ...(earlier && { previous: earlier.model, before: earlier.state }),
      },
      work,
    );
  try {
    for await (const source of snapshotsOf(options, work)) {
      earlier = await holdingHeap(analysis, async () => {
        await analysis.allow(await source.expectedBytes(work));
        await readInto(analysis, source, {}, work);
        return extract(source.name);
      });
    }
    return (earlier ?? (await extract())).model;
  } finally {
    await analysis[Symbol.asyncDispose]();
  }
}

function observedIn(path: string): ReturnType<ReturnType<typeof countTransitions>['all']> {
  const store = openTimeline(path, { readOnly: true });
  try {
    return countTransitions(store).all();
  } finally {
    store.dispose();
  }
}

/** The files in order, then the target; that one goes to a file first, so that it goes on before anything is computed. */
async function* snapshotsOf(options: ExtractOptions, work: Work): AsyncGenerator<SnapshotSource, void, undefined> {
  for (const path of options.snapshots) yield await openSnapshotSource(`file:${path}`, work);
  if (options.target === undefined) return;
  if (options.target.startsWith('file:')) {
    yield await openSnapshotSource(options.target, work);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'semstate-'));
  try {
    const path = join(directory, 'target');
    const { force = false, method = 'auto' } = options;
    await snapshotToFile(options.target, path, { force, method }, work);
    yield await openSnapshotSource(`file:${path}`, work);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Objects of a class or at a path, exact to the leaf. @throws Failure of attaching, capturing and reading */
export async function readObjects(
  target: string,
  query: ObjectsArguments,
  options: TakeOptions,
  work: Work,
): Promise<ObjectsDocument> {
  const source = await openSnapshotSource(target, work, options.method);
  const analysis = new Analysis();
  try {
    await analysis.allow(await source.expectedBytes(work));
    await readInto(analysis, source, options, work);
    return await analysis.call('objects', query, work);
  } finally {
    await source[Symbol.asyncDispose]();
    await analysis[Symbol.asyncDispose]();
  }
}
