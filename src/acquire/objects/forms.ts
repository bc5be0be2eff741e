// How the values of a program are written down while it is walked. Runs as text inside the target: it names nothing but its arguments,
// and runs no code of the program: no getter, no trap of a proxy.
import type * as Util from 'node:util';

export type Key = string | symbol;
/** In the words of the parser's graph. */
export type WalkedKind =
  | 'object'
  | 'array'
  | 'map'
  | 'set'
  | 'date'
  | 'function'
  | 'regexp'
  | 'error'
  | 'promise'
  | 'proxy'
  | 'bytes'
  | 'boxed'
  | 'weak';

export interface FormLimits {
  /** Characters; of a longer text the beginning is written. */
  readonly longestText: number;
  readonly mostBytes: number;
}

export interface Forms {
  /** A number, text, boolean or null as itself; `[id]` an object; `['-0']`; all else as a tagged value. */
  encode(value: unknown): unknown;
  /** What a property holds; not what it gives. */
  member(object: object, key: Key): unknown;
  /** What a data property holds; undefined for any other. */
  dataOf(object: object, key: Key): unknown;
  prototypeOf(object: object): object | null;
  keyText(key: Key): string;
  kindOf(object: object): WalkedKind;
  /** The value of a date, of bytes and the like, as a tagged one. */
  leafOf(object: object, kind: WalkedKind, className: string): unknown;
  /** Characters written so far. */
  written(): number;
}

export function createForms(types: typeof Util.types, limits: FormLimits, idOf: (object: object) => number): Forms {
  const HEAD = 200;
  const PLAIN = Object.prototype;
  let written = 0;
  const getter = (prototype: object, name: string): ((of: object) => unknown) => {
    const own = Object.getOwnPropertyDescriptor(prototype, name);
    const get = own && own.get;
    return (of) => (get ? (get.call(of) as unknown) : undefined);
  };
  const extent = (prototype: object): ((of: object) => unknown)[] =>
    ['buffer', 'byteOffset', 'byteLength'].map((name) => getter(prototype, name));
  const views = [extent(Object.getPrototypeOf(Uint8Array.prototype) as object), extent(DataView.prototype)] as const;
  const flags = (
    [
      ['d', 'hasIndices'],
      ['g', 'global'],
      ['i', 'ignoreCase'],
      ['m', 'multiline'],
      ['s', 'dotAll'],
      ['u', 'unicode'],
      ['v', 'unicodeSets'],
      ['y', 'sticky'],
    ] as const
  ).map(([flag, name]) => [flag, getter(RegExp.prototype, name)] as const);
  const source = getter(RegExp.prototype, 'source');
  const time = Date.prototype.getTime;
  const unbox = [Number, String, Boolean, Symbol, BigInt].map((each) => each.prototype.valueOf as () => unknown);

  const encode = (value: unknown): unknown => {
    switch (typeof value) {
      case 'number':
        if (Number.isFinite(value)) return Object.is(value, -0) ? ['-0'] : value;
        return { $type: value > 0 ? 'infinity' : value < 0 ? '-infinity' : 'nan' };
      case 'string':
        written += Math.min(value.length, limits.longestText);
        if (value.length <= limits.longestText) return value;
        return { $type: 'truncated', value: { length: value.length, head: value.slice(0, HEAD) }, why: 'long' };
      case 'boolean':
        return value;
      case 'undefined':
        return { $type: 'undefined' };
      case 'bigint':
        return { $type: 'bigint', value: String(value) };
      case 'symbol':
        return { $type: 'symbol', value: value.description || '' };
      default:
        return value === null ? null : [idOf(value as object)];
    }
  };
  const bytesOf = (object: object, className: string): unknown => {
    const ofBuffer = (name: string): unknown =>
      getter(types.isSharedArrayBuffer(object) ? SharedArrayBuffer.prototype : ArrayBuffer.prototype, name)(object);
    const [buffer, offset, length] = types.isAnyArrayBuffer(object)
      ? [object, 0, ofBuffer('byteLength')]
      : (types.isTypedArray(object) ? views[0] : views[1]).map((read) => read(object));
    if (Number(length) > limits.mostBytes) return { $type: 'truncated', value: { length, head: '' }, why: 'long' };
    const text = Buffer.from(buffer as ArrayBuffer, offset as number, length as number).toString('base64');
    written += text.length;
    return { $type: 'bytes', value: text, of: className };
  };
  const unboxed = (object: object): unknown => {
    for (const valueOf of unbox) {
      try {
        return encode(valueOf.call(object));
      } catch {
        // It is a box of another kind.
      }
    }
    return { $type: 'undefined' };
  };

  return {
    encode,
    member(object, key) {
      try {
        const own = Object.getOwnPropertyDescriptor(object, key);
        if (!own) return { $type: 'undefined' };
        return own.get || own.set ? { $type: 'accessor' } : encode(own.value);
      } catch {
        // A binding of a module that has no value yet.
        return { $type: 'undefined' };
      }
    },
    dataOf(object, key) {
      const own = types.isProxy(object) ? undefined : Object.getOwnPropertyDescriptor(object, key);
      return own && (own.value as unknown);
    },
    prototypeOf: (object) => (types.isProxy(object) ? null : (Object.getPrototypeOf(object) as object | null)),
    keyText: (key) => (typeof key === 'string' ? key : `@@${key.description || ''}`),
    kindOf(object) {
      if (types.isProxy(object)) return 'proxy';
      if (typeof object === 'function') return 'function';
      if (Array.isArray(object)) return 'array';
      if (Object.getPrototypeOf(object) === PLAIN && !types.isArgumentsObject(object)) return 'object';
      if (types.isMap(object)) return 'map';
      if (types.isSet(object)) return 'set';
      if (types.isDate(object)) return 'date';
      if (types.isPromise(object)) return 'promise';
      if (types.isNativeError(object)) return 'error';
      if (types.isRegExp(object)) return 'regexp';
      if (ArrayBuffer.isView(object) || types.isAnyArrayBuffer(object)) return 'bytes';
      if (types.isBoxedPrimitive(object)) return 'boxed';
      return types.isWeakMap(object) || types.isWeakSet(object) ? 'weak' : 'object';
    },
    leafOf(object, kind, className) {
      if (kind === 'date') {
        const at = time.call(object as Date);
        return { $type: 'date', value: Number.isNaN(at) ? { $type: 'nan' } : new Date(at).toISOString() };
      }
      if (kind === 'regexp') {
        const set = flags.filter(([, isSet]) => isSet(object) === true).map(([flag]) => flag);
        return { $type: 'regexp', value: `/${String(source(object))}/${set.join('')}` };
      }
      if (kind === 'bytes') return bytesOf(object, className);
      if (kind !== 'boxed') return undefined;
      return { $type: 'object', class: className, value: { '[[PrimitiveValue]]': unboxed(object) } };
    },
    written: () => written,
  };
}
