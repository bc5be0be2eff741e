// What a query can see: one state, and the model's word on which names there are. Counts the work, so that no query runs away.
import {
  refKey,
  showRef,
  type Entity,
  type EntityInstance,
  type EntityRef,
  type Model,
  type Relation,
  type SemanticState,
  type Value,
} from '../../model/index.ts';
import type { QueryProblem, Span } from './syntax.ts';

/** What an expression gave. */
export type Found =
  | { readonly kind: 'value'; readonly value: Value | undefined; readonly of?: EntityRef; readonly attribute?: string }
  | { readonly kind: 'entity'; readonly ref: EntityRef; readonly instance: EntityInstance | undefined }
  | { readonly kind: 'entities'; readonly refs: readonly EntityRef[] }
  | { readonly kind: 'values'; readonly values: readonly (Value | undefined)[] }
  | { readonly kind: 'type'; readonly entity: string };

/** Carries a problem out of the evaluation; never leaves this folder. */
export class Unanswerable {
  readonly problem: QueryProblem;
  constructor(message: string, { start, end }: Span) {
    this.problem = { message, start, end };
  }
}

/** Instances or values looked at by one query: a second or so. */
const MOST_STEPS = 3_000_000;

const GROUPS = new WeakMap<SemanticState, ReadonlyMap<string, readonly EntityInstance[]>>();

/** Instances by type, in the state's order. States never change, so each is grouped once. */
export function instancesByType(state: SemanticState): ReadonlyMap<string, readonly EntityInstance[]> {
  const known = GROUPS.get(state);
  if (known) return known;
  const groups = new Map<string, EntityInstance[]>();
  for (const instance of state.values()) {
    const group = groups.get(instance.entity);
    if (group) group.push(instance);
    else groups.set(instance.entity, [instance]);
  }
  GROUPS.set(state, groups);
  return groups;
}

interface Names {
  readonly entities: ReadonlyMap<string, Entity>;
  readonly relations: ReadonlyMap<string, Relation>;
}

const NAMES = new WeakMap<Model, Names>();

/** The model by name; a condition is asked of the same model for each of very many events. */
function namesIn(model: Model): Names {
  const known = NAMES.get(model);
  if (known) return known;
  const names = {
    entities: new Map(model.entities.map((entity) => [entity.name, entity])),
    relations: new Map(model.relations.map((one) => [`${one.subject}\0${one.predicate}`, one])),
  };
  NAMES.set(model, names);
  return names;
}

export class World {
  readonly state: SemanticState;
  readonly model: Model;
  readonly #names: Names;
  #steps = 0;

  constructor(state: SemanticState, model: Model) {
    this.state = state;
    this.model = model;
    this.#names = namesIn(model);
  }

  spend(steps: number, at: Span): void {
    this.#steps += steps;
    if (this.#steps <= MOST_STEPS) return;
    throw new Unanswerable('This looks at too many things at once: narrow it, or count a single type.', at);
  }

  declared(entity: string): Entity | undefined {
    return this.#names.entities.get(entity);
  }

  isType(name: string): boolean {
    return this.#names.entities.has(name) || instancesByType(this.state).has(name);
  }

  types(): readonly string[] {
    return [...new Set([...this.#names.entities.keys(), ...instancesByType(this.state).keys()])];
  }

  instancesOf(entity: string): readonly EntityInstance[] {
    return instancesByType(this.state).get(entity) ?? [];
  }

  instance(ref: EntityRef): EntityInstance | undefined {
    return this.state.get(refKey(ref));
  }

  /** `Order["1042"]` also finds the order whose id is the number 1042, if there is none with the text. */
  find(entity: string, id: string | number): Found {
    const exact: EntityRef = { entity, id };
    const number = Number(id);
    const others: EntityRef[] = typeof id === 'number' ? [{ entity, id: String(id) }] : [];
    if (typeof id === 'string' && id.trim() !== '' && String(number) === id) others.push({ entity, id: number });
    for (const ref of [exact, ...others]) {
      const instance = this.instance(ref);
      if (instance) return { kind: 'entity', ref, instance };
    }
    return { kind: 'entity', ref: exact, instance: undefined };
  }

  relation(entity: string, predicate: string): Relation | undefined {
    return this.#names.relations.get(`${entity}\0${predicate}`);
  }

  /** Names that can follow a dot after an entity of the type. */
  namesOf(entity: string): { readonly attributes: readonly string[]; readonly relations: readonly string[] } {
    const declared = this.declared(entity)?.attributes.map((one) => one.name) ?? [];
    const relations = this.model.relations.filter((one) => one.subject === entity).map((one) => one.predicate);
    const [some] = this.instancesOf(entity);
    return {
      attributes: [...new Set([...declared, ...Object.keys(some?.attributes ?? {})])],
      relations: [...new Set([...relations, ...Object.keys(some?.links ?? {})])],
    };
  }

  /** What a name after the dot means at one entity; undefined: nothing there and nothing declared. */
  member(ref: EntityRef, instance: EntityInstance | undefined, name: string): Found | undefined {
    const of: EntityRef = { entity: ref.entity, id: ref.id };
    if (instance && Object.hasOwn(instance.attributes, name)) {
      return { kind: 'value', value: instance.attributes[name], of, attribute: name };
    }
    const relation = this.relation(ref.entity, name);
    const links = instance && Object.hasOwn(instance.links, name) ? instance.links[name] : undefined;
    if (links || relation) {
      const [first] = links ?? [];
      if ((links?.length ?? 0) > 1 || (relation?.cardinality ?? '*') === '*')
        return { kind: 'entities', refs: links ?? [] };
      if (!first) return { kind: 'value', value: undefined, of, attribute: name };
      return { kind: 'entity', ref: first, instance: this.instance(first) };
    }
    const declared = this.declared(ref.entity)?.attributes.some((one) => one.name === name);
    if (declared) return { kind: 'value', value: undefined, of, attribute: name };
    return name === 'id' ? { kind: 'value', value: ref.id, of, attribute: name } : undefined;
  }
}

export function queryWorld(state: SemanticState, model: Model): World {
  return new World(state, model);
}

/** `Order has no "statu"; did you mean "status"?` */
export function unknownName(where: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `${where} "${name}"${near === undefined ? '.' : `; did you mean "${near}"?`}`;
}

/** The known name a mistyped one stands for: another case, or at most two letters apart. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  const same = known.find((one) => one.toLowerCase() === lower);
  if (same !== undefined) return same;
  const close = known
    .slice(0, 1000)
    .map((one) => ({ one, distance: distance(lower, one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return close && close.distance <= (name.length > 4 ? 2 : 1) ? close.one : undefined;
}

/** Levenshtein's, of short names; long ones are never near. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2 || a.length > 64) return 9;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 9;
}

export function describeFound(found: Found): string {
  switch (found.kind) {
    case 'type':
      return `the type ${found.entity}`;
    case 'entity':
      return showRef(found.ref);
    case 'entities':
      return `${found.refs.length} entities`;
    case 'values':
      return `${found.values.length} values`;
    case 'value':
      return 'a value';
  }
}
