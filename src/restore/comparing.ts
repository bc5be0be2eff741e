// Whether what came back is what was kept: state with state, thread with thread, each difference named. Pure.
import type { ThreadPosition } from '../acquire/index.ts';
import { diffStates, showRef, showValue, type Change, type SemanticState } from '../model/index.ts';

export interface Verdict {
  readonly equal: boolean;
  readonly entities: number;
  readonly relations: number;
  /** Threads that were compared; 0 where their positions are not known. */
  readonly threads: number;
  /** From what was kept to what came back. */
  readonly changes: readonly Change[];
  /** In words, each of its own: changes first, then threads. */
  readonly differences: readonly string[];
}

export interface Kept {
  readonly state: SemanticState;
  readonly threads?: readonly ThreadPosition[];
}

export function compareStates(before: Kept, after: Kept): Verdict {
  const changes = diffStates(before.state, after.state);
  const threads = before.threads && after.threads ? threadDifferences(before.threads, after.threads) : [];
  const differences = [...changes.map(describeChange), ...threads];
  return {
    equal: differences.length === 0,
    entities: before.state.size,
    relations: [...before.state.values()].reduce(
      (sum, { links }) => sum + Object.values(links).reduce((ends, list) => ends + list.length, 0),
      0,
    ),
    threads: before.threads && after.threads ? before.threads.length : 0,
    changes,
    differences,
  };
}

export function describeChange(change: Change): string {
  switch (change.kind) {
    case 'created':
      return `${showRef(change.instance)} is there and was not`;
    case 'removed':
      return `${showRef(change.instance)} is missing`;
    case 'attribute':
      return `${showRef(change.ref)}.${change.attribute} is ${showValue(change.after)} and was ${showValue(change.before)}`;
    case 'link':
      return `${showRef(change.ref)}.${change.predicate} leads to ${shown(change.after)} and led to ${shown(change.before)}`;
  }
}

function shown(refs: readonly { readonly entity: string; readonly id: string | number }[]): string {
  return refs.length === 0 ? 'nothing' : refs.slice(0, 5).map(showRef).join(', ');
}

function threadDifferences(before: readonly ThreadPosition[], after: readonly ThreadPosition[]): string[] {
  const now = new Map(after.map(({ tid, sp }) => [tid, sp]));
  return before.flatMap(({ tid, sp }) => {
    const found = now.get(tid);
    if (found === undefined) return [`thread ${tid} is missing`];
    return found === sp ? [] : [`thread ${tid} stands elsewhere`];
  });
}
