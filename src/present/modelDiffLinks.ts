// Relations, transitions, context and laws: what came, went and changed.
import type { Cardinality, Context, Model, Relation, Transition, WrittenLaw } from '../model/index.ts';
import type { ModelChange } from './modelDiff.ts';
import { gone } from './modelDiffEntities.ts';
import { endText, groupsOf, isAnyState, keyOfValue, paired } from './modelDiffTerms.ts';

/** Of entities that are there before and after: those of one that came or went come and go with it. */
export function relationChanges(before: Model, after: Model): ModelChange[] {
  const both = keptEntities(before, after);
  const own = ({ relations }: Model): Relation[] => relations.filter(({ subject }) => both(subject));
  const { removed, added, kept } = paired(own(before), own(after), ({ subject, predicate, object }) =>
    keyOfValue([subject, predicate, object]),
  );
  const one = (change: ModelChange['change'], relation: Relation, text = relationText(relation)): ModelChange => ({
    ...{ change, element: 'relation', entity: relation.subject, text },
  });
  return [
    ...removed.map((relation) => ({ ...one('removed', relation), ...gone(relation) })),
    ...added.map((relation) => one('added', relation)),
    ...kept
      .filter(([was, is]) => was.cardinality !== is.cardinality)
      .map(([was, is]): ModelChange => ({
        ...one('changed', is, `${is.predicate} -> ${is.object}: ${was.cardinality} -> ${is.cardinality}`),
        ...(width(is.cardinality) < width(was.cardinality) && { breaking: 'cardinality-narrowed' }),
      })),
  ];
}

function keptEntities(before: Model, after: Model): (name: string) => boolean {
  const [old, now] = [before, after].map(({ entities }) => new Set(entities.map(({ name }) => name)));
  // What neither lists as an entity can still be the subject of a relation.
  return (name) => old?.has(name) === now?.has(name);
}

function relationText({ predicate, object, cardinality }: Relation): string {
  return `relation ${predicate} -> ${object} (${cardinality})`;
}

/** How many ways to be linked each one admits. */
function width(cardinality: Cardinality): number {
  return { '1': 0, '0..1': 1, '*': 2 }[cardinality];
}

/** Of state attributes that are there before and after. */
export function transitionChanges(before: Model, after: Model): ModelChange[] {
  const [old, now] = [stateAttributes(before), stateAttributes(after)];
  const own = ({ transitions }: Model): Transition[] =>
    transitions.filter(({ object, attribute }) => {
      const key = keyOfValue([object, attribute]);
      return old.has(key) === now.has(key);
    });
  const [was, is] = [own(before), own(after)];
  const { removed, added, kept } = paired(grouped(was), grouped(is), ({ key }) => key);
  return [
    ...removed.map(({ sample, all }): ModelChange => {
      const cover = coverOf(sample, is, before);
      return {
        ...transitionChange('removed', sample, transitionText(sample, all)),
        ...(cover === undefined ? gone({ status: strongest(all) }) : { because: cover }),
      };
    }),
    ...added.map(({ sample, all }) => transitionChange('added', sample, transitionText(sample, all))),
    ...kept.flatMap(([from, to]) => [
      ...wordChanges(from, to, 'event', ({ type }) => type),
      ...wordChanges(from, to, 'guard', ({ guard }) => guard),
    ]),
  ];
}

function stateAttributes({ entities }: Model): Set<string> {
  return new Set(
    entities.flatMap(({ name, attributes }) =>
      attributes.filter(({ role }) => role === 'state').map((attribute) => keyOfValue([name, attribute.name])),
    ),
  );
}

interface Group {
  readonly key: string;
  readonly sample: Transition;
  readonly all: readonly Transition[];
}

/** Transitions between the same states of the same attribute, whatever their events are called. */
function grouped(transitions: readonly Transition[]): Group[] {
  const groups = groupsOf(transitions, ({ object, attribute, preState, postState }) =>
    keyOfValue([object, attribute, preState, postState]),
  );
  return [...groups].flatMap(([key, all]) => (all[0] ? [{ key, sample: all[0], all }] : []));
}

function strongest(all: readonly Transition[]): Transition['status'] {
  return all.every(({ status }) => status === 'observed') ? 'observed' : 'declared';
}

function transitionChange(change: ModelChange['change'], { object, attribute }: Transition, text: string): ModelChange {
  return { change, element: 'transition', entity: object, attribute, text };
}

function edgeText({ attribute, preState, postState }: Transition): string {
  return `${attribute}: ${endText(preState)} -> ${endText(postState)}`;
}

function transitionText(sample: Transition, all: readonly Transition[]): string {
  const events = words(all, ({ type }) => type);
  return `${edgeText(sample)}${events.length === 0 ? '' : ` on ${events.join(', ')}`}`;
}

/** What makes it still possible: a transition from any state, or one from each. */
function coverOf(removed: Transition, is: readonly Transition[], before: Model): string | undefined {
  const same = is.filter(
    ({ object, attribute, postState }) =>
      object === removed.object &&
      attribute === removed.attribute &&
      keyOfValue(postState) === keyOfValue(removed.postState),
  );
  if (same.some(({ preState }) => isAnyState(preState)) && endText(removed.preState) !== '(new)')
    return `any state -> ${endText(removed.postState)} is there`;
  if (!isAnyState(removed.preState)) return undefined;
  const states = before.entities
    .find(({ name }) => name === removed.object)
    ?.attributes.find(({ name }) => name === removed.attribute)?.states;
  const others = (states ?? [])
    .map(({ value }) => keyOfValue(value))
    .filter((key) => key !== keyOfValue(removed.postState));
  const from = new Set(same.map(({ preState }) => keyOfValue(preState)));
  return others.length > 0 && others.every((key) => from.has(key)) ? 'each state has its own now' : undefined;
}

function words(all: readonly Transition[], word: (one: Transition) => string | undefined): string[] {
  return [...new Set(all.map(word).filter((each) => each !== undefined))].sort();
}

/** Events and guards may be called otherwise, the transition is still there: told, and nothing breaks. */
function wordChanges(
  was: Group,
  is: Group,
  what: string,
  word: (one: Transition) => string | undefined,
): ModelChange[] {
  const [old, now] = [words(was.all, word), words(is.all, word)].map((all) =>
    all.length === 0 ? 'none' : all.join(', '),
  );
  if (old === now) return [];
  return [transitionChange('changed', is.sample, `${edgeText(is.sample)}: ${what} ${old ?? ''} -> ${now ?? ''}`)];
}

export function contextChanges(before: Model, after: Model): ModelChange[] {
  const named = (context: Context): string[] =>
    (['space', 'time', 'subject', 'device'] as const).flatMap((dimension) =>
      context[dimension].map(({ name }) => `${dimension}: ${name}`),
    );
  const { removed, added } = paired(named(before.context), named(after.context), (text) => text);
  return [
    ...removed.map((text): ModelChange => ({ change: 'removed', element: 'context', text })),
    ...added.map((text): ModelChange => ({ change: 'added', element: 'context', text })),
  ];
}

export function lawChanges(before: Model, after: Model): ModelChange[] {
  const { removed, added, kept } = paired(before.laws ?? [], after.laws ?? [], ({ id }) => id);
  const one = (change: ModelChange['change'], { id, holds }: WrittenLaw): ModelChange => ({
    ...{ change, element: 'law', text: `${id}: ${holds}` },
  });
  return [
    ...removed.map((law) => one('removed', law)),
    ...added.map((law) => one('added', law)),
    ...kept.filter(([was, is]) => keyOfValue(was) !== keyOfValue(is)).map(([, is]) => one('changed', is)),
  ];
}
