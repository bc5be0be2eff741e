// Walks the objects of a program from its roots, a slice at a time, and writes down what it finds. Runs as text inside the target, between
// two turns of its event loop: it names nothing but its arguments, runs no code of the program, changes nothing, and holds on to what it
// has seen only until it is let go.
import type { Forms, Key, WalkedKind } from './forms.ts';
import type { FunctionPlace, Look, Seen } from './look.ts';
import type { Met } from './met.ts';

export interface WalkLimits {
  /** Values, or characters, in one slice. */
  readonly sliceValues: number;
  readonly sliceText: number;
  /** Named properties of longer arrays are not looked for: only listing all indices as well would find them. */
  readonly listedLength: number;
  /** Of a longer array the beginning is written. */
  readonly mostElements: number;
  /** Functions of one place in the source whose variables are read. */
  readonly mostClosures: number;
}

export interface WalkRoots {
  /** In the order in which they are walked; the first is the global object. */
  readonly first: readonly object[];
  /** Walked when nothing else is left. */
  readonly last: readonly object[];
}

/** A slice of so many milliseconds as JSON: `{done, objects, left, records}`. The records are described where they are read, in parse. */
export type WalkSlice = (ms: number) => string;

export function createWalk(
  forms: Forms,
  met: Met,
  look: Look | undefined,
  roots: WalkRoots,
  isProgram: (place: FunctionPlace) => boolean,
  limits: WalkLimits,
  now: () => number,
): WalkSlice {
  interface Class {
    readonly index: number;
    readonly name: string;
    /** Its instances have private fields. */
    readonly hides: boolean;
    readonly isWeakRef: boolean;
  }
  const ASKED_AT_ONCE = 16;
  const PIECE = 256;
  const SHAPES = 20000;
  /** Of a function, what V8 makes of the source; of an error, text that is only made when it is asked for. */
  const SKIPPED: { readonly [kind: string]: readonly string[] } = {
    function: ['length', 'name', 'arguments', 'caller', 'prototype'],
    error: ['stack'],
  };
  const mapNext = (Object.getPrototypeOf(new Map().entries()) as Iterator<unknown>).next;
  const setNext = (Object.getPrototypeOf(new Set().values()) as Iterator<unknown>).next;
  const [mapEntries, setValues, deref, textOf] = [
    Map.prototype.entries,
    Set.prototype.values,
    WeakRef.prototype.deref,
    Function.prototype.toString,
  ];
  const { encode, member, keyText, dataOf, prototypeOf } = forms;
  const { idOf, list } = met;
  const classes = new Map<object | null, Class>();
  const shapes = new Map<string, number>();
  const closures = new Map<string, number>();
  let asks: number[] = [];
  /** What is being written, in pieces: each says whether it was the last. */
  let going: (() => boolean)[] = [];
  let last: readonly object[] = roots.last;
  let next = 0;
  let records: unknown[] = [];
  let values = 0;

  const write = (...record: unknown[]): void => {
    records.push(record);
    values += record.length;
  };
  const functionOf = (prototype: object): object | undefined => {
    const made = dataOf(prototype, 'constructor');
    return typeof made === 'function' && forms.kindOf(made) === 'function' ? made : undefined;
  };
  const classOf = (prototype: object | null): Class => {
    const known = classes.get(prototype);
    if (known) return known;
    const maker = prototype ? functionOf(prototype) : undefined;
    const own = maker && dataOf(maker, 'name');
    let name = typeof own === 'string' ? own : '';
    let tag: unknown;
    let hides = false;
    for (let at = prototype; at; at = prototypeOf(at)) {
      if (typeof tag !== 'string') tag = dataOf(at, Symbol.toStringTag);
      const each = functionOf(at);
      const source: string = each && !hides ? textOf.call(each) : '';
      hides = hides || (source.slice(0, 5) === 'class' && /#[\p{ID_Start}$_]/u.test(source));
    }
    if (name === '' || name === 'Object') name = typeof tag === 'string' && tag !== '' ? tag : name || 'Object';
    const entry = { index: classes.size, name, hides, isWeakRef: maker === WeakRef };
    classes.set(prototype, entry);
    // The prototype is named as well: it looks like an instance and is none.
    write('c', name, maker ? idOf(maker) : -1, prototype ? idOf(prototype) : -1);
    return entry;
  };

  const inPieces = (record: readonly unknown[], more: () => readonly unknown[] | undefined): void => {
    going.push(() => {
      const piece: unknown[] = [...record];
      for (let each = more(); each; each = more()) {
        for (const value of each) piece.push(value);
        if (piece.length < PIECE) continue;
        write(...piece);
        return false;
      }
      if (piece.length > record.length) write(...piece);
      return true;
    });
  };
  const properties = (object: object, id: number, keys: readonly Key[]): void => {
    if (keys.length === 0) return;
    if (keys.length <= PIECE && shapes.size < SHAPES) {
      const names = keys.map(keyText);
      const form = names.join('\0');
      let shape = shapes.get(form);
      if (shape === undefined) {
        shapes.set(form, (shape = shapes.size));
        write('s', ...names);
      }
      write('p', id, shape, ...keys.map((key) => member(object, key)));
      return;
    }
    let at = 0;
    inPieces(['n', id], () => {
      const key = keys[at++];
      return key === undefined ? undefined : [keyText(key), member(object, key)];
    });
  };
  const isIndex = (key: Key | undefined): boolean => typeof key === 'string' && /^\d+$/.test(key);
  /** The indices of an array come before its names. */
  const namesOf = (object: object): Key[] => {
    const keys = Reflect.ownKeys(object);
    let from = keys.length;
    while (from > 0 && !isIndex(keys[from - 1])) from--;
    return keys.slice(from).filter((key) => key !== 'length');
  };
  const elements = (array: readonly unknown[], id: number): void => {
    const length = Math.min(array.length, limits.mostElements);
    if (length < array.length) write('k', id, array.length);
    let at = 0;
    inPieces(['e', id], () => {
      if (at >= length) return undefined;
      const from = at;
      // A run of holes by its length.
      while (at < length && at - from < PIECE * PIECE && !Object.prototype.hasOwnProperty.call(array, at)) at++;
      if (at > from) return [[from - at]];
      return [member(array, String(at++))];
    });
  };
  const entries = (record: readonly unknown[], step: () => IteratorResult<unknown, unknown>, isMap: boolean): void =>
    inPieces(record, () => {
      const { done, value } = step();
      if (done) return undefined;
      return isMap ? (value as unknown[]).map(encode) : [encode(value)];
    });

  const keysOf = (object: object, kind: WalkedKind): Key[] => {
    const skip = SKIPPED[kind] || [];
    const keys = Reflect.ownKeys(object);
    // What the runtime brings along is not enumerable, and some of it only made when it is looked at.
    if (object === globalThis) return keys.filter((key) => Object.prototype.propertyIsEnumerable.call(object, key));
    return skip.length > 0 ? keys.filter((key) => skip.indexOf(key as string) < 0) : keys;
  };
  const begin = (id: number): void => {
    const object = list[id] as object;
    const kind: WalkedKind = forms.kindOf(object);
    if (kind === 'proxy') {
      write('o', id, kind, classOf(null).index);
      asks.push(id);
      return;
    }
    const { index, name, hides, isWeakRef } = classOf(prototypeOf(object));
    const own = kind === 'function' ? dataOf(object, 'name') : undefined;
    write('o', id, isWeakRef ? 'weak' : kind, index, ...(typeof own === 'string' && own !== '' ? [own] : []));
    if (kind === 'function' || kind === 'promise' || hides) asks.push(id);
    const leaf = forms.leafOf(object, kind, name);
    if (leaf !== undefined) write('l', id, leaf);
    const listed = kind === 'array' || kind === 'bytes';
    const size = listed ? Number((object as ArrayLike<unknown>).length || 0) : 0;
    if (!listed) properties(object, id, keysOf(object, kind));
    else if (size <= limits.listedLength) properties(object, id, namesOf(object));
    if (kind === 'array') elements(object as unknown[], id);
    if (kind === 'map') {
      const iterator = mapEntries.call(object as Map<unknown, unknown>);
      entries(['m', id], () => mapNext.call(iterator) as IteratorResult<unknown>, true);
    }
    if (kind === 'set') {
      const iterator = setValues.call(object as Set<unknown>);
      entries(['t', id], () => setNext.call(iterator) as IteratorResult<unknown>, false);
    }
    if (isWeakRef) {
      try {
        const target = deref.call(object as WeakRef<object>);
        if (target !== undefined) write('v', id, '[[Target]]', encode(target));
      } catch {
        // An object that only has the prototype of one.
      }
    }
  };

  const tell = (id: number, { place, internal, privates, scopes }: Seen): void => {
    if (place) write('f', id, ...place);
    if ('[[Target]]' in internal) write('x', id, encode(internal['[[Target]]']));
    const state = internal['[[PromiseState]]'];
    if (state !== undefined) write('d', id, state);
    const held: unknown[] = [];
    if (state !== undefined && state !== 'pending')
      held.push('[[PromiseResult]]', encode(internal['[[PromiseResult]]']));
    for (const name of ['[[TargetFunction]]', '[[BoundThis]]'])
      if (name in internal) held.push(name, encode(internal[name]));
    const given = internal['[[BoundArgs]]'];
    if (Array.isArray(given)) given.forEach((each, n) => held.push(`[[BoundArgs]][${n}]`, encode(each)));
    const names = new Set<Key>();
    for (const scope of scopes) {
      if (scope === globalThis || forms.kindOf(scope) === 'proxy') continue;
      for (const key of Reflect.ownKeys(scope)) {
        if (names.has(key)) continue;
        names.add(key);
        held.push(keyText(key), member(scope, key));
      }
    }
    if (held.length > 0) write('v', id, ...held);
    if (privates.length > 0) write('h', id, ...([] as unknown[]).concat(...privates.map(([n, v]) => [n, encode(v)])));
  };
  /** Closures of one place differ only in what they closed over; of very many the first ones are enough to find their class. */
  const isWanted = (place: FunctionPlace): boolean => {
    if (!isProgram(place)) return false;
    const at = place.join(':');
    const before = closures.get(at) || 0;
    closures.set(at, before + 1);
    if (before === limits.mostClosures) write('k', -1, at);
    return before < limits.mostClosures;
  };

  for (const root of roots.first) idOf(root);
  write('r', ...roots.first.map(idOf));
  return (ms) => {
    const end = now() + ms;
    const textEnd = forms.written() + limits.sliceText;
    const isOver = (): boolean => now() >= end || values >= limits.sliceValues || forms.written() >= textEnd;
    let done = false;
    while (!done && !isOver()) {
      const piece = going[0];
      if (piece) {
        if (piece()) going = going.slice(1);
      } else if (next < list.length && asks.length < ASKED_AT_ONCE) begin(next++);
      else if (asks.length > 0 && look) {
        const ids = asks.slice(0, ASKED_AT_ONCE);
        asks = asks.slice(ids.length);
        look(
          ids.map((id) => list[id] as object),
          isWanted,
        ).forEach((seen, n) => tell(ids[n] as number, seen));
      } else if (asks.length > 0) asks = [];
      else if (last.length > 0) {
        for (const root of last) idOf(root);
        last = [];
      } else done = true;
    }
    const slice = JSON.stringify({ done, objects: list.length, left: list.length - next, records });
    records = [];
    values = 0;
    return slice;
  };
}
