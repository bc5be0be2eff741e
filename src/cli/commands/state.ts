// semstate state: M at a point in time, from a timeline.
import { showValue, type StateDocument } from '../../model/index.ts';
import { readState, withTimeline, type EntityChoice } from '../../session/index.ts';
import { JSON_FLAG, type Command, type Flag } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { harmless, table } from '../text.ts';
import { storeOf } from './storeFlag.ts';

export const AT_FLAG: Flag = {
  value: 'TIME|SEQ',
  about: 'A point: its number, an ISO time, or -1 for the last; default: the last.',
};

export const state: Command = {
  name: 'state',
  usage: '--store FILE [--at TIME|SEQ] [--entity TYPE[:ID]]',
  about: 'Shows the entities and relations at a point in time.',
  takes: [0, 0],
  flags: {
    store: { value: 'FILE', about: 'The timeline.' },
    at: AT_FLAG,
    entity: { value: 'TYPE[:ID]', about: 'Only this type, or this one instance.' },
    json: JSON_FLAG,
  },
  async run({ io, progress, has, one }) {
    const choice = choiceOf(one('entity'));
    const [document, types] = withTimeline(storeOf(one), (store) => [
      readState(store, one('at'), choice),
      (store.model()?.entities ?? []).map(({ name }) => name),
    ]);
    // Nothing found and nothing there are told apart: a misspelt name must not look like an answer.
    if (choice && document.entities.length === 0) progress.say(`note: ${harmless(nothingOf(choice, types))}`);
    await print(io.stdout, has('json') ? `${exactJson(document)}\n` : describe(document));
    return STATUS.done;
  },
};

function nothingOf({ entity, id }: EntityChoice, types: readonly string[]): string {
  if (types.includes(entity))
    return id === undefined ? `No ${entity} is there at this point.` : `No ${entity} ${id} is there at this point.`;
  return `The model has no type ${entity}; it has ${types.join(', ') || 'none'}.`;
}

/** Types of programs have no colon in their names; ids may. */
export function choiceOf(text: string | undefined): EntityChoice | undefined {
  if (text === undefined) return undefined;
  const colon = text.indexOf(':');
  return colon < 0 ? { entity: text } : { entity: text.slice(0, colon), id: text.slice(colon + 1) };
}

function describe({ entities, relations, timestamp, seq, problems }: StateDocument): string {
  const byType = Map.groupBy(entities, (each) => each.entity);
  const links = Map.groupBy(relations, ({ subject }) => `${subject.entity} ${subject.id}`);
  const parts = [...byType].map(([type, instances]) => {
    const names = [...new Set(instances.flatMap((each) => Object.keys(each.attributes)))].filter(
      (name) => !instances.every((each) => each.attributes[name] === each.id),
    );
    const predicates = [...new Set(relations.filter((r) => r.subject.entity === type).map((r) => r.predicate))].filter(
      (name) => !names.includes(name),
    );
    const rows = instances.map(({ entity, id, attributes }) => [
      String(id),
      ...names.map((name) => (Object.hasOwn(attributes, name) ? showValue(attributes[name], 40) : '')),
      ...predicates.map((name) =>
        (links.get(`${entity} ${id}`) ?? [])
          .filter((link) => link.predicate === name)
          .map((link) => `${link.object.entity} ${link.object.id}`)
          .join(', '),
      ),
    ]);
    return `${harmless(type)}\n${table(['ID', ...[...names, ...predicates].map(harmless)], rows)}`;
  });
  const notes = (problems ?? []).map(({ message }) => `note: ${harmless(message)}\n`);
  return [`${timestamp}, point ${seq ?? ''}, ${entities.length} entities\n`, ...parts, ...notes].join('\n');
}
