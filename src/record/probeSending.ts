// The part of the probe that sees events being sent: under which name, and about which things, by their keys. What is told of an event
// besides is nothing. Sent as text together with the probe, so it refers to nothing outside itself.
import type { SecretRules } from '../model/index.ts';
import type { Bag, ProbeReading } from './probeReading.ts';
import type { Place, ProbeRing, Seen } from './probeRing.ts';

export function probeSending(
  sites: ReadonlyMap<number, Place>,
  reading: ProbeReading,
  ring: ProbeRing,
  rules: SecretRules,
) {
  const { isBag, get, entityOf } = reading;
  const tags = ['type', 'eventType', 'eventName', 'event', 'name', 'kind', '_tag', 'tag', 'topic', 'subject'];
  const [mostMentions, mostNames, mostDepth, longest] = [24, 32, 2, 128];
  const keyName =
    /(?:^|[_.a-z])(?:ids?|Ids?|ID|key|Key|code|Code|number|Number|no|No|ref|Ref|sku|Sku|slug|uuid|subject|reference)$/;
  const later = queueMicrotask;
  const nothing: Bag = {};
  let isQueued = false;

  const isName = (value: unknown): value is string =>
    typeof value === 'string' && value.length > 0 && value.length <= longest && !/\s/.test(value);
  /** Of a class of its own: the class. Otherwise what it says it is. */
  const nameIn = (given: Bag): string | undefined => {
    const made = get(given, 'constructor') as { readonly name?: unknown } | undefined;
    const own = typeof made === 'function' ? (made as { readonly name?: unknown }).name : undefined;
    if (isName(own) && own.length > 2 && !/^(?:Object|Array|Map|Set|Date|Error|Promise|Buffer|Uint8Array)$/.test(own))
      return own;
    for (const tag of tags) {
      const value = get(given, tag);
      if (isName(value)) return value;
    }
    return undefined;
  };
  const nameOf = (all: readonly unknown[]): string | undefined => {
    for (const each of all) {
      if (typeof each === 'string') return isName(each) ? each : undefined;
      if (!isBag(each) || typeof each === 'function') continue;
      const name = entityOf(each, []) >= 0 ? undefined : nameIn(each);
      if (name !== undefined) return name;
    }
    return undefined;
  };
  const mention = (value: unknown, name: string, depth: number, out: Mention[]): void => {
    if (out.length >= mostMentions) return;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
      const isKey = name === '' || (keyName.test(name) && !rules.looksSecret(name));
      if (isKey && !(typeof value === 'string' && (value.length > longest || rules.looksSecretText(value))))
        out.push([typeof value === 'bigint' ? String(value) : value, name]);
      return;
    }
    if (!isBag(value) || typeof value === 'function') return;
    const e = entityOf(value, []);
    if (e >= 0) out.push([value, e]);
    if (depth >= mostDepth) return;
    if (Array.isArray(value)) {
      for (const each of value.slice(0, 8)) mention(each, name, depth + 1, out);
      return;
    }
    if (e >= 0 && depth > 0) return;
    for (const key of Object.keys(value).slice(0, mostNames)) {
      const inner = get(value, key);
      // `{ orderId: { value: 'o1' } }`: what holds one key is that key.
      const isOnly = /^(?:value|_value|id|_id)$/.test(key) && name !== '';
      mention(inner, isOnly ? name : key, depth + 1, out);
    }
  };
  const send = (id: number, self: unknown, receiver: unknown, all: readonly unknown[]): void => {
    try {
      const site = ring.on ? sites.get(id) : undefined;
      const name = site && nameOf(all);
      if (!site || name === undefined) return;
      const mentions: Mention[] = [];
      for (const each of all) if (each !== name) mention(each, '', 0, mentions);
      for (const each of [self, receiver]) {
        const e = isBag(each) ? entityOf(each, []) : -1;
        if (e >= 0) mentions.push([each as Bag, e]);
      }
      const seen: Seen = { s: id, o: nothing, e: -1, n: name, m: mentions };
      ring.tell(site, seen);
      if (isQueued) return;
      isQueued = true;
      later(() => {
        isQueued = false;
        if (ring.on) ring.tell(site, { s: id, o: nothing, e: -1, n: '' });
      });
    } catch {
      // Whatever an exotic object does, the program goes on as if nobody looked.
    }
  };
  return {
    /** An event is sent with what follows, which is given on. */
    r(id: number, self: unknown, receiver: unknown, ...all: unknown[]): unknown[] {
      send(id, self, receiver, all);
      return all;
    },
    /** As `r`, where nothing can be put after it. */
    R: (id: number, self: unknown, receiver: unknown) => ({
      set v(value: unknown) {
        send(id, self, receiver, [value]);
      },
    }),
  };
}

/** A thing with its entity, or a value that may be a key with the name under which it was given. */
export type Mention = readonly [thing: Bag, entity: number] | readonly [key: string | number, name: string];
