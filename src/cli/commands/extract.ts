// semstate extract: code, memory or both to the model.
import { extractOnce } from '../../session/index.ts';
import { FORCE_FLAG, JSON_FLAG, UsageError, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { describeModel } from '../describeModel.ts';
import { harmless } from '../text.ts';

export const extract: Command = {
  name: 'extract',
  usage: '--source DIR ... [--snapshot FILE ...] [--target TARGET] [--store FILE]',
  about:
    'Reverse extraction: from code, memory or both to the model.\nWithout --source from memory alone; without --snapshot and --target from code alone.',
  takes: [0, 0],
  flags: {
    source: { value: 'DIR', many: true, about: 'A directory with source of the service.' },
    snapshot: { value: 'FILE', many: true, about: 'A snapshot file; several in the order in which they were taken.' },
    target: { value: 'TARGET', about: 'Takes a snapshot of a running service and reads that.' },
    store: { value: 'FILE', about: 'A timeline: what was seen to happen counts as evidence.' },
    force: FORCE_FLAG,
    json: JSON_FLAG,
  },
  async run({ io, work, progress, has, one, all }) {
    const [source, snapshots, target, store] = [all('source'), all('snapshot'), one('target'), one('store')];
    if (source.length + snapshots.length === 0 && target === undefined)
      throw new UsageError('There is nothing to read: give --source, --snapshot or --target.');
    const model = await extractOnce(
      {
        source,
        snapshots,
        force: has('force'),
        ...(target !== undefined && { target }),
        ...(store !== undefined && { store }),
      },
      work,
    );
    progress.clear();
    await print(io.stdout, has('json') ? `${exactJson(model)}\n` : describeModel(model));
    if (!has('json')) for (const { message } of model.problems.slice(0, 20)) progress.say(`note: ${harmless(message)}`);
    return STATUS.done;
  },
};
