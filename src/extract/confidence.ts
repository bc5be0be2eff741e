// How sure each fact is, as a share of 1: of the facts given at 0.9, nine in ten are right. Rates by what a fact rests on, measured on
// labelled programs (docs/extraction.md); what stands on another fact is never surer than that.
import type { Attribute, Entity, Evidence, Model, Relation, StateValue, Transition } from '../model/index.ts';
import { RATES } from './rates.ts';

/** Share of facts with this basis that are right, given that what they stand on is. */
export type RateOf = (basis: string) => number;

/** Nothing measured says more. */
const UNKNOWN = 0.5;

export function measuredRate(basis: string): number {
  return Object.hasOwn(RATES, basis) ? (RATES[basis] as number) : UNKNOWN;
}

export function withConfidence(model: Model, rateOf: RateOf = measuredRate): Model {
  const sure = new Map<string, number>();
  const states = new Map<string, number>();
  const entities = model.entities.map((entity): Entity => {
    const own = rateOf(basisOfEntity(entity));
    sure.set(entity.name, own);
    const attributes = entity.attributes.map((attribute): Attribute => {
      const confidence = round(own * rateOf(basisOfAttribute(entity, attribute)));
      if (attribute.role !== 'state') return { ...attribute, confidence };
      const stateConfidence = own * rateOf(basisOfStateAttribute(attribute));
      states.set(placeOf(entity.name, attribute.name), stateConfidence);
      const values = attribute.states?.map((state) => ({
        ...state,
        confidence: round(stateConfidence * rateOf(basisOfState(attribute, state))),
      }));
      return { ...attribute, confidence, stateConfidence: round(stateConfidence), ...(values && { states: values }) };
    });
    return { ...entity, attributes, confidence: round(own) };
  });
  const at = (name: string): number => sure.get(name) ?? UNKNOWN;
  const relations = model.relations.map((relation): Relation => {
    const ends = at(relation.subject) * (relation.subject === relation.object ? 1 : at(relation.object));
    return { ...relation, confidence: round(ends * rateOf(basisOfRelation(relation))) };
  });
  const transitions = model.transitions.map((transition): Transition => {
    const state = states.get(placeOf(transition.object, transition.attribute)) ?? UNKNOWN;
    return { ...transition, confidence: round(state * rateOf(basisOfTransition(transition))) };
  });
  return { ...model, entities, relations, transitions };
}

function placeOf(entity: string, attribute: string): string {
  return `${entity}\u0000${attribute}`;
}

function round(share: number): number {
  return Math.round(share * 100) / 100;
}

export function basisOfEntity({ status, evidence = [] }: Entity): string {
  const says = (start: string): boolean => evidence.some(({ note }) => note?.startsWith(start) === true);
  if (status === 'observed' && says('named after')) return 'entity: memory, not named by the program';
  if (status === 'observed')
    return `entity: memory, ${says('kept under') ? 'kept under a key' : says('listed') ? 'listed' : 'has a key'}`;
  const how = says('kept in')
    ? 'kept in a store'
    : evidence.some(({ by }) => by === 'schema')
      ? 'declared to a library'
      : 'referred to';
  return `entity: code, ${how}${status === 'confirmed' ? ', seen' : ''}`;
}

export function basisOfAttribute(entity: Entity, { status = 'declared' }: Attribute): string {
  return `attribute: ${status}${status === 'observed' && entity.status !== 'observed' ? ', though the code was read' : ''}`;
}

export function basisOfStateAttribute({ type, evidence = [] }: Attribute): string {
  const by = (...kinds: readonly Evidence['by'][]): boolean => evidence.some((each) => kinds.includes(each.by));
  const noted = (start: string): boolean => evidence.some(({ note }) => note?.startsWith(start) === true);
  const kind = type === 'boolean' ? 'truth' : 'states';
  const reassigned = noted('assigned again');
  if (by('guard', 'table') || by('write', 'schema'))
    return `${kind}: written in code${reassigned ? ', and in memory' : ''}`;
  if (reassigned) return `${kind}: assigned again in memory`;
  if (by('event')) return `${kind}: changes seen`;
  return noted('a truth') ? `${kind}: not known to be constant` : `${kind}: named or seen so`;
}

export function basisOfState({ status: attribute }: Attribute, { status = 'declared' }: StateValue): string {
  return `state: ${status}${attribute === 'observed' ? ', of memory' : ''}`;
}

export function basisOfRelation({ status, evidence = [] }: Relation): string {
  const by = (kind: Evidence['by'], test: (note: string) => boolean): boolean =>
    evidence.some((each) => each.by === kind && test(each.note ?? ''));
  const named = (note: string): boolean => note.startsWith('holds the id') || note.startsWith('named after');
  const seen = status === 'confirmed' ? ', seen' : '';
  if (by('declaration', (note) => !named(note))) return `relation: declared type${seen}`;
  if (by('value', (note) => note.startsWith('are keys'))) return 'relation: values are keys';
  if (by('reference', (note) => !named(note))) return 'relation: objects seen';
  return `relation: by name${status === 'observed' ? ', in memory' : seen}`;
}

export function basisOfTransition({ preState, postState, status, guard, evidence = [] }: Transition): string {
  const edge = (state: unknown, mark: string): boolean => typeof state === 'object' && state !== null && mark in state;
  const from = edge(preState, '$new')
    ? 'creation'
    : edge(preState, '$any')
      ? 'from any'
      : edge(postState, '$gone')
        ? 'removal'
        : 'step';
  if (status === 'observed') return `transition: ${from}, seen only`;
  const table = evidence.some(({ by }) => by === 'table' || by === 'schema');
  const how = table ? 'table' : guard === undefined ? 'write' : 'guard';
  return `transition: ${from}, ${status === 'confirmed' ? 'seen' : how}`;
}
