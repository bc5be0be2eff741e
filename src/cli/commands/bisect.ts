// semstate bisect: the first event after which a law no longer holds. Status 1 says that there is one.
import { toIso } from '../../model/index.ts';
import { bisect, describeBad, lawsFor, withTimeline } from '../../session/index.ts';
import { JSON_FLAG, UsageError, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { AT_FLAG, choiceOf } from './state.ts';
import { LAWS_FLAG } from './check.ts';
import { storeOf } from './storeFlag.ts';

export const bisectCommand: Command = {
  name: 'bisect',
  usage: '--store FILE [--law ID] [--entity TYPE:ID] [--good TIME|SEQ] [--bad TIME|SEQ]',
  about: 'Finds the first point at which a law does not hold, and the event that led there.',
  takes: [0, 0],
  flags: {
    store: { value: 'FILE', about: 'The timeline.' },
    law: { value: 'ID', about: 'The law, as `check` names it; default: any.' },
    entity: { value: 'TYPE:ID', about: 'Only where it breaks for this one.' },
    good: { ...AT_FLAG, about: 'A point at which it holds; default: the first.' },
    bad: { ...AT_FLAG, about: 'A point at which it does not; default: the last.' },
    laws: LAWS_FLAG,
    json: JSON_FLAG,
  },
  async run({ io, has, one }) {
    const choice = choiceOf(one('entity'));
    if (choice && choice.id === undefined) throw new UsageError('--entity needs a type and an id: Order:1042');
    const [law, good, bad] = [one('law'), one('good'), one('bad')];
    const found = withTimeline(storeOf(one), (store) => {
      const about = choice && {
        entity: choice.entity,
        id: idIn(store.stateAt(store.summary().last?.seq ?? 0), choice),
      };
      return bisect(store, lawsFor(store, one('laws')), {
        ...(law !== undefined && { law }),
        ...(about && { about }),
        ...(good !== undefined && { good }),
        ...(bad !== undefined && { bad }),
      });
    });
    if (has('json')) {
      const { point, good: held, violations } = found ?? {};
      const document = { document: 'bisect', ...(point && { seq: point.seq, at: toIso(point.time) }) };
      await print(
        io.stdout,
        `${exactJson({ ...document, ...(held && { good: held.seq }), violations: violations ?? [] })}\n`,
      );
    } else await print(io.stdout, found ? describeBad(found) : 'Nothing is broken at that point.\n');
    return found ? STATUS.found : STATUS.done;
  },
};

/** A number where the service's ids are numbers. */
function idIn(
  state: ReadonlyMap<string, { readonly entity: string; readonly id: string | number }>,
  choice: { readonly entity: string; readonly id?: string },
): string | number {
  for (const each of state.values()) if (each.entity === choice.entity && String(each.id) === choice.id) return each.id;
  return choice.id ?? '';
}
