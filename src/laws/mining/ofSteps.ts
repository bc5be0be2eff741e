// Templates about change: what never changes once set, what only grows, which states follow which.
import { canonicalText, refKey, showValue, type Entity, type EventPoint, type Value } from '../../model/index.ts';
import { magnitudeOf, scalarOf, type Evidence, type Step } from './evidence.ts';
import { againstChance, literal, read, type Proposal } from './proposal.ts';

/** Of what may change, this share of the steps of its entity would change it. */
const CHANGE_SHARE = 0.05;
const FEWEST_STEPS = 20;
const FEWEST_ENTITIES = 3;
const FEWEST_TRANSITIONS = 20;

export function lawsOfSteps(entity: Entity, evidence: Evidence): Proposal[] {
  const steps = evidence.steps.get(entity.name) ?? [];
  const changing = entity.attributes.flatMap(({ name, role, type }) =>
    entity.identity?.includes(name) || type === 'list' || type === 'map' || type === 'set'
      ? []
      : [{ name, isState: role === 'state' }],
  );
  return [
    ...changing.flatMap(({ name, isState }) => [
      ...immutable(entity, name, isState, steps, evidence),
      ...monotone(entity, name, steps, evidence),
    ]),
    ...changing.filter(({ isState }) => isState).flatMap(({ name }) => transitions(entity, name, evidence)),
  ];
}

function known(step: Step, name: string): boolean {
  const [before, after] = [step.before, step.after].map((each) => Object.hasOwn(each.attributes, name));
  return before === true && after === true;
}

/** An attribute that stayed in all steps in which the entity changed otherwise. From nothing to a value is no change of it. */
function immutable(
  entity: Entity,
  name: string,
  isState: boolean,
  steps: readonly Step[],
  evidence: Evidence,
): Proposal[] {
  if (isState) return [];
  const set = steps.filter((step) => known(step, name) && !isNothing(step.before.attributes[name]));
  if (set.length < FEWEST_STEPS || entities(set) < FEWEST_ENTITIES) return [];
  if (set.some(({ before, after }) => canonicalText(before.attributes[name]) !== canonicalText(after.attributes[name])))
    return [];
  const [before, after] = [read('before', name), read('after', name)];
  return [
    {
      law: {
        id: `${entity.name}.${name}-stays`,
        for: entity.name,
        on: 'step',
        holds: `${before} == null || ${after} == ${before}`,
        title: `${name} of ${entity.name} never changes once it is set.`,
      },
      ...{ template: 'immutable', support: set.length, exceptions: 0, since: evidence.since, about: [name] },
      confidence: againstChance(set.length, CHANGE_SHARE),
    },
  ];
}

function isNothing(value: Value | undefined): boolean {
  return value === undefined || value === null || (typeof value === 'object' && value.$type === 'undefined');
}

function monotone(entity: Entity, name: string, steps: readonly Step[], evidence: Evidence): Proposal[] {
  const changes = steps.flatMap((step) => {
    const [a, b] = [magnitudeOf(step.before, name), magnitudeOf(step.after, name)];
    return a === undefined || b === undefined || a === b ? [] : [{ step, grew: b > a }];
  });
  if (changes.length < 10 || entities(changes.map(({ step }) => step)) < FEWEST_ENTITIES) return [];
  const grows = changes.every(({ grew }) => grew);
  if (!grows && changes.some(({ grew }) => grew)) return [];
  const [before, after] = [read('before', name), read('after', name)];
  return [
    {
      law: {
        id: `${entity.name}.${name}-only-${grows ? 'grows' : 'falls'}`,
        for: entity.name,
        on: 'step',
        holds: `${before} == null || ${after} == null || ${after} ${grows ? '>=' : '<='} ${before}`,
        title: `${name} of ${entity.name} only ${grows ? 'grows' : 'falls'}.`,
      },
      ...{ template: 'monotone', support: changes.length, exceptions: 0, since: evidence.since, about: [name] },
      confidence: againstChance(changes.length, 0.5),
    },
  ];
}

function entities(steps: readonly Step[]): number {
  return new Set(steps.map(({ before }) => refKey(before))).size;
}

/** Which state follows which, where the program declares nothing of it. */
function transitions(entity: Entity, name: string, evidence: Evidence): Proposal[] {
  const declares = evidence.model.transitions.some(
    ({ object, attribute, status }) => object === entity.name && attribute === name && status !== 'observed',
  );
  if (declares) return [];
  const seen = new Map<string, { readonly from: Value; readonly to: Value; count: number }>();
  let total = 0;
  for (const event of evidence.events) {
    const ends = endsOf(event, entity.name, name);
    if (!ends) continue;
    const key = canonicalText([ends.from, ends.to]);
    const pair = seen.get(key) ?? { ...ends, count: 0 };
    pair.count++;
    seen.set(key, pair);
    total++;
  }
  const states = new Set([...seen.values()].flatMap(({ from, to }) => [canonicalText(from), canonicalText(to)]));
  const once = [...seen.values()].filter(({ count }) => count === 1).length;
  if (total < FEWEST_TRANSITIONS || seen.size < 2 || seen.size >= states.size * (states.size - 1)) return [];
  const pairs = [...seen.values()].map(({ from, to }) => [from, to]);
  if (!pairs.flat().every((each) => typeof each !== 'object' || each === null)) return [];
  const list = pairs.map(([from, to]) => `[${literal(from as string)}, ${literal(to as string)}]`).sort();
  const [before, after] = [read('before', name), read('after', name)];
  return [
    {
      law: {
        id: `${entity.name}.${name}-follows`,
        for: entity.name,
        on: 'step',
        holds: `${before} == ${after} || [${before}, ${after}] in [${list.join(', ')}]`,
        title: `${name} of ${entity.name} goes only ${pairs
          .map(([a, b]) => `${showValue(a)} to ${showValue(b)}`)
          .sort()
          .join(', ')}.`,
      },
      ...{ template: 'transitions', support: total, exceptions: 0, since: evidence.since, about: [name] },
      confidence: 1 - (once + 1) / total,
    },
  ];
}

function endsOf(
  event: EventPoint,
  entity: string,
  name: string,
): { readonly from: Value; readonly to: Value } | undefined {
  if (event.object.entity !== entity || event.attribute !== name || event.observed !== 'recorded') return undefined;
  const { preState: from, postState: to } = event;
  const marks = [from, to].some((end) => typeof end === 'object' && end !== null && ('$new' in end || '$gone' in end));
  return marks || scalarOf({ ...event.object, attributes: { to: to as Value }, links: {} }, 'to') === undefined
    ? undefined
    : { from: from as Value, to: to as Value };
}
