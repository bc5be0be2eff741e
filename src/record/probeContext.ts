// The part of the probe that knows in which request something happens: the stores of the service's own AsyncLocalStorage, the HTTP
// request where the workspace file asks for it, the active span of OpenTelemetry. Never calls an accessor of the program; redacts
// before anything is told. Sent as text together with the probe, so it refers to nothing outside itself.
import type { SecretRules } from '../model/index.ts';
import type { ContextOptions, ToldContext, ToldParameter } from './probeAnswer.ts';
import type { ProbeReading } from './probeReading.ts';

/** What surrounded one event, as raw values: told when the ring is drained. */
export interface Frame {
  readonly values: readonly (readonly [dimension: string, name: string, value: unknown])[];
  readonly span: unknown;
}
export type ProbeContext = ReturnType<typeof probeContext>;

export function probeContext(
  { named, redact, reveal }: ContextOptions,
  { isBag, get, plain }: Pick<ProbeReading, 'isBag' | 'get' | 'plain'>,
  rules: SecretRules,
) {
  interface Storage {
    getStore(): unknown;
  }
  type Method = (this: Storage, ...all: unknown[]) => unknown;
  interface HttpStart {
    readonly request?: unknown;
  }
  // A service has one or two; whatever a library adds to them costs each event a little.
  const mostStorages = 4;
  const mostNames = 24;
  // Within one request a store is copied again after so many milliseconds: what was set meanwhile is seen, and a burst stays cheap.
  const freshMs = 1;
  const wantsRequest = named.some(({ path }) => path[0] === 'request');
  const hooks = process.getBuiltinModule?.('node:async_hooks');
  const channels = process.getBuiltinModule?.('node:diagnostics_channel');
  const storages: Storage[] = [];
  const known = new WeakSet<object>();
  const mapGet = Map.prototype.get;
  const prototype = hooks?.AsyncLocalStorage.prototype as unknown as Record<string, Method> | undefined;
  const methods = ['run', 'enterWith', 'getStore'];
  const originals = methods.map((name) => prototype?.[name]);
  const patched: (Method | undefined)[] = [];
  const getStore = originals[2];
  const requests = wantsRequest && hooks ? new hooks.AsyncLocalStorage<unknown>() : undefined;
  if (requests) known.add(requests);
  let isOn = false;
  let last: { stores: unknown[]; span: unknown; until: number; frame: Frame } | undefined;

  const storesNow: unknown[] = [];
  const enter = (message: unknown): void => {
    try {
      originals[1]?.call(requests as unknown as Storage, (message as HttpStart).request);
    } catch {
      // The request goes on without a context.
    }
  };
  /** Storages are met when the program uses them: before that they hold nothing of the requests to come. */
  const patch = (n: number): void => {
    const [name, original] = [methods[n] as string, originals[n]];
    if (!prototype || !original) return;
    const method: Method = function (...all) {
      if (!known.has(this) && isOn) {
        known.add(this);
        if (storages.length < mostStorages) storages.push(this);
      }
      return original.apply(this, all);
    };
    patched[n] = method;
    Object.defineProperty(method, 'name', { value: name, configurable: true });
    Object.defineProperty(prototype, name, { value: method, configurable: true, enumerable: false, writable: true });
  };
  const begin = (): void => {
    if (isOn) return;
    isOn = true;
    methods.forEach((_, n) => patch(n));
    if (requests) channels?.subscribe('http.server.request.start', enter);
  };
  const end = (): void => {
    if (!isOn) return;
    isOn = false;
    last = undefined;
    methods.forEach((name, n) => {
      // Whoever patched the method after this did keeps what is his; ours then only hands on.
      if (!prototype || !patched[n] || prototype[name] !== patched[n]) return;
      const value = originals[n];
      Object.defineProperty(prototype, name, { value, configurable: true, enumerable: false, writable: true });
    });
    if (requests) channels?.unsubscribe('http.server.request.start', enter);
  };

  const otel = Symbol.for('opentelemetry.js.api.1');
  const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');
  // Looked for between events: the library is loaded once, and events are many.
  let traces = otel in globalThis;
  const spanNow = (): unknown => {
    if (!traces) return undefined;
    const api = (globalThis as unknown as Record<symbol, { context?: { active(): unknown } } | undefined>)[otel];
    if (!api?.context) return undefined;
    return (api.context.active() as { getValue(key: symbol): unknown } | undefined)?.getValue(spanKey);
  };

  const step = (value: unknown, key: string): unknown => {
    if (value instanceof Map) return mapGet.call(value, key) as unknown;
    return isBag(value) ? get(value, key) : undefined;
  };
  /** `headers` of a request is an accessor: the list it is made from is not. */
  const header = (request: unknown, name: string): unknown => {
    const raw = isBag(request) ? get(request, 'rawHeaders') : undefined;
    if (!Array.isArray(raw)) return undefined;
    for (let i = 0; i + 1 < raw.length; i += 2)
      if (String(raw[i]).toLowerCase() === name.toLowerCase()) return raw[i + 1] as unknown;
    return undefined;
  };
  const follow = (path: readonly string[], stores: readonly unknown[], request: unknown): unknown => {
    if (path[0] === 'request') {
      if (path[1] === 'headers') return header(request, path.slice(2).join('.'));
      return path.slice(1).reduce(step, request);
    }
    for (const store of stores) {
      const value = path.reduce(step, store);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const isScalar = (value: unknown): boolean => value !== undefined && value !== null && !isBag(value);
  const dimensionOf = (name: string): string => {
    if (/device|agent|browser|platform|terminal|^ip$|[._]ip$|remoteAddress/i.test(name)) return 'device';
    if (/region|zone|^host|hostname|cluster|shard|datacenter|locale|country|endpoint|route|path$|url$/i.test(name))
      return 'space';
    return /(?:At|Time|Date|Deadline|Since|Until)$/.test(name) ? 'time' : 'subject';
  };
  /** Plain values of a store, and those of the objects in it: what a request is told apart by. */
  const shallow = (store: unknown): (readonly [string, unknown])[] => {
    const entries = (at: unknown): (readonly [string, unknown])[] => {
      if (at instanceof Map)
        return [...at.entries()].filter((each): each is [string, unknown] => typeof each[0] === 'string');
      if (!isBag(at) || Array.isArray(at)) return [];
      return Object.keys(at)
        .slice(0, mostNames)
        .map((key) => [key, get(at, key)] as const);
    };
    if (isScalar(store)) return [['store', store]];
    return entries(store)
      .slice(0, mostNames)
      .flatMap(([key, value]) =>
        isScalar(value)
          ? [[key, value] as const]
          : value instanceof Date
            ? [[key, value] as const]
            : entries(value).flatMap(([inner, each]) => (isScalar(each) ? [[`${key}.${inner}`, each] as const] : [])),
      )
      .slice(0, mostNames);
  };

  /** What surrounds the running code; undefined: nothing is known of it. */
  const capture = (now: number): Frame | undefined => {
    if (storages.length === 0 && !requests && !traces) return undefined;
    try {
      let any = false;
      for (let i = 0; i < storages.length; i++) {
        const store = getStore?.call(storages[i] as Storage);
        storesNow[i] = store;
        if (store !== undefined) any = true;
      }
      let count = storages.length;
      const request = requests ? getStore?.call(requests as unknown as Storage) : undefined;
      if (requests) {
        storesNow[count++] = request;
        if (request !== undefined) any = true;
      }
      const span = spanNow();
      if (!any && span === undefined) return undefined;
      if (last && now < last.until && last.span === span && last.stores.length === count) {
        let same = true;
        for (let i = 0; i < count; i++) if (last.stores[i] !== storesNow[i]) same = false;
        if (same) return last.frame;
      }
      const stores = storesNow.slice(0, count);
      const own = stores.slice(0, storages.length);
      const values =
        named.length > 0
          ? named.map(({ dimension, name, path }) => [dimension, name, follow(path, own, request)] as const)
          : own.flatMap((store) => shallow(store).map(([name, value]) => [dimensionOf(name), name, value] as const));
      last = { stores, span, until: now + freshMs, frame: { values, span } };
      return last.frame;
    } catch {
      return undefined;
    }
  };
  const isHidden = (name: string): boolean => {
    const parts = [name, ...name.split('.')];
    if (parts.some((part) => redact.some((pattern) => rules.matches(pattern, 'Context', part)))) return true;
    if (parts.some((part) => reveal.some((pattern) => rules.matches(pattern, 'Context', part)))) return false;
    return parts.some((part) => rules.looksSecret(part));
  };
  const hidden = { $type: 'truncated', value: { length: 0, head: '' }, why: 'redacted' };
  const traceOf = (span: unknown): ToldContext['trace'] => {
    const of = (span as { spanContext?: () => { traceId?: unknown; spanId?: unknown } } | undefined)?.spanContext;
    if (typeof of !== 'function') return undefined;
    const { traceId, spanId } = of.call(span);
    if (typeof traceId !== 'string' || !/^[\da-f]{32}$/.test(traceId) || /^0+$/.test(traceId)) return undefined;
    return typeof spanId === 'string' && /^[\da-f]{16}$/.test(spanId) ? [traceId, spanId] : [traceId];
  };
  const read = (frame: Frame): ToldContext => {
    const parameters = frame.values.flatMap(([dimension, name, value]): ToldParameter[] => {
      if (value === undefined) return [];
      const told = isHidden(name) ? hidden : plain(value);
      return told === undefined ? [] : [[dimension, name, told]];
    });
    let trace: ToldContext['trace'];
    try {
      trace = traceOf(frame.span);
    } catch {
      // A span of another make has none.
    }
    return { parameters, ...(trace && { trace }) };
  };
  /** Nothing of a request is held longer than until it was told. */
  const forget = (): void => {
    last = undefined;
    traces = otel in globalThis;
  };
  return { begin, end, capture, read, forget };
}
