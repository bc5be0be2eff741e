// The part of the probe that reads objects of the program: which entity one is, its key, its states, plain values. Never calls an
// accessor. Sent as text together with the probe, so it refers to nothing outside itself.
import type { SecretRules } from '../model/index.ts';
import type { WatchedEntity } from './plan.ts';

export type Bag = Record<string, unknown>;
export type ProbeReading = ReturnType<typeof probeReading>;

/** @param privates what constructors told of private members @param reveal attributes of which a person said that they hold no secret */
export function probeReading(
  entities: readonly WatchedEntity[],
  privates: WeakMap<object, Bag>,
  rules: SecretRules,
  reveal: readonly string[],
) {
  const byName = new Map(entities.map((entity, n) => [entity.name, n]));
  const descriptor = Object.getOwnPropertyDescriptor;
  const owns = Object.prototype.hasOwnProperty;
  const isBag = (value: unknown): value is Bag =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';
  const valueOf = (object: Bag, name: string, found: PropertyDescriptor): unknown => {
    if ('value' in found) return found.value;
    return bagOf(object, name)?.[name];
  };
  /** Where an accessor keeps what it gives, without calling it: the one plain object the instance has with that name in it. */
  const bagOf = (object: Bag, name: string): Bag | undefined => {
    let kept: Bag | undefined;
    for (const key of Object.keys(object)) {
      const value = descriptor(object, key)?.value as unknown;
      if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) continue;
      if (!descriptor(value, name)) continue;
      if (kept) return undefined;
      kept = value as Bag;
    }
    return kept;
  };
  const get = (object: Bag, name: string): unknown => {
    if (name.startsWith('#')) return privates.get(object)?.[name];
    let at: object | null = object;
    const found = descriptor(at, name);
    if (found) return valueOf(object, name, found);
    for (at = Object.getPrototypeOf(object) as object | null; at; at = Object.getPrototypeOf(at) as object | null) {
      const inherited = descriptor(at, name);
      if (inherited) return valueOf(object, name, inherited);
    }
    return undefined;
  };
  const has = (object: Bag, name: string): boolean => {
    if (name.startsWith('#')) return privates.get(object)?.[name] !== undefined;
    if (owns.call(object, name)) return true;
    const at = Object.getPrototypeOf(object) as object | null;
    const inherited = at ? descriptor(at, name) : undefined;
    return inherited !== undefined && !('value' in inherited) && bagOf(object, name) !== undefined;
  };

  /** Which entity an object is: what its site says, its class, or its form. */
  const entityOf = (object: Bag, given: readonly number[]): number => {
    if (given.length === 1) return given[0] as number;
    try {
      let at = Object.getPrototypeOf(object) as Bag | null;
      for (let depth = 0; at && depth < 4; depth++) {
        const made = descriptor(at, 'constructor');
        const name = made && 'value' in made ? (made.value as { name?: unknown }).name : undefined;
        const index = typeof name === 'string' ? byName.get(name) : undefined;
        if (index !== undefined) return index;
        if (depth === 0 && name !== 'Object' && name !== undefined && given.length === 0)
          at = Object.getPrototypeOf(at) as Bag;
        else at = Object.getPrototypeOf(at) as Bag | null;
      }
      if (given.length > 0) return given[0] as number;
      if (Object.getPrototypeOf(object) !== Object.prototype) return -1;
      let [best, most] = [-1, 0];
      for (let n = 0; n < entities.length; n++) {
        const entity = entities[n] as WatchedEntity;
        if (!entity.identity.every((name) => owns.call(object, name))) continue;
        if (!entity.states.some((name) => owns.call(object, name))) continue;
        const keys = Object.keys(object);
        const known = keys.filter((key) => entity.properties.includes(key) || entity.secrets.includes(key)).length;
        if (known * 10 < keys.length * 8 || known < 2) continue;
        if (known > most) [best, most] = [n, known];
      }
      return best;
    } catch {
      return -1;
    }
  };
  const stateOf = (e: number, name: string, value: unknown): unknown => {
    const tag = entities[e]?.tags[name];
    if (tag === undefined || !isBag(value)) return value;
    return tag === 'constructor' ? (value.constructor as { name?: unknown }).name : get(value, tag);
  };
  const statesOf = (e: number, object: Bag): Bag => {
    const out: Bag = {};
    for (const name of entities[e]?.states ?? [])
      if (has(object, name)) out[name] = stateOf(e, name, get(object, name));
    return out;
  };
  const keyOf = (e: number, object: Bag): string | number | undefined => {
    const parts = (entities[e]?.identity ?? []).map((name) => get(object, name));
    if (parts.length === 0) return undefined;
    if (parts.some((part) => part === undefined || part === null || part === '')) return undefined;
    const [only] = parts;
    if (parts.length === 1) return typeof only === 'number' || typeof only === 'string' ? only : idText(only);
    const texts = parts.map(idText);
    return texts.some((text) => text === undefined) ? undefined : texts.join('/');
  };
  const idText = (value: unknown): string | undefined => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return String(value);
    if (isBag(value) && typeof (value as { toHexString?: unknown }).toHexString === 'function') return String(value);
    return undefined;
  };
  // Texts recur: whether one holds a secret is asked once, not for each event.
  const judged = new Map<string, boolean>();
  const isSecretText = (text: string): boolean => {
    if (text.length < 13) return false;
    let secret = judged.get(text);
    if (secret === undefined) {
      if (judged.size >= 2000) judged.clear();
      secret = rules.looksSecretText(text);
      if (text.length <= 256) judged.set(text, secret);
    }
    return secret;
  };
  const hidden = { $type: 'truncated', value: { length: 0, head: '' }, why: 'redacted' };
  /** A value as it may leave the process; undefined: it is none that is copied. */
  const plain = (value: unknown, isOpen = false): unknown => {
    switch (typeof value) {
      case 'string':
        if (!isOpen && isSecretText(value)) return hidden;
        return value.length <= 1024
          ? value
          : { $type: 'truncated', value: { length: value.length, head: value.slice(0, 256) }, why: 'long' };
      case 'number':
        if (Number.isNaN(value)) return { $type: 'nan' };
        if (Math.abs(value) === Infinity) return { $type: value > 0 ? 'infinity' : '-infinity' };
        return Object.is(value, -0) ? { $type: 'minus-zero' } : value;
      case 'boolean':
        return value;
      case 'bigint':
        return { $type: 'bigint', value: String(value) };
      case 'undefined':
        return { $type: 'undefined' };
      case 'object':
        if (value === null) return null;
        if (value instanceof Date)
          return { $type: 'date', value: Number.isNaN(value.getTime()) ? { $type: 'nan' } : value.toISOString() };
        return undefined;
      default:
        return undefined;
    }
  };
  const opened = new Map<string, boolean>();
  const told = (e: number, name: string, value: unknown): unknown => {
    if (reveal.length === 0) return plain(value);
    const slot = `${e}.${name}`;
    let isOpen = opened.get(slot);
    if (isOpen === undefined) {
      isOpen = reveal.some((pattern) => rules.matches(pattern, entities[e]?.name ?? '', name.replace(/^#/, '')));
      opened.set(slot, isOpen);
    }
    return plain(value, isOpen);
  };
  const toldBag = (e: number, bag: Bag): Bag => {
    const out: Bag = {};
    for (const name of Object.keys(bag)) {
      const value = told(e, name, bag[name]);
      if (value !== undefined) out[name] = value;
    }
    return out;
  };
  /** All of an instance that may be told; of its secrets that they are there. */
  const toldWhole = (e: number, object: Bag): Bag => {
    const all: Bag = {};
    for (const name of entities[e]?.properties ?? []) if (has(object, name)) all[name] = get(object, name);
    const out = toldBag(e, all);
    for (const name of entities[e]?.secrets ?? []) if (has(object, name)) out[name] = hidden;
    return out;
  };
  const stackOf = (): string => {
    const holder = Error as unknown as { prepareStackTrace?: unknown; stackTraceLimit: number };
    const { prepareStackTrace, stackTraceLimit } = holder;
    try {
      holder.prepareStackTrace = undefined;
      holder.stackTraceLimit = 16;
      return String(new Error().stack);
    } finally {
      holder.prepareStackTrace = prepareStackTrace;
      holder.stackTraceLimit = stackTraceLimit;
    }
  };
  return { stackOf, isBag, get, has, entityOf, statesOf, stateOf, keyOf, plain, told, toldBag, toldWhole };
}
