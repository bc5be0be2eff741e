// semstate rollback --method write-back: what is written into the running program, listed before and after. Status 1 says that what was
// written is not there any more.
import { showRef, showValue } from '../model/index.ts';
import { LAST_CONSISTENT, writeBack, type WritePlan, type WroteBack } from '../session/index.ts';
import { UsageError, type Invocation } from './command.ts';
import { choiceOf } from './commands/state.ts';
import { storeOf } from './commands/storeFlag.ts';
import { exactJson } from './exactJson.ts';
import { print, STATUS, type Status } from './io.ts';
import { harmless, plural } from './text.ts';

export const WRITE_BACK = 'write-back';
const MOST_SHOWN = 40;

/** @throws UsageError, and what writing back throws */
export async function runWriteBack(invocation: Invocation): Promise<Status> {
  const { positionals, io, work, progress, has, one, all } = invocation;
  const place = one('to');
  if (has('in-place') || has('copy')) throw new UsageError(`--method ${WRITE_BACK} makes no copy.`);
  if (has('undo') && place !== undefined) throw new UsageError('--undo takes back what was written last, not a point.');
  if (!has('undo') && (place === undefined || place === LAST_CONSISTENT))
    throw new UsageError(`--method ${WRITE_BACK} needs a point: --to TIME|SEQ.`);
  const only = choiceOf(one('entity'));
  const done = await writeBack(
    positionals[0] ?? '',
    {
      ...{ store: storeOf(one), source: all('source') },
      to: place === undefined ? 'undo' : { place },
      ...(only && { only }),
      consent: async (plan) => {
        progress.clear();
        if (!has('json')) await print(io.stdout, planText(plan));
        return !has('dry-run');
      },
    },
    work,
  );
  progress.clear();
  await print(io.stdout, has('json') ? `${exactJson(documentOf(done))}\n` : doneText(done, has('dry-run')));
  return done.differences.length > 0 ? STATUS.found : STATUS.done;
}

function documentOf({ plan, written, differences }: WroteBack): object {
  const told = plan.writes.map(({ ref, attribute, before, after }) => ({ object: ref, attribute, before, after }));
  return {
    document: 'rollback',
    method: WRITE_BACK,
    writes: told,
    notWritten: plan.notWritten,
    written: written.length,
    differences,
  };
}

function planText({ writes, notWritten }: WritePlan): string {
  return [
    ...writes.map(
      ({ ref, attribute, before, after }) =>
        `${showRef(ref)}.${attribute}: ${showValue(before)} -> ${showValue(after)}`,
    ),
    ...notWritten.map((text) => `not written: ${text}`),
  ]
    .slice(0, MOST_SHOWN)
    .map((line) => `${harmless(line)}\n`)
    .join('');
}

function doneText({ plan, written, differences }: WroteBack, isDry: boolean): string {
  if (plan.writes.length === 0) return `${planText(plan)}Nothing to write.\n`;
  if (isDry) return '';
  const objects = written.reduce((sum, each) => sum + each.objects, 0);
  const lines = [
    `${plural(written.length, 'value')} written to ${plural(objects, 'object')}; --undo takes them back`,
    ...differences.map((each) => `  ${harmless(each)}`),
  ];
  return `${lines.join('\n')}\n`;
}
