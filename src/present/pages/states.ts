// One state machine: declared and seen states with how many are in each now, transitions with how often they happened.
import { showValue } from '../../model/index.ts';
import type { Arguments, StatesPage } from '../requests.ts';
import { censusOf } from './census.ts';
import { attributeOf, endName, machineOf, shownState, type Machine } from './machines.ts';
import { pointOf, stateOf, type Scene } from './scene.ts';
import { stepKey, staysOf, type Stays } from './stays.ts';

/** A type without a state attribute has an empty machine: that is its answer. */
export function statesPage(scene: Scene, args: Arguments<'semantic/states'>): StatesPage {
  const { store, model } = scene;
  const { entity } = args;
  const machine = machineOf(model, entity, args.attribute);
  if (!machine) return { entity, attribute: args.attribute ?? '', states: [], transitions: [] };
  const { byType } = censusOf(stateOf(scene), model, pointOf(scene)?.time ?? 0);
  const now = new Map<string, number>();
  for (const instance of byType.get(entity) ?? []) {
    const state = shownState(instance, machine);
    if (state !== undefined) now.set(state, (now.get(state) ?? 0) + 1);
  }
  const stays = staysOf(store, machine, model);
  const seen = [...stays.counts.keys()]
    .flatMap((key) => JSON.parse(key) as (string | null)[])
    .filter((each) => each !== null);
  const states = new Set([...machine.states, ...now.keys(), ...seen]);
  const declared = attributeOf(model, entity, machine.attribute)?.states ?? [];
  return {
    entity,
    attribute: machine.attribute,
    states: [...states].map((state) => {
      const medianStay = stays.median.get(state);
      const known = declared.find(({ value }) => showValue(value) === state)?.status;
      const status = known ?? (machine.states.includes(state) ? 'declared' : 'observed');
      return {
        ...{ state, status, final: machine.final.has(state), now: now.get(state) ?? 0 },
        ...(medianStay !== undefined && { medianStay }),
      };
    }),
    transitions: [...fromModel(machine, stays), ...onlySeen(machine, stays)],
  };
}

function ends(from: string | undefined, to: string | undefined): { from?: string; to?: string } {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function fromModel({ transitions }: Machine, { counts }: Stays): StatesPage['transitions'] {
  return transitions.map(({ preState, postState, type, status, count, evidence }) => {
    const [from, to] = [endName(preState), endName(postState)];
    const source = evidence?.find((each) => each.source)?.source;
    return {
      ...ends(from, to),
      ...(type !== undefined && { type }),
      ...{ status, count: Math.max(count ?? 0, counts.get(stepKey(from, to)) ?? 0), undeclared: status === 'observed' },
      ...(source && { source }),
    };
  });
}

/** Steps that happened and that no transition of the model says; between snapshots, one may stand for several declared. */
function onlySeen({ transitions }: Machine, { counts, undeclared }: Stays): StatesPage['transitions'] {
  const said = new Set(transitions.map(({ preState, postState }) => stepKey(endName(preState), endName(postState))));
  return [...counts].flatMap(([key, count]) => {
    if (said.has(key)) return [];
    const [from, to] = (JSON.parse(key) as (string | null)[]).map((end) => end ?? undefined);
    return [{ ...ends(from, to), status: 'observed' as const, count, undeclared: undeclared.has(key) }];
  });
}
