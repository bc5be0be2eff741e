// The facts of a model, each judged by the labels: right or wrong, with the confidence it was given. Matching is the scorer's.
import {
  basisOfAttribute,
  basisOfEntity,
  basisOfRelation,
  basisOfState,
  basisOfStateAttribute,
  basisOfTransition,
} from '../../src/extract/confidence.ts';
import type { Attribute, Entity, Model, Transition } from '../../src/model/index.ts';

export type FactKind = 'entity' | 'attribute' | 'state attribute' | 'state' | 'relation' | 'transition';

export interface Fact {
  readonly kind: FactKind;
  readonly key: string;
  readonly confidence?: number;
  /** What it rests on, as confidence tells kinds of facts apart. */
  readonly basis: string;
  /** Keys of the facts without which it cannot be right. */
  readonly on: readonly string[];
}
export interface JudgedFact extends Fact {
  readonly right: boolean;
}
export interface Judgement {
  readonly facts: readonly JudgedFact[];
  /** Labels that no fact meets, as `kind key`. */
  readonly missing: readonly string[];
}

/** How the scorer compares names and values. */
export interface Names {
  entityKey(name: string): string;
  attributeKey(name: string): string;
  predicateKey(name: string, objectIdentity?: readonly string[]): string;
  valueKey(value: unknown): string;
}

export function judged(gold: Model, model: Model, names: Names): Judgement {
  const identity = new Map(gold.entities.map((entity) => [names.entityKey(entity.name), entity.identity ?? []]));
  const of = (document: Model): Fact[] => factsOf(document, gold, identity, names);
  const expected = new Set(of(gold).map(keyOf));
  const facts = of(model);
  const met = new Set(facts.map(keyOf));
  return {
    facts: facts.map((fact) => ({ ...fact, right: expected.has(keyOf(fact)) })),
    missing: [...expected].filter((key) => !met.has(key)),
  };
}

function keyOf({ kind, key }: Fact): string {
  return `${kind} ${key}`;
}

function factsOf(document: Model, gold: Model, identity: ReadonlyMap<string, readonly string[]>, names: Names): Fact[] {
  const carriers = new Set(
    gold.relations.flatMap(({ subject, predicate, object }) =>
      [names.attributeKey(predicate), names.predicateKey(predicate, identity.get(names.entityKey(object)))].map(
        (key) => `${names.entityKey(subject)}.${key}`,
      ),
    ),
  );
  const named = new Set(
    gold.entities.flatMap((entity) =>
      entity.attributes.filter(({ role }) => role !== 'plain').map((attribute) => at(entity, attribute, names)),
    ),
  );
  const facts: Fact[] = [];
  for (const entity of document.entities) {
    const own = names.entityKey(entity.name);
    facts.push(fact('entity', own, basisOfEntity(entity), [], entity.confidence));
    for (const attribute of entity.attributes) {
      const place = at(entity, attribute, names);
      const on = [`entity ${own}`];
      if (!carriers.has(place) || named.has(place))
        facts.push(fact('attribute', place, basisOfAttribute(entity, attribute), on, attribute.confidence));
      if (attribute.role !== 'state') continue;
      facts.push(
        fact('state attribute', place, basisOfStateAttribute(attribute), on, attribute.stateConfidence),
        ...(attribute.states ?? []).map((state) => {
          const key = `${place}=${names.valueKey(state.value)}`;
          return fact('state', key, basisOfState(attribute, state), [`state attribute ${place}`], state.confidence);
        }),
      );
    }
  }
  for (const relation of document.relations) {
    const [from, to] = [names.entityKey(relation.subject), names.entityKey(relation.object)];
    const key = `${from} ${names.predicateKey(relation.predicate, identity.get(to))} ${to}`;
    const on = [`entity ${from}`, `entity ${to}`];
    facts.push(fact('relation', key, basisOfRelation(relation), on, relation.confidence));
  }
  return [...unique(facts), ...unique(transitionsOf(document, gold, names))];
}

/** A list of all states but the one come to says the same as `any`. */
function transitionsOf(document: Model, gold: Model, names: Names): Fact[] {
  const states = new Map(
    gold.entities.flatMap((entity) =>
      entity.attributes.map((attribute) => [
        at(entity, attribute, names),
        (attribute.states ?? []).map(({ value }) => names.valueKey(value)),
      ]),
    ),
  );
  const groups = new Map<string, { readonly place: string; readonly post: string; readonly list: Transition[] }>();
  for (const transition of document.transitions) {
    const place = `${names.entityKey(transition.object)}.${names.attributeKey(transition.attribute)}`;
    const post = names.valueKey(transition.postState);
    if (names.valueKey(transition.preState) === post) continue;
    const group = groups.get(`${place} > ${post}`) ?? { place, post, list: [] };
    groups.set(`${place} > ${post}`, group);
    group.list.push(transition);
  }
  return [...groups.values()].flatMap(({ place, post, list }) => {
    const others = (states.get(place) ?? []).filter((value) => value !== post);
    const given = new Set(list.map(({ preState }) => names.valueKey(preState)));
    const whole = others.length > 0 && others.every((value) => given.has(value));
    return list.map((transition) => {
      const pre = names.valueKey(transition.preState);
      const key = `${place} ${whole && others.includes(pre) ? '$any' : pre} > ${post}`;
      const on = [`state attribute ${place}`];
      return fact('transition', key, basisOfTransition(transition), on, transition.confidence);
    });
  });
}

function at(entity: Entity, attribute: Attribute, names: Names): string {
  return `${names.entityKey(entity.name)}.${names.attributeKey(attribute.name)}`;
}

function fact(kind: FactKind, key: string, basis: string, on: readonly string[], confidence: number | undefined): Fact {
  return { kind, key, basis, on, ...(confidence !== undefined && { confidence }) };
}

/** The surest of each. */
function unique(facts: readonly Fact[]): Fact[] {
  const best = new Map<string, Fact>();
  for (const each of facts) {
    const known = best.get(keyOf(each));
    if (!known || (each.confidence ?? 0) > (known.confidence ?? 0)) best.set(keyOf(each), each);
  }
  return [...best.values()];
}
