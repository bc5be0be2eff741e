// What stands over the class of an entity: instances, states, the last transition. Knows the model, not the editor.
import { showValue, type Entity, type Model, type Transition } from '../model/index.ts';
import type { Overview } from '../present/index.ts';

export type LastEvents = ReadonlyMap<string, { readonly time: number; readonly text: string; readonly type?: string }>;

export interface Lens {
  /** Counting from 1. */
  readonly line: number;
  readonly entity: string;
  readonly title: string;
}

export interface LiveCounts {
  readonly types?: Overview['types'];
  readonly last?: LastEvents;
}

/** @param file as the model writes it: relative to its directory, with forward slashes */
export function lensesOf(model: Model, file: string, live: LiveCounts = {}): Lens[] {
  return model.entities
    .filter(({ source }) => source?.file === file)
    .map((entity) => ({
      line: entity.source?.line ?? 1,
      entity: entity.name,
      title: [countText(entity, live), statesText(entity, live), lastText(entity, model, live)]
        .filter((part) => part !== '')
        .join(' · '),
    }));
}

function countText(entity: Entity, { types }: LiveCounts): string {
  const count = types ? (types.find((type) => type.entity === entity.name)?.count ?? 0) : entity.instances;
  if (count === undefined) return `entity, ${entity.status}`;
  return `${count} ${count === 1 ? 'instance' : 'instances'}${types ? '' : ' in the last snapshot'}`;
}

/** As counted now; else the states that are known. */
function statesText({ name, attributes }: Entity, { types }: LiveCounts): string {
  const now = types?.find(({ entity }) => entity === name);
  if (now?.stateAttribute !== undefined) {
    const there = now.states.filter(({ count }) => count > 0).map(({ state, count }) => `${state} ${count}`);
    if (there.length > 0) return `${now.stateAttribute}: ${there.join(', ')}`;
  }
  const state = attributes.find(({ role, states }) => role === 'state' && states?.length);
  return state ? `${state.name}: ${(state.states ?? []).map(({ value }) => showValue(value)).join(' | ')}` : '';
}

function lastText({ name }: Entity, { transitions }: Model, { types, last }: LiveCounts): string {
  const event = last?.get(name);
  if (event) {
    const time = new Date(event.time / 1000).toISOString().slice(11, 19);
    return `last ${time} ${event.text}${event.type === undefined ? '' : ` (${event.type})`}`;
  }
  if (types) return '';
  const own = transitions.filter(({ object }) => object === name);
  return own.length === 0 ? '' : `${own.length} ${own.length === 1 ? 'transition' : 'transitions'}${seenText(own)}`;
}

function seenText(transitions: readonly Transition[]): string {
  const seen = transitions.filter(({ count }) => count !== undefined && count > 0).length;
  return seen === 0 ? '' : `, ${seen} seen to happen`;
}
