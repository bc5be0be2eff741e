// Return without a checkpoint: what the timeline says of a point is written back into the running program, attribute by attribute. Each
// write is told in the timeline with the user as its subject, and kept beside it so that it can be undone.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import {
  canonicalText,
  Failure,
  refKey,
  sameValue,
  showRef,
  showValue,
  UNDEFINED,
  type NewPoint,
  type SemanticState,
  type Value,
  type Work,
  type WorkspaceFile,
} from '../../model/index.ts';
import { inverse, planWrites, writeInto, type Write, type WritePlan, type Written } from '../../restore/index.ts';
import { openTimeline } from '../../timeline/index.ts';
import { Analysis } from '../analysis.ts';
import { now } from '../clock.ts';
import { LiveSession } from '../liveSession.ts';
import { modelSource } from '../modelSource.ts';
import { countTransitions } from '../observedTransitions.ts';
import { openSnapshotSource, type SnapshotSource } from '../snapshotSource.ts';
import { seenNow } from './seenNow.ts';
import { pointOf } from '../storedTimeline.ts';
import { EMPTY_MODEL } from '../storedSession.ts';

export interface WriteBackOptions {
  readonly store: string;
  readonly source: readonly string[];
  readonly workspaceFile?: WorkspaceFile;
  /** A point of the timeline; `undo`: what was written last is written back. */
  readonly to: { readonly place: string } | 'undo';
  /** A type, or one entity. */
  readonly only?: { readonly entity: string; readonly id?: string };
  /** Told before anything is written; false: nothing is. */
  readonly consent?: (plan: WritePlan) => Promise<boolean>;
}

export interface WroteBack {
  readonly plan: WritePlan;
  /** Empty: consent was not given, or there was nothing to write. */
  readonly written: readonly Written[];
  /** What differs after all, among what was to be written. */
  readonly differences: readonly string[];
}

/** @throws Failure `not-written`, `nothing-to-undo`, `no-such-point`, of attaching and reading, `cancelled` */
export async function writeBack(target: string, options: WriteBackOptions, work: Work): Promise<WroteBack> {
  const store = openTimeline(options.store);
  const analysis = new Analysis();
  let source: SnapshotSource | undefined;
  try {
    const then = options.to === 'undo' ? undefined : store.stateAt(pointOf(store, options.to.place).seq);
    const undone = options.to === 'undo' ? lastWrites(store.file) : undefined;
    source = await openSnapshotSource(target, work);
    const { attachment } = source;
    if (!attachment)
      throw new Failure('no-target', `${target} is no process with an inspector.`, 'Attach to a running service.');
    const session = new LiveSession({
      ...{ sources: [source], code: modelSource(options.source, options.workspaceFile), store, isNew: false, analysis },
      ...{ model: store.model() ?? EMPTY_MODEL, counts: countTransitions(store), keepSnapshots: false },
    });
    // The timeline first gets what is there now, so that what is written is told against it.
    const { seq } = await session.takeSnapshot({}, work);
    const plan: WritePlan = undone
      ? { writes: undone.writes.map(inverse), notWritten: [] }
      : planWrites(store.stateAt(seq), then ?? new Map(), session.model(), options.only);
    if (plan.writes.length === 0 || (options.consent && !(await options.consent(plan))))
      return { plan, written: [], differences: [] };
    const written = await writeInto(attachment, plan.writes, work);
    if (undone) renameSync(undone.file, `${undone.file}.undone`);
    else keepWrites(store.file, written);
    store.append(written.map((write) => eventOf(write, target)));
    const eyes = {
      store,
      source: options.source,
      ...(options.workspaceFile && { workspaceFile: options.workspaceFile }),
    };
    const { state } = await seenNow(source, eyes, work);
    return { plan, written, differences: differing(written, state) };
  } finally {
    await source?.[Symbol.asyncDispose]();
    await analysis[Symbol.asyncDispose]();
    store.dispose();
  }
}

/** What was written and is not there: the program may have written it anew meanwhile. */
function differing(written: readonly Written[], state: SemanticState): string[] {
  return written.flatMap(({ ref, attribute, after }) => {
    const found = state.get(refKey(ref))?.attributes[attribute];
    const value = found === undefined ? UNDEFINED : found;
    return sameValue(value, after) ? [] : [`${showRef(ref)}.${attribute} is ${showValue(value)} again`];
  });
}

function eventOf({ ref, attribute, before, after }: Written, target: string): NewPoint {
  const is = (value: Value): { readonly is?: Value } =>
    typeof value === 'object' && value !== null && value.$type === 'undefined' ? {} : { is: value };
  const [from, to] = [is(before), is(after)];
  return {
    kind: 'event',
    time: now(),
    type: 'WrittenBack',
    subject: { entity: 'User', id: userInfo().username },
    object: ref,
    attribute,
    preState: before,
    postState: after,
    observed: 'recorded',
    target,
    change: {
      kind: 'attribute',
      ref,
      attribute,
      ...(from.is !== undefined && { before: from.is }),
      ...(to.is !== undefined && { after: to.is }),
    },
  };
}

const folderOf = (store: string): string => `${store}.writes`;

function keepWrites(store: string, writes: readonly Write[]): void {
  mkdirSync(folderOf(store), { recursive: true, mode: 0o700 });
  writeFileSync(join(folderOf(store), `${Date.now()}.json`), canonicalText(writes), { mode: 0o600 });
}

/** @throws Failure `nothing-to-undo` */
function lastWrites(store: string): { readonly file: string; readonly writes: readonly Write[] } {
  const folder = folderOf(store);
  const name = existsSync(folder)
    ? readdirSync(folder)
        .filter((each) => each.endsWith('.json'))
        .sort()
        .at(-1)
    : undefined;
  if (name === undefined)
    throw new Failure(
      'nothing-to-undo',
      `Nothing was written back by way of ${store} that is not undone.`,
      'Name the timeline that was given when it was written.',
    );
  const file = join(folder, name);
  return { file, writes: JSON.parse(readFileSync(file, 'utf8')) as Write[] };
}
