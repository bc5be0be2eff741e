// semstate check: the laws that do not hold. Status 1 says that there are some.
import { lawsFor, readViolations, withTimeline } from '../../session/index.ts';
import { JSON_FLAG, type Command, type Flag } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { table } from '../text.ts';
import { AT_FLAG } from './state.ts';
import { storeOf } from './storeFlag.ts';

export const LAWS_FLAG: Flag = {
  value: 'FILE',
  about: 'A semstate.json: its laws are checked in place of those the timeline was recorded with.',
};

export const check: Command = {
  name: 'check',
  usage: '--store FILE [--at TIME|SEQ] [--laws FILE]',
  about:
    'Checks the laws: references resolve, cardinalities hold, identities are unique, only declared\ntransitions happened, and those that semstate.json states.\nWith --at the state at that point; without it the last state and every step that led there.',
  takes: [0, 0],
  flags: { store: { value: 'FILE', about: 'The timeline.' }, at: AT_FLAG, laws: LAWS_FLAG, json: JSON_FLAG },
  async run({ io, has, one }) {
    const document = withTimeline(storeOf(one), (store) =>
      readViolations(store, one('at'), lawsFor(store, one('laws'))),
    );
    const { violations } = document;
    if (has('json')) await print(io.stdout, `${exactJson(document)}\n`);
    else if (violations.length === 0) await print(io.stdout, 'Every law holds.\n');
    else {
      const rows = violations.map(({ law, message, at }) => [law, at, message]);
      await print(io.stdout, table(['LAW', 'AT', 'WHAT'], rows));
    }
    return violations.length === 0 ? STATUS.done : STATUS.found;
  },
};
