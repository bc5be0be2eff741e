// What can stand at a place in a query: types, attributes, relations, states, ids, functions. Works in unfinished text.
import { canonicalText, showValue, type Value } from '../../model/index.ts';
import type { QueryScene } from './evaluate.ts';
import { AGGREGATES } from './syntax.ts';
import { tokensOf, writeName, type Token } from './tokens.ts';
import { World } from './world.ts';

export interface Completion {
  readonly text: string;
  readonly label: string;
  readonly kind: 'type' | 'attribute' | 'relation' | 'state' | 'id' | 'function' | 'keyword';
  /** What it replaces: offset into the text and length. */
  readonly start: number;
  readonly length: number;
  readonly detail?: string;
}

/** More than fit on any screen; typing on narrows them. */
const MOST = 200;
/** Instances looked at for ids and seen values. */
const LOOKED_AT = 20_000;

/** What the text before the cursor leads to. */
interface Place {
  /** Type of the entity whose member comes next, after a dot. */
  readonly member?: string;
  /** Type whose instances the brackets around the cursor filter. */
  readonly filtered?: string;
  /** True right after `Type[`: an id can stand here. */
  readonly ids?: string;
  /** The attribute on the left of a comparison. */
  readonly compared?: { readonly entity: string; readonly attribute: string };
  /** An operand is complete: an operator may follow. */
  readonly complete: boolean;
  /** In a place where nothing is proposed, after `@`. */
  readonly nothing?: boolean;
}

export function completeQuery(text: string, offset: number, scene: QueryScene): readonly Completion[] {
  const before = text.slice(0, Math.max(0, Math.min(offset, text.length)));
  const tokens = tokensOf(before).slice(0, -1);
  const last = tokens.at(-1);
  const partial = last && last.end === before.length && (last.kind === 'name' || last.kind === 'keyword' || last.open);
  const typed = partial ? last : undefined;
  const world = new World(scene.store.stateAt(scene.seq), scene.model);
  const place = placeAfter(typed ? tokens.slice(0, -1) : tokens, world);
  const start = typed?.start ?? before.length;
  const prefix = (typed?.text ?? '').toLowerCase();
  const quoted = typed?.kind === 'string' ? text[typed.start] : undefined;
  const seen = new Set<string>();
  const result: Completion[] = [];
  // The closing quote that an editor has set already is replaced with the rest.
  const closing = quoted !== undefined && text[before.length] === quoted ? 1 : 0;
  for (const proposal of proposals(place, world, quoted !== undefined)) {
    if (result.length >= MOST) break;
    const key = `${proposal.kind} ${proposal.text}`;
    if (!proposal.label.toLowerCase().startsWith(prefix) || seen.has(key)) continue;
    seen.add(key);
    result.push({ ...proposal, start, length: before.length - start + closing });
  }
  return result;
}

type Proposal = Omit<Completion, 'start' | 'length'>;

function* proposals(place: Place, world: World, inQuotes: boolean): Generator<Proposal> {
  if (place.nothing) return;
  if (place.compared) yield* states(place.compared, world);
  if (place.ids !== undefined) yield* ids(place.ids, world);
  if (inQuotes) return;
  if (place.member !== undefined) {
    yield* members(place.member, world);
    return;
  }
  if (place.complete) {
    for (const text of ['and', 'or', 'in']) yield { text, label: text, kind: 'keyword' };
    return;
  }
  if (place.filtered !== undefined) yield* members(place.filtered, world);
  if (place.compared) return;
  for (const name of [...world.types()].sort()) {
    const count = world.instancesOf(name).length;
    yield {
      text: writeName(name),
      label: name,
      kind: 'type',
      detail: `${count} ${count === 1 ? 'instance' : 'instances'}`,
    };
  }
  for (const name of AGGREGATES) yield { text: `${name}(`, label: name, kind: 'function' };
}

function* members(entity: string, world: World): Generator<Proposal> {
  const { attributes, relations } = world.namesOf(entity);
  for (const name of attributes) {
    const type = world.declared(entity)?.attributes.find((one) => one.name === name)?.type;
    yield { text: writeName(name), label: name, kind: 'attribute', ...(type && { detail: type }) };
  }
  for (const name of relations) {
    const relation = world.relation(entity, name);
    const detail = relation && `${relation.cardinality} ${relation.object}`;
    yield { text: writeName(name), label: name, kind: 'relation', ...(detail && { detail }) };
  }
}

function* ids(entity: string, world: World): Generator<Proposal> {
  for (const { id } of world.instancesOf(entity).slice(0, LOOKED_AT)) {
    yield {
      text: typeof id === 'number' ? String(id) : JSON.stringify(id),
      label: String(id),
      kind: 'id',
      detail: entity,
    };
  }
}

/** Declared states, else the values seen, short ones only. */
function* states({ entity, attribute }: NonNullable<Place['compared']>, world: World): Generator<Proposal> {
  const declared = world.declared(entity)?.attributes.find((one) => one.name === attribute);
  for (const { value, label } of declared?.states ?? []) {
    yield { ...proposeValue(value), ...(label !== undefined && { detail: label }) };
  }
  const counted = new Set<string>();
  for (const { attributes } of world.instancesOf(entity).slice(0, LOOKED_AT)) {
    const value = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
    if (value === undefined || (typeof value === 'object' && value !== null)) continue;
    if (typeof value === 'string' && value.length > 60) continue;
    if (counted.size < MOST && counted.size !== counted.add(canonicalText(value)).size) yield proposeValue(value);
  }
}

function proposeValue(value: Value): Proposal {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(showValue(value)) : canonicalText(value);
  return { text, label: showValue(value), kind: 'state' };
}

const COMPARING = new Set(['=', '==', '===', '!=', '!==', '<>', '<', '<=', '>', '>=', '~', 'in']);

/** What a path means so far: an entity type to go on from, or an attribute of one. */
type Path =
  | { readonly kind: 'entity'; readonly entity: string; readonly root: boolean }
  | { readonly kind: 'attribute'; readonly entity: string; readonly attribute: string };

interface Bracket {
  readonly symbol: string;
  readonly path: Path | undefined;
  readonly filtered: string | undefined;
}

/** Walks over the tokens once, keeping the type of the path at hand and the brackets that are open. */
function placeAfter(tokens: readonly Token[], world: World): Place {
  const brackets: Bracket[] = [];
  let filtered: string | undefined;
  let path: Path | undefined;
  let compared: Place['compared'];
  let previous = '';
  let operand = false;
  for (const token of tokens) {
    const symbol = token.kind === 'symbol' || token.kind === 'keyword' ? token.text : undefined;
    if (token.kind === 'name') {
      path = previous === '.' ? memberOf(path, token.text, world) : rootOf(token.text, filtered, world);
      operand = true;
    } else if (symbol === undefined) operand = true;
    else if (symbol === '@') return { complete: false, nothing: true };
    else if (symbol === '[' || symbol === '(') {
      const opens: Path | undefined = symbol === '[' && operand ? path : undefined;
      brackets.push({ symbol, path: opens, filtered });
      if (symbol === '[' && operand) filtered = path?.kind === 'entity' ? path.entity : undefined;
      if (symbol === '(') path = undefined;
      operand = false;
    } else if (symbol === ']' || symbol === ')') {
      const opened = brackets.pop();
      path = opened?.path?.kind === 'entity' ? { ...opened.path, root: false } : opened?.path;
      filtered = opened?.filtered;
      operand = true;
    } else if (COMPARING.has(symbol)) {
      compared = path?.kind === 'attribute' ? path : undefined;
      operand = false;
    } else if (symbol !== '.') {
      operand = ['true', 'false', 'null', 'none', 'undefined'].includes(symbol);
      if (symbol !== ',') compared = undefined;
    }
    if (symbol === '[' && !COMPARING.has(previous)) compared = undefined;
    previous = symbol ?? '';
  }
  if (previous === '.')
    return { complete: false, ...(path?.kind === 'entity' ? { member: path.entity } : { nothing: true }) };
  const opened = brackets.at(-1);
  const first = previous === '[' && opened?.path?.kind === 'entity' && opened.path.root;
  return {
    complete: operand,
    ...(filtered !== undefined && { filtered }),
    ...(first && opened.path?.kind === 'entity' && { ids: opened.path.entity }),
    ...(compared && !operand && { compared }),
  };
}

function rootOf(name: string, filtered: string | undefined, world: World): Path | undefined {
  const member =
    filtered === undefined ? undefined : memberOf({ kind: 'entity', entity: filtered, root: false }, name, world);
  if (member) return member;
  return world.isType(name) ? { kind: 'entity', entity: name, root: true } : undefined;
}

function memberOf(path: Path | undefined, name: string, world: World): Path | undefined {
  if (path?.kind !== 'entity') return undefined;
  const { entity } = path;
  const { attributes, relations } = world.namesOf(entity);
  if (attributes.includes(name)) return { kind: 'attribute', entity, attribute: name };
  if (!relations.includes(name)) return undefined;
  const object = world.relation(entity, name)?.object ?? seenObject(entity, name, world);
  return object === undefined ? undefined : { kind: 'entity', entity: object, root: false };
}

function seenObject(entity: string, predicate: string, world: World): string | undefined {
  const some = world
    .instancesOf(entity)
    .find(({ links }) => Object.hasOwn(links, predicate) && links[predicate]?.length);
  return some?.links[predicate]?.[0]?.entity;
}
