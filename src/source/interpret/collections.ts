// Lists, sets, maps and tables: those written out in the program are known item by item, all others by what their type says they hold.
import ts from 'typescript';
import { testMember } from './conditions.ts';
import { propertyOf } from './evaluate.ts';
import { iterate, mapItems, overItems } from './iteration.ts';
import { noteInto, noteKey } from './links.ts';
import { evalAll, one, type Machine, type Result } from './machine.ts';
import { makeObject, readField, symbolic, symbolicOf } from './objects.ts';
import { removeByMethod, removeFrom } from './removal.ts';
import type { State } from './state.ts';
import {
  constant,
  identityOf,
  isNothing,
  undefinedConst,
  type Abs,
  type Const,
  type Frame,
  type Ref,
} from './values.ts';

/** A table with more rows is data, not rules. */
export const MOST_ROWS = 48;

/** Lists written out and made over one by one are short. */
const MOST_MAPPED = 6;

export function listOf(m: Machine, node: ts.ArrayLiteralExpression, state: State, frame: Frame): Result[] {
  if (node.elements.length > MOST_ROWS * 4) return one(state, symbolicOf(m, state, node));
  return evalAll(
    m,
    node.elements.map((e) => (ts.isSpreadElement(e) ? e.expression : e)),
    state,
    frame,
  ).map(({ state: after, values }) => {
    const items: Abs[] = [];
    let known = true;
    values.forEach((value, i) => {
      const element = node.elements[i] as ts.Expression;
      if (!ts.isSpreadElement(element)) items.push(value);
      else if (value.kind === 'obj' && after.obj(value).items) items.push(...(after.obj(value).items ?? []));
      else known = false;
    });
    const type = m.checker.getTypeAtLocation(node);
    return {
      state: after,
      value: makeObject(m, after, { fresh: true, type, ...(known ? { items } : { samples: items }) }),
    };
  });
}

export function elementAt(
  m: Machine,
  state: State,
  object: Abs,
  key: Abs,
  node: ts.ElementAccessExpression,
  frame: Frame,
): Result[] {
  if (isNothing(object)) return node.questionDotToken ? one(state, undefinedConst) : [];
  if (object.kind !== 'obj') {
    if (key.kind === 'const' && typeof key.value === 'string')
      return propertyOf(m, state, object, key.value, node, frame);
    return one(state, symbolicOf(m, state, node));
  }
  const obj = state.obj(object);
  if (obj.items)
    return pick(
      state,
      obj.items.map((item, i) => [constant(i), item] as const),
      key,
    );
  if (obj.closed)
    return pick(
      state,
      [...obj.fields].map(([name, value]) => [constant(name), value] as const),
      numberAsText(key),
    );
  if (key.kind === 'const' && typeof key.value === 'string' && obj.draft)
    return readField(m, state, object, key.value, frame, node);
  return lookUp(m, state, object, key, node);
}

/** Keys of objects are text, also where they were written as numbers. */
function numberAsText(key: Abs): Abs {
  if (key.kind === 'const' && typeof key.value === 'number') return constant(String(key.value));
  return key;
}

/** A row of a known table: one path for each row that the key admits, and one for none. */
export function pick(state: State, rows: readonly (readonly [Abs, Abs])[], key: Abs): Result[] {
  const out: Result[] = [];
  const keys = rows.map(([k]) => k).filter((k): k is Const => k.kind === 'const');
  const values = state.valuesOf(key);
  // A table of handlers: each of them is an operation of its own.
  const isDispatch = values === undefined && rows.some(([, value]) => value.kind === 'fn');
  if (keys.length < rows.length || rows.length > MOST_ROWS || isDispatch) return one(state, { kind: 'sym', id: -1 });
  const wanted = (k: Const): Const => values?.find((v) => String(v.value) === String(k.value)) ?? k;
  for (const [k, value] of rows) {
    const path = state.fork();
    if (path.assumeIn(key, [wanted(k as Const)])) out.push({ state: path, value });
  }
  const rest = state.fork();
  if (rest.assumeNotIn(key, keys.map(wanted))) out.push({ state: rest, value: undefinedConst });
  return out;
}

/** What a store gives for a key: the same object for the same key. */
export function lookUp(m: Machine, state: State, container: Ref, key: Abs | undefined, node: ts.Expression): Result[] {
  const name = `@${key ? identityOf(key) : node.pos}`;
  const known = state.obj(container).fields.get(name);
  if (known) return one(state, known);
  const type = m.checker.getTypeAtLocation(node);
  const declared = elementType(m, state.obj(container).type);
  const draft =
    m.table.of(type) ?? (declared && m.table.of(declared)) ?? state.obj(container).element ?? m.inference.typeOf(node);
  const value = symbolic(m, state, m.table.of(type) || !declared ? type : declared, draft);
  if (value.kind === 'obj' && key) {
    state.update(value, { key });
    if (draft) noteKey(m, state, key, draft);
  }
  state.setField(container, name, value);
  return one(state, value);
}

export function elementType(m: Machine, type: ts.Type | undefined): ts.Type | undefined {
  if (!type) return undefined;
  const name = type.symbol?.name ?? '';
  const parts =
    (type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference
      ? m.checker.getTypeArguments(type as ts.TypeReference)
      : [];
  if (/^(?:Readonly)?(?:Weak)?Map$/.test(name)) return parts[1];
  if (/^(?:Readonly)?(?:Array|Set)$|^WeakSet$/.test(name)) return parts[0];
  return m.checker.getIndexInfosOfType(type)[0]?.type;
}

const ITERATING = new Set([
  'forEach',
  'map',
  'filter',
  'some',
  'every',
  'find',
  'findLast',
  'flatMap',
  'findIndex',
  'reduce',
  'sort',
]);

/** Methods of the language's own collections; undefined where this is no such call. */
export function callCollection(
  m: Machine,
  state: State,
  receiver: Abs,
  method: string,
  args: readonly Abs[],
  call: ts.CallExpression,
  frame: Frame,
): Result[] | undefined {
  if (receiver.kind !== 'obj') return undefined;
  const obj = state.obj(receiver);
  const [first] = args;
  if (obj.items) {
    if ((method === 'includes' || method === 'has') && first) return asBoolean(testMember(state, obj.items, first));
    if (method === 'indexOf' && first) {
      const { yes, no } = testMember(state, obj.items, first);
      return [
        ...yes.map((s) => ({ state: s, value: constant(0) })),
        ...no.map((s) => ({ state: s, value: constant(-1) })),
      ];
    }
    if (
      (method === 'some' || method === 'every' || method === 'find') &&
      first?.kind === 'fn' &&
      obj.items.length <= MOST_ROWS
    )
      return overItems(m, state, obj.items, method, first, frame);
    if (method === 'map' && first?.kind === 'fn' && obj.items.length <= MOST_MAPPED)
      return mapItems(m, state, obj.items, first, frame);
  }
  if (obj.entries && first) {
    if (method === 'get') return pick(state, obj.entries, first);
    if (method === 'has')
      return asBoolean(
        testMember(
          state,
          obj.entries.map(([k]) => k),
          first,
        ),
      );
  }
  if ((method === 'set' || method === 'add' || method === 'push') && first) {
    noteInto(m, state, receiver, first);
    noteInto(m, state, receiver, args[1]);
  }
  if (method === 'get' && first && isCollection(obj.type)) return lookUp(m, state, receiver, first, call);
  if (method === 'delete' && isCollection(obj.type)) {
    removeFrom(m, state, receiver, first, call, frame);
    return one(state, { kind: 'sym', id: m.fresh() });
  }
  if ((method === 'splice' || method === 'clear') && isCollection(obj.type)) {
    removeByMethod(m, state, method, call);
    return one(state, symbolicOf(m, state, call));
  }
  if (ITERATING.has(method) && first?.kind === 'fn') return iterate(m, state, receiver, method, args, call, frame);
  if (method === 'push' && obj.items && obj.fresh) {
    state.update(receiver, { items: [...obj.items, ...args] });
    return one(state, { kind: 'sym', id: m.fresh() });
  }
  if (
    (method === 'values' || method === 'slice' || method === 'concat' || method === 'reverse') &&
    isCollection(obj.type)
  )
    return one(state, receiver);
  if ((method === 'pop' || method === 'shift' || method === 'at') && isCollection(obj.type)) {
    const found = lookUp(m, state, receiver, undefined, call);
    if (method !== 'at') for (const { state: after, value } of found) removeByMethod(m, after, method, call, value);
    return found;
  }
  return undefined;
}

function isCollection(type: ts.Type | undefined): boolean {
  return type !== undefined && /^(?:Readonly)?(?:Weak)?(?:Map|Set|Array)$/.test(type.symbol?.name ?? '');
}

function asBoolean({ yes, no }: { yes: State[]; no: State[] }): Result[] {
  return [
    ...yes.map((s) => ({ state: s, value: constant(true) })),
    ...no.map((s) => ({ state: s, value: constant(false) })),
  ];
}
