// semstate verify: whether a target is in the state of a point of a timeline. Status 1 says that it is not, and what differs.
import { pointOf, verifyState, type Verdict } from '../../session/index.ts';
import { JSON_FLAG, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { harmless } from '../text.ts';
import { AT_FLAG } from './state.ts';
import { storeOf } from './storeFlag.ts';

/** More differences are counted only. */
const MOST_SHOWN = 40;

export const verify: Command = {
  name: 'verify',
  usage: 'TARGET --store FILE [--at TIME|SEQ]',
  about: 'Compares a target with a point of a timeline, and names each difference.',
  takes: [1, 1],
  flags: {
    store: { value: 'FILE', about: 'The timeline.' },
    at: AT_FLAG,
    source: { value: 'DIR', many: true, about: 'A directory with source of the service, as with the recording.' },
    json: JSON_FLAG,
  },
  async run({ positionals: [target = ''], io, work, progress, has, one, all }) {
    const at = one('at');
    const { seq, verdict } = await verifyState(
      target,
      { store: storeOf(one), source: all('source') },
      (store) => pointOf(store, at).seq,
      work,
    );
    progress.clear();
    if (has('json')) await print(io.stdout, `${exactJson({ document: 'verify', seq, ...verdictDocument(verdict) })}\n`);
    else if (verdict.equal)
      await print(io.stdout, `Equal to point ${seq}: ${verdict.entities} entities, ${verdict.relations} relations.\n`);
    else await print(io.stdout, `Not equal to point ${seq}:\n${differenceLines(verdict).join('\n')}\n`);
    return verdict.equal ? STATUS.done : STATUS.found;
  },
};

export function verdictDocument({ equal, entities, relations, threads, differences }: Verdict): object {
  return { equal, entities, relations, threads, differences };
}

export function differenceLines({ differences }: Verdict): string[] {
  const more = differences.length - MOST_SHOWN;
  const shown = differences.slice(0, MOST_SHOWN).map((each) => `  ${harmless(each)}`);
  return more > 0 ? [...shown, `  and ${more} more`] : shown;
}
