// Return to a point: the checkpoint that leads there is restored as a copy that stands still, its state is read and compared with what
// was kept, and only then it goes on. In place, the original waits under another name until the copy is proved.
import { checkState } from '../../laws/index.ts';
import type { Change, Work, WorkspaceFile } from '../../model/index.ts';
import {
  archiveIn,
  chooseCheckpoint,
  compareStates,
  letGo,
  listCheckpoints,
  mustBeWhole,
  openCheckpointTarget,
  patiently,
  preflight,
  thisMachine,
  threadsNow,
  type CheckpointTarget,
  type Choice,
  type Preflight,
  type Verdict,
} from '../../restore/index.ts';
import { openTimeline, type TimelineStore } from '../../timeline/index.ts';
import { openSnapshotSource } from '../snapshotSource.ts';
import { EMPTY_MODEL } from '../storedSession.ts';
import { seenNow, type Eyes } from './seenNow.ts';

export interface ReturnOptions {
  readonly store: string;
  readonly source: readonly string[];
  readonly workspaceFile?: WorkspaceFile;
  /** `last-consistent`, a number, a time. */
  readonly to: string;
  /** Of the copy; default: the original's with the number of the point. */
  readonly name?: string;
  /** The copy takes the place of the original, which is stopped and kept under another name. */
  readonly inPlace?: boolean;
  /** Told before anything is done; false: nothing is. */
  readonly consent?: (report: Preflight) => Promise<boolean>;
}

export interface Returned {
  readonly report: Preflight;
  /** In the contract's form; absent: consent was not given, or nothing was left of it. */
  readonly target?: string;
  /** What the original is called now, where the copy took its place. */
  readonly original?: string;
  readonly verdict?: Verdict;
  /** Milliseconds until it was restored, and until it was proved. */
  readonly restoreMs?: number;
  readonly verifyMs?: number;
}

/** @throws Failure `no-checkpoint`, `checkpoint-torn`, `restore-failed`, `name-taken`, of reading, `cancelled`; the original is as it was then */
export async function returnTo(target: string, options: ReturnOptions, work: Work): Promise<Returned> {
  const store = openTimeline(options.store, { readOnly: true });
  try {
    const opened = await openCheckpointTarget(target, work);
    const own = listCheckpoints(options.store).filter(
      ({ manifest }) => manifest.container.name === opened.name && manifest.engine === opened.engine.kind,
    );
    const choice = chooseCheckpoint(store, own, options.to);
    await mustBeWhole(choice.checkpoint);
    const state = store.stateAt(choice.point.seq);
    const violations = checkState(state, store.model() ?? EMPTY_MODEL, choice.point.time);
    const report = preflight(choice, violations, state.size, thisMachine());
    if (options.consent && !(await options.consent(report))) return { report };
    const eyes: Eyes = {
      store,
      source: options.source,
      ...(options.workspaceFile && { workspaceFile: options.workspaceFile }),
    };
    const of = { opened, choice, eyes };
    const done =
      options.inPlace === true
        ? await inPlaceOf(of, work)
        : await copyOf(of, options.name ?? `${opened.name}-at-${choice.point.seq}`, work);
    return { report, ...done };
  } finally {
    store.dispose();
  }
}

interface Return {
  readonly opened: CheckpointTarget;
  readonly choice: Choice;
  readonly eyes: Eyes;
}

type Done = Omit<Returned, 'report'>;

async function copyOf({ opened, choice, eyes }: Return, name: string, work: Work): Promise<Done> {
  const restored = await restoreProved({ opened, choice, eyes }, { name }, work);
  // What is not equal is not let run; it stays as it is, to be looked at.
  if (restored.verdict.equal) restored.go();
  return restored.done;
}

/** The original is paused until the copy is proved, and goes on whatever fails; names change only then. */
async function inPlaceOf({ opened, choice, eyes }: Return, work: Work): Promise<Done> {
  const { engine, info, name } = opened;
  const aside = `${name}-before-${choice.point.seq}`;
  const wasRunning = info.State.Running && !info.State.Paused;
  const guard = wasRunning ? engine.guard() : undefined;
  let isPaused = wasRunning;
  try {
    if (wasRunning) await engine.pause(info.Id, true, work);
    try {
      const as = { name: `${name}-returning-${choice.point.seq}`, connected: true };
      const restored = await restoreProved({ opened, choice, eyes }, as, work);
      const { target: _, ...done } = restored.done;
      if (!restored.verdict.equal) {
        await engine.remove(restored.id, {});
        return done;
      }
      await swapNames(opened, restored.id, aside);
      if (info.State.Running) await engine.end(info.Id);
      isPaused = false;
      restored.go();
      return { ...done, target: opened.address, original: `${engine.kind}:${aside}` };
    } finally {
      if (isPaused) await engine.pause(info.Id, false, {});
    }
  } finally {
    guard?.done();
  }
}

/** The original keeps its name where the copy cannot have it. @throws Failure of the engine */
async function swapNames({ engine, info, name }: CheckpointTarget, copy: string, aside: string): Promise<void> {
  try {
    await engine.rename(info.Id, aside, {});
    await engine.rename(copy, name, {});
  } catch (error) {
    await engine.rename(info.Id, name, {}).catch(() => undefined);
    await engine.remove(copy, {}).catch(() => undefined);
    throw error;
  }
}

interface Proved {
  readonly id: string;
  readonly verdict: Verdict;
  readonly done: Done;
  /** Lets it run. */
  go(): void;
}

/** @throws Failure; nothing is left of the copy then */
async function restoreProved(
  { opened, choice, eyes }: Return,
  as: { readonly name: string; readonly connected?: boolean },
  work: Work,
): Promise<Proved> {
  const { engine } = opened;
  const { folder, manifest } = choice.checkpoint;
  const begin = performance.now();
  work.progress?.({ phase: 'connect', message: `Restoring ${as.name}` });
  const copy = await engine.restore(folder, manifest, as, work);
  try {
    const restoreMs = Math.round(performance.now() - begin);
    const address = `${engine.kind}:${copy.name}`;
    const { info } = await openCheckpointTarget(`${engine.kind}:${copy.id}`, work);
    const threads = threadsNow(info);
    const after = await seenNow(await patiently(work, () => openSnapshotSource(address, work, 'memory')), eyes, work);
    let verdict = compareStates(
      { state: eyes.store.stateAt(choice.point.seq), threads: manifest.threads },
      { state: after.state, threads },
    );
    // A model that has learned since sees more than was seen then: what was kept is read once more with the same eyes. A value that is
    // another one is no learning.
    if (!verdict.equal && verdict.changes.every(isMore)) {
      const kept = await openSnapshotSource(`file:${archiveIn(folder, engine.kind)}`, work);
      const before = await seenNow(kept, eyes, work);
      verdict = compareStates({ state: before.state, threads: manifest.threads }, { state: after.state, threads });
    }
    const verifyMs = Math.round(performance.now() - begin) - restoreMs;
    return { id: copy.id, verdict, done: { target: address, verdict, restoreMs, verifyMs }, go: () => letGo(info) };
  } catch (error) {
    await engine.remove(copy.id, {}).catch(() => undefined);
    throw error;
  }
}

function isMore(change: Change): boolean {
  if (change.kind === 'attribute') return change.before === undefined;
  return change.kind === 'created' || (change.kind === 'link' && change.before.length === 0);
}

export interface VerifyOptions {
  readonly store: string;
  readonly source: readonly string[];
  readonly at?: string;
}

/** Whether a target is now in the state of a point of a timeline. @throws Failure of attaching, reading and of the store */
export async function verifyState(
  target: string,
  options: VerifyOptions,
  place: (store: TimelineStore) => number,
  work: Work,
): Promise<{ readonly seq: number; readonly verdict: Verdict }> {
  const store = openTimeline(options.store, { readOnly: true });
  try {
    const seq = place(store);
    const { state } = await seenNow(await openSnapshotSource(target, work), { store, source: options.source }, work);
    return { seq, verdict: compareStates({ state: store.stateAt(seq) }, { state }) };
  } finally {
    store.dispose();
  }
}
