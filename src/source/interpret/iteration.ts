// Callbacks over collections: row by row where the rows are known, once for any of them where they are not.
import ts from 'typescript';
import { MOST_ROWS } from './collections.ts';
import { one, type Machine, type Result } from './machine.ts';
import { makeObject, symbolic, symbolicOf } from './objects.ts';
import { removeByFilter } from './removal.ts';
import type { State } from './state.ts';
import { constant, undefinedConst, type Abs, type Frame, type Ref } from './values.ts';

/** A test over a known list, row by row: what the rows say of the values they are compared with. */
export function overItems(
  m: Machine,
  state: State,
  items: readonly Abs[],
  method: string,
  test: Extract<Abs, { kind: 'fn' }>,
  frame: Frame,
): Result[] {
  const out: Result[] = [];
  let left: State[] = [state];
  const stopsAt = method !== 'every';
  for (const item of items) {
    const next: State[] = [];
    for (const path of left) {
      for (const { state: after, value } of m.invoke({
        fn: test.node,
        self: test.self,
        args: [item],
        state: path,
        caller: frame,
        outer: test.frame,
      })) {
        const other = after.fork();
        if (after.assumeTruth(value, stopsAt))
          out.push({ state: after, value: method === 'find' ? item : constant(stopsAt) });
        if (other.assumeTruth(value, !stopsAt)) next.push(other);
      }
    }
    left = next.slice(0, MOST_ROWS);
  }
  return [
    ...out,
    ...left.map((path) => ({ state: path, value: method === 'find' ? undefinedConst : constant(!stopsAt) })),
  ];
}

/** A known list made over, item by item. */
export function mapItems(
  m: Machine,
  state: State,
  items: readonly Abs[],
  make: Extract<Abs, { kind: 'fn' }>,
  frame: Frame,
): Result[] {
  let paths: { state: State; made: Abs[] }[] = [{ state, made: [] }];
  for (const item of items) {
    paths = paths.flatMap((path) =>
      m
        .invoke({ fn: make.node, self: make.self, args: [item], state: path.state, caller: frame, outer: make.frame })
        .map((r) => ({ state: r.state, made: [...path.made, r.value] })),
    );
  }
  return paths.map((path) => ({
    state: path.state,
    value: makeObject(m, path.state, { fresh: true, items: path.made }),
  }));
}

/** A callback over what is not known item by item: run once for any of them. */
export function iterate(
  m: Machine,
  state: State,
  receiver: Ref,
  method: string,
  args: readonly Abs[],
  call: ts.CallExpression,
  frame: Frame,
): Result[] {
  const callback = args[0] as Extract<Abs, { kind: 'fn' }>;
  const untouched = state.fork();
  const item = itemOf(m, state, receiver, call, callback);
  const given = method === 'reduce' ? [args[1] ?? item, item] : [item];
  if (m.evolvers.has(callback.node)) return one(state, symbolicOf(m, state, call));
  const results = m.invoke({
    fn: callback.node,
    self: callback.self,
    args: given,
    state,
    caller: frame,
    outer: callback.frame,
  });
  if (method === 'find' || method === 'findLast')
    return results.filter((r) => r.state.assumeTruth(r.value, true)).map((r) => ({ state: r.state, value: item }));
  const made = method === 'map' ? results[0]?.value : undefined;
  const value = (s: State): Abs => {
    const whole = symbolicOf(m, s, call);
    if (made?.kind === 'obj' && s.heap.has(made.id) && whole.kind === 'obj' && !s.obj(whole).draft)
      s.update(whole, { samples: [made] });
    return whole;
  };
  const changed = results
    .filter((r) => r.state.trace !== untouched.trace)
    .map((r) => ({ state: r.state, value: value(r.state) }));
  if (method === 'filter') removeByFilter(m, untouched, receiver, call);
  return [
    ...changed,
    {
      state: untouched,
      value: method === 'some' || method === 'every' ? { kind: 'sym', id: m.fresh() } : value(untouched),
    },
  ];
}

function itemOf(
  m: Machine,
  state: State,
  receiver: Ref,
  call: ts.CallExpression,
  callback: Extract<Abs, { kind: 'fn' }>,
): Abs {
  const items = state.obj(receiver).items;
  if (items?.length === 1) return items[0] as Abs;
  const parameter = callback.node.parameters[0]?.name;
  const declared = parameter && m.checker.getTypeAtLocation(parameter);
  const draft =
    (declared && m.table.of(declared)) ??
    m.inference.elementOf((call.expression as ts.PropertyAccessExpression).expression);
  const item = symbolic(m, state, declared, draft);
  const { heldBy } = state.obj(receiver);
  return item.kind === 'sym' && heldBy ? { ...item, from: heldBy } : item;
}
