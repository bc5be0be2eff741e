// Answers a query over one state. Pure; whatever has no answer is a problem with its place in the text.
import { isTagged, type EntityInstance, type EntityRef, type Model, type Value } from '../../model/index.ts';
import { truthOf, valueOfTruth, compareFound } from './truth.ts';
import { aggregate } from './aggregate.ts';
import { anyOf, not } from './compare.ts';
import { resolveMoment, type Standpoint } from './moments.ts';
import { parseQuery } from './parser.ts';
import type { Expression, QueryProblem, Span } from './syntax.ts';
import { describeFound, Unanswerable, unknownName, World, type Found } from './world.ts';

/** A timeline, its model, and where its reader stands. */
export interface QueryScene extends Standpoint {
  readonly model: Model;
}

/** `seq`: the point the answer is true of. */
export type Answer = { readonly found: Found; readonly seq: number } | { readonly problem: QueryProblem };

/** What bare names mean: those given, then members of the thing being filtered, then types. */
export interface Names {
  readonly given?: ReadonlyMap<string, Found>;
  readonly current?: Found;
}

/** Answers a text in the query form. */
export function evaluateQuery(text: string, scene: QueryScene): Answer {
  const parsed = parseQuery(text);
  if ('problem' in parsed) return parsed;
  const { expression, moment } = parsed.query;
  const place = resolveMoment(moment, scene);
  if ('message' in place) return { problem: place };
  const answer = evaluateExpression(expression, new World(scene.store.stateAt(place.seq), scene.model), {});
  return 'problem' in answer ? answer : { found: answer.found, seq: place.seq };
}

export function evaluateExpression(
  expression: Expression,
  world: World,
  names: Names,
): { readonly found: Found } | { readonly problem: QueryProblem } {
  try {
    return { found: new Evaluator(world).evaluate(expression, names) };
  } catch (error) {
    if (error instanceof Unanswerable) return { problem: error.problem };
    throw error;
  }
}

class Evaluator {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  evaluate(expression: Expression, names: Names): Found {
    this.#world.spend(1, expression);
    switch (expression.kind) {
      case 'literal':
        return { kind: 'value', value: expression.value };
      case 'list':
        return { kind: 'values', values: expression.items.map((item) => this.#single(item, names)) };
      case 'name':
        return this.#name(expression.name, expression, names);
      case 'member':
        return this.#member(this.evaluate(expression.of, names), expression.name, expression.at);
      case 'index':
        return this.#index(this.evaluate(expression.of, names), expression, names);
      case 'call':
        return aggregate(expression.name, this.evaluate(expression.argument, names), this.#world, expression);
      case 'not':
        return valueOfTruth(not(this.#truth(expression.of, names)));
      case 'both': {
        const left = this.#truth(expression.left, names);
        if (left === false) return valueOfTruth(false);
        return valueOfTruth(not(anyOf([not(left), not(this.#truth(expression.right, names))])));
      }
      case 'either': {
        const left = this.#truth(expression.left, names);
        return valueOfTruth(left === true ? true : anyOf([left, this.#truth(expression.right, names)]));
      }
      case 'compare': {
        const [left, right] = [this.evaluate(expression.left, names), this.evaluate(expression.right, names)];
        return valueOfTruth(compareFound(expression.by, left, right, this.#world, expression));
      }
    }
  }

  #truth(expression: Expression, names: Names): boolean | undefined {
    return truthOf(this.evaluate(expression, names));
  }

  #single(expression: Expression, names: Names): Value | undefined {
    const found = this.evaluate(expression, names);
    if (found.kind === 'value') return found.value;
    if (found.kind === 'entity') return found.ref.id;
    throw new Unanswerable(`A list holds values, not ${describeFound(found)}.`, expression);
  }

  #name(name: string, at: Span, { given, current }: Names): Found {
    const known = given?.get(name);
    if (known) return known;
    if (current?.kind === 'entity') {
      const member = this.#world.member(current.ref, current.instance, name);
      if (member) return member;
    } else if (current) {
      const field = fieldOf(current, name);
      if (field) return field;
    }
    if (this.#world.isType(name)) return { kind: 'type', entity: name };
    if (current?.kind === 'entity') {
      const { entity } = current.ref;
      if (!this.#world.declared(entity)) return { kind: 'value', value: undefined };
      throw new Unanswerable(unknownName(`${entity} has no`, name, this.#membersOf(entity)), at);
    }
    if (current) return { kind: 'value', value: undefined };
    throw new Unanswerable(
      unknownName('There is no type', name, [...this.#world.types(), ...(given?.keys() ?? [])]),
      at,
    );
  }

  #membersOf(entity: string): readonly string[] {
    const { attributes, relations } = this.#world.namesOf(entity);
    return [...attributes, ...relations];
  }

  #member(found: Found, name: string, at: Span): Found {
    switch (found.kind) {
      case 'entity': {
        const member = this.#world.member(found.ref, found.instance, name);
        if (member) return member;
        const { entity } = found.ref;
        throw new Unanswerable(unknownName(`${entity} has no`, name, this.#membersOf(entity)), at);
      }
      case 'type':
      case 'entities': {
        const members: Found[] = [];
        for (const entity of this.#entities(found)) {
          this.#world.spend(1, at);
          members.push(this.#member(entity, name, at));
        }
        if (members.length === 0 && found.kind === 'type') this.#checkMember(found.entity, name, at);
        return joined(members);
      }
      case 'values':
        return joined(found.values.map((value) => this.#member({ kind: 'value', value }, name, at)));
      case 'value': {
        if (found.value === undefined || found.value === null) return { kind: 'value', value: undefined };
        const field = fieldOf(found, name);
        if (field) return field;
        throw new Unanswerable(`This value has no "${name}".`, at);
      }
    }
  }

  #checkMember(entity: string, name: string, at: Span): void {
    const members = this.#membersOf(entity);
    if (name === 'id' || members.includes(name)) return;
    throw new Unanswerable(unknownName(`${entity} has no`, name, members), at);
  }

  #entities(found: Found & { kind: 'type' | 'entities' }): Iterable<Found & { kind: 'entity' }> {
    if (found.kind === 'type') return this.#world.instancesOf(found.entity).map(entityOf);
    return found.refs.map((ref) => ({ kind: 'entity', ref, instance: this.#world.instance(ref) }));
  }

  /** A text or number picks: by id among entities, by key or place within a value. Anything else is a condition. */
  #index(of: Found, expression: Expression & { kind: 'index' }, names: Names): Found {
    const { index } = expression;
    const key = index.kind === 'literal' ? idOf(index.value) : undefined;
    if (key === undefined) return this.#filter(of, index, names);
    switch (of.kind) {
      case 'type':
        return this.#world.find(of.entity, key);
      case 'entity':
        return this.#member(of, String(key), index);
      case 'entities': {
        if (typeof key === 'number') {
          const ref = of.refs.at(key);
          return ref
            ? { kind: 'entity', ref, instance: this.#world.instance(ref) }
            : { kind: 'value', value: undefined };
        }
        return { kind: 'entities', refs: of.refs.filter((ref) => String(ref.id) === key) };
      }
      case 'values':
        return { kind: 'value', value: typeof key === 'number' ? of.values.at(key) : undefined };
      case 'value':
        return { kind: 'value', value: elementOf(of.value, key) };
    }
  }

  #filter(of: Found, condition: Expression, names: Names): Found {
    const holds = (current: Found): boolean => {
      this.#world.spend(1, condition);
      return this.#truth(condition, { ...names, current }) === true;
    };
    if (of.kind === 'type' || of.kind === 'entities') {
      const refs: EntityRef[] = [];
      for (const entity of this.#entities(of)) if (holds(entity)) refs.push(entity.ref);
      return { kind: 'entities', refs };
    }
    if (of.kind === 'entity') return { kind: 'entities', refs: holds(of) ? [of.ref] : [] };
    const items = of.kind === 'values' ? of.values : itemsOf(of.value);
    if (!items) throw new Unanswerable('Only types, entities and lists can be filtered.', condition);
    return { kind: 'values', values: items.filter((value) => holds({ kind: 'value', value })) };
  }
}

function entityOf(instance: EntityInstance): Found & { kind: 'entity' } {
  return { kind: 'entity', ref: { entity: instance.entity, id: instance.id }, instance };
}

function idOf(value: Value | undefined): string | number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

/** Members of many things as one: entities without repetition, else values. */
function joined(members: readonly Found[]): Found {
  if (members.some((one) => one.kind === 'entity' || one.kind === 'entities')) {
    const refs = new Map<string, EntityRef>();
    for (const member of members) {
      const some = member.kind === 'entity' ? [member.ref] : member.kind === 'entities' ? member.refs : [];
      for (const ref of some) refs.set(`${ref.entity}\0${typeof ref.id}${ref.id}`, ref);
    }
    return { kind: 'entities', refs: [...refs.values()] };
  }
  return {
    kind: 'values',
    values: members.flatMap((one) => (one.kind === 'value' ? [one.value] : one.kind === 'values' ? one.values : [])),
  };
}

function itemsOf(value: Value | undefined): readonly Value[] | undefined {
  if (value === undefined || !isTagged(value)) return value === undefined ? [] : undefined;
  if (value.$type === 'list' || value.$type === 'set') return value.value;
  return value.$type === 'map' ? value.value.map(([, item]) => item) : undefined;
}

/** `length` and `size` of what has one, fields of objects. */
function fieldOf(found: Found, name: string): Found | undefined {
  if (found.kind === 'values') {
    return name === 'length' ? { kind: 'value', value: found.values.length } : undefined;
  }
  if (found.kind !== 'value' || found.value === undefined || found.value === null) return undefined;
  const { value } = found;
  const counts = name === 'length' || name === 'size';
  if (!isTagged(value)) return counts && typeof value === 'string' ? { kind: 'value', value: value.length } : undefined;
  switch (value.$type) {
    case 'object':
    case 'error':
      return { kind: 'value', value: Object.hasOwn(value.value, name) ? value.value[name] : undefined };
    case 'list':
    case 'set':
      return counts ? { kind: 'value', value: value.length ?? value.value.length } : undefined;
    case 'map':
      return counts ? { kind: 'value', value: value.value.length } : undefined;
    case 'truncated':
      // Of what is not known, every part is not known either.
      return { kind: 'value', value: counts && value.why === 'long' ? value.value.length : value };
    default:
      return undefined;
  }
}

function elementOf(value: Value | undefined, key: string | number): Value | undefined {
  if (value === undefined || !isTagged(value)) return undefined;
  if (value.$type === 'map') {
    return value.value.find(([one]) => one === key || String(one) === String(key))?.[1];
  }
  if (value.$type === 'list' || value.$type === 'set') return typeof key === 'number' ? value.value.at(key) : undefined;
  const field = fieldOf({ kind: 'value', value }, String(key));
  return field?.kind === 'value' ? field.value : undefined;
}
