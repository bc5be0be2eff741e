// semstate rollback: returns to a point of a timeline, into a copy beside the original or in its place, proved equal before it goes on.
// Status 1 says that what came back is not equal.
import { describePreflight, LAST_CONSISTENT, returnTo, type Returned } from '../../session/index.ts';
import { JSON_FLAG, UsageError, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { harmless } from '../text.ts';
import { storeOf } from './storeFlag.ts';
import { runWriteBack, WRITE_BACK } from '../writeBackText.ts';
import { differenceLines, verdictDocument } from './verify.ts';

export const rollback: Command = {
  name: 'rollback',
  usage: `TARGET --store FILE [--to ${LAST_CONSISTENT}|TIME|SEQ] [--copy|--in-place|--method write-back]`,
  about:
    'Returns to a point of a timeline, and proves it.\nA container is restored from its checkpoint: into a copy beside it (default), which has no network and is\nready to be attached to, or with --in-place in its place. The state that came back is compared with the one\nthat was kept before anything of it runs. --method write-back needs no checkpoint: it writes single values of\na point into the running program and lists them; --undo takes them back.',
  takes: [1, 1],
  flags: {
    store: { value: 'FILE', about: 'The timeline whose checkpoints are returned to.' },
    to: {
      value: 'WHEN',
      about: `${LAST_CONSISTENT} (default), the number of a point, or a time: the last checkpoint until then.`,
    },
    copy: { about: 'Beside the original, which is left alone (default).' },
    'in-place': { about: 'In place of the original, which is stopped and kept under another name.' },
    method: { value: 'METHOD', about: 'checkpoint (default), or write-back.' },
    entity: { value: 'TYPE[:ID]', about: 'With write-back: only this type, or this one instance.' },
    undo: { about: 'With write-back: takes back what was written last.' },
    name: { value: 'NAME', about: 'What the copy is called; default: the original’s name and the point.' },
    'dry-run': { about: 'Only the report of what would come back, or be written, and what would not.' },
    source: { value: 'DIR', many: true, about: 'A directory with source of the service, as with the recording.' },
    json: JSON_FLAG,
  },
  async run(invocation) {
    const {
      positionals: [target = ''],
      io,
      work,
      progress,
      has,
      one,
      all,
    } = invocation;
    const method = one('method') ?? (has('undo') ? WRITE_BACK : 'checkpoint');
    if (method !== WRITE_BACK && method !== 'checkpoint')
      throw new UsageError(`--method ${method} is neither checkpoint nor ${WRITE_BACK}.`);
    if (method === WRITE_BACK) return runWriteBack(invocation);
    if (has('entity')) throw new UsageError(`--entity is for --method ${WRITE_BACK}.`);
    if (has('copy') && has('in-place')) throw new UsageError('--copy and --in-place exclude each other.');
    if (has('name') && has('in-place')) throw new UsageError('--name is for a copy, not with --in-place.');
    const name = one('name');
    const returned = await returnTo(
      target,
      {
        ...{ store: storeOf(one), source: all('source'), to: one('to') ?? LAST_CONSISTENT },
        ...(name !== undefined && { name }),
        inPlace: has('in-place'),
        consent: async (report) => {
          if (!has('json')) await print(io.stdout, harmlessLines(describePreflight(report)));
          return !has('dry-run');
        },
      },
      work,
    );
    progress.clear();
    await print(io.stdout, has('json') ? `${exactJson(documentOf(returned))}\n` : textOf(returned));
    return returned.verdict && !returned.verdict.equal ? STATUS.found : STATUS.done;
  },
};

const harmlessLines = (text: string): string => text.split('\n').map(harmless).join('\n');

function documentOf({ report, verdict, ...done }: Returned): object {
  return { document: 'rollback', report, ...done, ...(verdict && verdictDocument(verdict)) };
}

function textOf({ verdict, target, original, restoreMs, verifyMs }: Returned): string {
  if (!verdict) return '';
  const took = `restored in ${restoreMs} ms, proved in ${verifyMs} ms`;
  const lines = verdict.equal
    ? [
        `${target ?? ''} runs: ${verdict.entities} entities, ${verdict.relations} relations and ${verdict.threads} threads as they were (${took})`,
        ...(original === undefined ? [] : [`the original is ${original}, stopped`]),
      ]
    : [
        target === undefined
          ? `What came back is not equal; the original goes on (${took})`
          : `${target} is not equal and stands still (${took})`,
        ...differenceLines(verdict),
      ];
  return `${lines.join('\n')}\n`;
}
