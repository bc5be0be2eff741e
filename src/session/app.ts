// The first of three lifetimes: opens sessions, and closes those that are still open when it ends.
import { existsSync } from 'node:fs';
import { cancelled, Failure, toIso, type Model, type Work } from '../model/index.ts';
import { openTimeline } from '../timeline/index.ts';
import { Analysis } from './analysis.ts';
import { now } from './clock.ts';
import { LiveSession } from './liveSession.ts';
import { modelSource, type ModelSource } from './modelSource.ts';
import { countTransitions, type TransitionCounts } from './observedTransitions.ts';
import type { App, AppOptions, Session, SessionOptions } from './session.ts';
import { pauseWatch } from './pauseWatch.ts';
import { openSnapshotSource, type SnapshotSource } from './snapshotSource.ts';
import { closeStore, dataDirectory, newStorePath } from './storePaths.ts';
import { EMPTY_MODEL, StoredSession } from './storedSession.ts';

export function createApp(options: AppOptions = {}): App {
  const open = new Set<Session>();
  return {
    async openSession(session, work) {
      const opened =
        session.target === undefined || session.target.length === 0
          ? openStored(session)
          : await openLive(session, [session.target].flat(), options.dataDirectory ?? dataDirectory(), work);
      open.add(opened);
      return opened;
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...open].map((session) => session[Symbol.asyncDispose]()));
      open.clear();
    },
  };
}

function openStored(options: SessionOptions): Session {
  if (options.store === undefined)
    throw new Failure(
      'no-target',
      'There is neither a target nor a timeline to open.',
      'Name a target, or the file of a timeline.',
    );
  return new StoredSession(openTimeline(options.store, { readOnly: options.readOnly ?? true }), options.source);
}

/** Attaches, reads the source and opens the store; whatever fails, nothing stays open and nothing is left. */
async function openLive(
  options: SessionOptions,
  targets: readonly string[],
  directory: string,
  work: Work,
): Promise<Session> {
  const code = modelSource(options.source, options.workspaceFile);
  const undo: (() => unknown)[] = [];
  try {
    // The store first: where it cannot be used, the target is left alone.
    const path = options.store ?? newStorePath(targets.join(' '), toIso(now()), directory);
    const isNew = !existsSync(path);
    const store = openTimeline(path);
    undo.unshift(() => closeStore(store, isNew));
    const analysis = new Analysis();
    undo.unshift(() => analysis[Symbol.asyncDispose]());
    // Read while attaching: of the two, neither needs the other. What goes wrong is told by who needs it.
    if (code.roots.length > 0)
      void analysis.call('source', { roots: code.roots }, workWithout(work)).catch(() => undefined);
    const sources: SnapshotSource[] = [];
    for (const target of targets) {
      const source = await openSnapshotSource(target, work, options.method);
      undo.unshift(() => source[Symbol.asyncDispose]());
      sources.push(source);
    }
    const counts = countTransitions(store);
    const previous = store.model();
    const model = (await codeModel(analysis, code, previous, counts, work)) ?? previous ?? EMPTY_MODEL;
    if (work.signal?.aborted) throw cancelled();
    const keepSnapshots = options.keepSnapshots ?? code.workspaceFile.keepSnapshots ?? false;
    const watch = pauseWatch(sources);
    const parts = { sources: watch.sources, code, store, isNew, analysis, model, counts, keepSnapshots };
    const session = new LiveSession(parts);
    await watch.begin(session, work);
    return session;
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
}

/** Two that tell their progress at once would overwrite each other. */
function workWithout({ signal }: Work): Work {
  return signal ? { signal } : {};
}

/** What the source alone says, so that there is a model before the first snapshot. */
async function codeModel(
  analysis: Analysis,
  { roots, workspaceFile }: ModelSource,
  previous: Model | undefined,
  counts: TransitionCounts,
  work: Work,
): Promise<Model | undefined> {
  if (roots.length === 0) return undefined;
  const args = { roots, heap: false, workspaceFile, events: counts.all(), ...(previous && { previous }) };
  return (await analysis.call('extract', args, work)).model;
}
