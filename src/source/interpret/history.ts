// The traces of all operations as one list of happenings, each with the events that were said about it.
import type ts from 'typescript';
import { functionAround, isFunctionNode, isHydrating, namedFunctionAround, type FunctionNode } from '../functions.ts';
import { nameByEvents, type EventNames } from './naming.ts';
import type { Operation } from './run.ts';
import type { Trace } from './state.ts';
import type { CreateEntry, RemoveEntry, TraceEntry, WriteEntry } from './trace.ts';
import type { Const } from './values.ts';

export type Happening = WriteEntry | CreateEntry | RemoveEntry;

export interface History {
  readonly happenings: readonly Happening[];
  /** Seen only where a function was run by itself although others run it: what its callers demand is not in it. */
  isOutOfContext(entry: Happening): boolean;
  /** Names of the events that were said about a happening, or about what it did to a field, on any path. */
  eventsOf(entry: Happening, field?: string): readonly string[];
}

export function readHistory(operations: readonly Operation[], entered: ReadonlySet<FunctionNode>): History {
  const happenings = new Set<Happening>();
  const events: EventNames = new Map();
  const decided = new Set<string>();
  const alone = new Set<Happening>();
  // Where the program says when an event happens, that says from which states; the application alone says nothing of it.
  for (const { root, traces, applies } of [...operations].sort(
    (a, b) => Number(a.applies !== undefined) - Number(b.applies !== undefined),
  )) {
    if (applies !== undefined && decided.has(applies)) continue;
    for (const trace of traces) {
      const entries = inOrder(trace);
      for (const entry of entries)
        if (applies === undefined && entry.kind !== 'emit' && entry.kind !== 'remove' && entry.event !== undefined)
          decided.add(entry.event);
      for (const entry of entries) {
        if (entry.kind === 'emit') continue;
        happenings.add(entry);
        if (isFunctionNode(root) && (functionAround(entry.node) === root || entered.has(root))) alone.add(entry);
      }
      nameByEvents(entries, events);
    }
  }
  return {
    happenings: [...happenings],
    isOutOfContext: (entry) => alone.has(entry),
    eventsOf: (entry, field = '') => [...(events.get(entry)?.get(entry.kind === 'create' ? field : '') ?? [])],
  };
}

/** Entries of all paths that lead here, earlier first. */
function inOrder(trace: Trace): TraceEntry[] {
  const out: TraceEntry[] = [];
  const seen = new Set<Trace>();
  // Deep chains: an explicit stack, not recursion.
  const stack: { trace: Trace; next: number }[] = [{ trace, next: 0 }];
  seen.add(trace);
  while (stack.length > 0) {
    const top = stack.at(-1) as { trace: Trace; next: number };
    const before = top.trace.before[top.next];
    if (before) {
      top.next += 1;
      if (!seen.has(before)) {
        seen.add(before);
        stack.push({ trace: before, next: 0 });
      }
      continue;
    }
    if (top.trace.entry) out.push(top.trace.entry);
    stack.pop();
  }
  return out;
}

/** A keeper's `remove` is not what the business calls it: then that of whoever asked for it. */
function callersOf(entry: RemoveEntry): ts.Node[] {
  const places = [entry.node];
  let run = entry.within;
  while (
    run?.outer &&
    /^(?:remove|delete|drop|destroy|del|erase|take|discard)$/.test(namedFunctionAround(run.fn) ?? '')
  ) {
    run = run.outer;
    places.unshift(run.fn);
  }
  return places;
}

/** Without an event: the innermost named function in which the new state is written out, or which makes the thing. */
export function functionNameOf(entry: Happening, value: Const | undefined): string | undefined {
  const places: (ts.Node | undefined)[] =
    entry.kind === 'write' ? [value?.origin, entry.node] : entry.kind === 'remove' ? callersOf(entry) : [entry.node];
  for (const place of places) {
    const name = place && namedFunctionAround(place);
    if (name !== undefined && name !== 'constructor' && !isHydrating(name)) return name;
  }
  return undefined;
}
