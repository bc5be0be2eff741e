// semstate laws: the laws of a timeline, and those that what was recorded suggests. Accepting one writes it to semstate.json.
import { existsSync } from 'node:fs';
import { toIso, type WorkspaceFile } from '../../model/index.ts';
import { decideLaws, lawsFor, listLaws, proposeLaws, readWorkspaceFile, withTimeline } from '../../session/index.ts';
import { JSON_FLAG, UsageError, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { table } from '../text.ts';
import { storeOf } from './storeFlag.ts';

export const laws: Command = {
  name: 'laws',
  usage: '--store FILE [--mine] [--into semstate.json [--accept ID]... [--reject ID]...]',
  about:
    'Lists the laws of a timeline; with --mine also those that its data suggest, which hold nothing up before they are\naccepted into semstate.json.',
  takes: [0, 0],
  flags: {
    store: { value: 'FILE', about: 'The timeline.' },
    mine: { about: 'Look for laws in what was recorded.' },
    into: { value: 'FILE', about: 'The semstate.json that keeps what is accepted and rejected.' },
    accept: { value: 'ID', many: true, about: 'Write this proposed law into it.' },
    reject: { value: 'ID', many: true, about: 'Do not propose this one again.' },
    json: JSON_FLAG,
  },
  async run({ io, has, one, all }) {
    const into = one('into');
    const [accept, reject] = [all('accept'), all('reject')];
    if (accept.length + reject.length > 0 && into === undefined)
      throw new UsageError('--accept and --reject need --into, the semstate.json to write to');
    const file: WorkspaceFile = into !== undefined && existsSync(into) ? readWorkspaceFile(into).file : {};
    const [known, proposals] = withTimeline(storeOf(one), (store) => [
      listLaws(into === undefined ? lawsFor(store) : { ...lawsFor(store), laws: writtenIn(file) }),
      has('mine') || accept.length > 0 ? proposeLaws(store, file) : [],
    ]);
    if (into !== undefined && accept.length + reject.length > 0) {
      decideLaws(into, proposals, { accept, reject });
      await print(io.stdout, `${into}: ${accept.length} accepted, ${reject.length} rejected.\n`);
      return STATUS.done;
    }
    if (has('json')) {
      const found = proposals.map(({ since, ...rest }) => ({ ...rest, since: toIso(since) }));
      await print(io.stdout, `${exactJson({ document: 'laws', laws: known, proposals: found })}\n`);
      return STATUS.done;
    }
    await print(
      io.stdout,
      table(
        ['LAW', 'SAYS'],
        known.map(({ id, title }) => [id, title]),
      ),
    );
    if (has('mine'))
      await print(
        io.stdout,
        proposals.length === 0
          ? '\nNothing more is suggested by what was recorded.\n'
          : `\n${table(
              ['PROPOSED', 'SURE', 'SEEN', 'BUT', 'HOLDS'],
              proposals.map(({ law, confidence, support, exceptions }) => [
                law.id,
                `${Math.floor(confidence * 100)} %`,
                String(support),
                String(exceptions),
                law.holds,
              ]),
            )}`,
      );
    return STATUS.done;
  },
};

function writtenIn(file: WorkspaceFile): { id: string; holds: string }[] {
  return Object.entries(file.laws ?? {}).map(([id, law]) => ({ id, ...law }));
}
