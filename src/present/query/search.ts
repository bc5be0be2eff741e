// The panel's search: `Order 1042`, `id:1042`, `state:paid`, `type:Payment`, `event:OrderPaid`, `10:31` or `time:10:31`, `#4711`, an
// event's name, or the query form.
import { refKey, showRef, showValue, toIso, type EntityInstance, type EntityRef } from '../../model/index.ts';
import type { SearchHit } from '../requests.ts';
import { evaluateQuery, type QueryScene } from './evaluate.ts';
import { readTime } from './moments.ts';
import { parseQuery } from './parser.ts';
import { instancesByType, World, type Found } from './world.ts';

export interface SearchPage {
  readonly hits: readonly SearchHit[];
  readonly problem?: string;
}

const USUAL_LIMIT = 50;
const LARGEST_LIMIT = 500;

export function searchPage(
  scene: QueryScene,
  { query, limit = USUAL_LIMIT }: { readonly query: string; readonly limit?: number },
  isBroken: (ref: EntityRef) => boolean = () => false,
): SearchPage {
  const text = query.trim();
  const world = new World(scene.store.stateAt(scene.seq), scene.model);
  const most = Math.min(Math.max(1, Math.trunc(limit) || USUAL_LIMIT), LARGEST_LIMIT);
  const found = { scene, world, isBroken, text, most };
  const prefixed = /^(state|type|event|time|id)\s*:\s*(.*)$/is.exec(text);
  const by = PREFIXES[(prefixed?.[1] ?? '').toLowerCase()];
  if (by) return { hits: take(by(found, prefixed?.[2] ?? ''), most) };
  const place = /^#\s*(\d{1,15})$/.exec(text);
  if (place) return { hits: take(atPlace(found, Number(place[1])), most) };
  const hits = take(plain(found), most);
  if (hits.length > 0) return { hits };
  return asQuery(found);
}

interface Search {
  readonly scene: QueryScene;
  readonly world: World;
  readonly isBroken: (ref: EntityRef) => boolean;
  readonly text: string;
  readonly most: number;
}

function take<T>(items: Iterable<T>, most: number): T[] {
  const taken: T[] = [];
  for (const item of items) {
    taken.push(item);
    if (taken.length >= most) break;
  }
  return taken;
}

/** What a person types without thinking of a form: a time, a type, an id, an event's name. */
function* plain(search: Search): Generator<SearchHit> {
  const { text } = search;
  if (text === '') {
    for (const type of search.world.types()) yield typeHit(search, type);
    return;
  }
  yield* atTime(search, text);
  const types = search.world.types();
  const lower = text.toLowerCase();
  const seen = new Set<string>();
  const once = function* (hits: Iterable<SearchHit>): Generator<SearchHit> {
    for (const hit of hits) {
      const key = hit.ref ? refKey(hit.ref) : `${hit.kind} ${hit.text} ${hit.seq ?? ''}`;
      if (!seen.has(key)) yield (seen.add(key), hit);
    }
  };
  for (const type of types) {
    if (!lower.startsWith(`${type.toLowerCase()} `)) continue;
    yield* once(withId(search, type, text.slice(type.length).trim()));
  }
  for (const type of types) if (type.toLowerCase().includes(lower)) yield* once([typeHit(search, type)]);
  for (const type of types) yield* once(withId(search, type, text));
  yield* once(ofEvent(search, text));
}

/** Instances whose id is the text, then those whose id begins with it. */
function* withId(search: Search, type: string, id: string): Generator<SearchHit> {
  if (id === '') return;
  const exact = search.world.find(type, id);
  if (exact.kind === 'entity' && exact.instance) yield entityHit(search, exact.instance);
  for (const instance of search.world.instancesOf(type)) {
    if (String(instance.id).toLowerCase().startsWith(id.toLowerCase())) yield entityHit(search, instance);
  }
}

function stateOf({ world }: Search, { entity, attributes }: EntityInstance): readonly string[] {
  const declared = world.declared(entity)?.attributes.filter((one) => one.role === 'state') ?? [];
  return declared.flatMap(({ name }) => (Object.hasOwn(attributes, name) ? [showValue(attributes[name])] : []));
}

function entityHit(search: Search, instance: EntityInstance): SearchHit {
  const ref: EntityRef = { entity: instance.entity, id: instance.id };
  return {
    kind: 'entity',
    text: showRef(ref),
    detail: stateOf(search, instance).join(', '),
    ref,
    ...(search.isBroken(ref) && { broken: true }),
  };
}

function typeHit({ world }: Search, type: string): SearchHit {
  const count = world.instancesOf(type).length;
  return { kind: 'type', text: type, detail: `${count} ${count === 1 ? 'instance' : 'instances'}` };
}

function* inState(search: Search, state: string): Generator<SearchHit> {
  const lower = state.trim().toLowerCase();
  for (const instances of instancesByType(search.world.state).values()) {
    for (const instance of instances) {
      if (stateOf(search, instance).some((one) => one.toLowerCase() === lower)) yield entityHit(search, instance);
    }
  }
}

function* ofType(search: Search, type: string): Generator<SearchHit> {
  const lower = type.trim().toLowerCase();
  const types = search.world.types().filter((one) => one.toLowerCase().startsWith(lower));
  for (const name of types) yield typeHit(search, name);
  for (const name of types) {
    for (const instance of search.world.instancesOf(name)) yield entityHit(search, instance);
  }
}

function* ofId(search: Search, id: string): Generator<SearchHit> {
  for (const type of search.world.types()) yield* onlyOnce(withId(search, type, id.trim()));
}

function* onlyOnce(hits: Iterable<SearchHit>): Generator<SearchHit> {
  const seen = new Set<string>();
  for (const hit of hits) {
    const key = hit.ref ? refKey(hit.ref) : hit.text;
    if (!seen.has(key)) yield (seen.add(key), hit);
  }
}

const PREFIXES: { readonly [prefix: string]: (search: Search, value: string) => Generator<SearchHit> } = {
  state: inState,
  type: ofType,
  event: ofEvent,
  time: atTime,
  id: ofId,
};

/** The latest events of that name first. */
function* ofEvent({ scene: { store }, most }: Search, name: string): Generator<SearchHit> {
  let point = store.previous(Number.MAX_SAFE_INTEGER, { kinds: ['event'], type: name.trim() });
  for (let count = 0; point?.kind === 'event' && count < most; count++) {
    const { object, time, seq, type = '' } = point;
    yield { kind: 'event', text: `${type} · ${showRef(object)}`, detail: toIso(time), ref: object, seq };
    point = store.previous(seq, { kinds: ['event'], type: name.trim() });
  }
}

function* atTime({ scene: { store, seq } }: Search, text: string): Generator<SearchHit> {
  const clock = text.trim();
  if (!/^\d[\d:. TZ+-]*[:-]/i.test(clock)) return;
  const day = store.point(seq)?.time ?? store.summary().last?.time;
  const time = day === undefined ? Number.NaN : readTime(clock, day);
  const point = Number.isNaN(time) ? undefined : store.at(time);
  if (point) yield { kind: 'time', text: clock, detail: toIso(point.time), seq: point.seq };
}

function* atPlace({ scene: { store } }: Search, seq: number): Generator<SearchHit> {
  const point = store.point(seq);
  if (point) yield { kind: 'time', text: `#${seq}`, detail: toIso(point.time), seq };
}

function asQuery(search: Search): SearchPage {
  const answer = evaluateQuery(search.text, search.scene);
  if ('problem' in answer) {
    // Words that nothing was found for are no faulty query: only what is written as one gets its problem told.
    const meant = /[[\].()=<>@"'~]/.test(search.text) || 'query' in parseQuery(search.text);
    return { hits: [], ...(meant && { problem: answer.problem.message }) };
  }
  return { hits: take(hitsOf(search, answer.found, answer.seq), search.most) };
}

function* hitsOf(search: Search, found: Found, seq: number): Generator<SearchHit> {
  const moved = seq === search.scene.seq ? {} : { seq };
  const at = search.scene.store.stateAt(seq);
  const entity = (ref: EntityRef): SearchHit => {
    const instance = at.get(refKey(ref));
    return instance
      ? { ...entityHit(search, instance), ...moved }
      : { kind: 'entity', text: showRef(ref), detail: 'not there', ref, ...moved };
  };
  switch (found.kind) {
    case 'entity':
      yield entity(found.ref);
      return;
    case 'entities':
      for (const ref of found.refs) yield entity(ref);
      return;
    case 'type':
      yield typeHit(search, found.entity);
      return;
    case 'value':
      yield {
        kind: 'state',
        text: showValue(found.value),
        detail: search.text,
        ...(found.of && { ref: found.of }),
        ...moved,
      };
      return;
    case 'values':
      for (const value of found.values) yield { kind: 'state', text: showValue(value), detail: search.text, ...moved };
  }
}
