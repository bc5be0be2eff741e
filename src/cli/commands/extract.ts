// semstate extract: code, memory or both to the model.
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure, messageOf } from '../../model/index.ts';
import { MODEL_FILE, modelFile } from '../../present/index.ts';
import { extractOnce, findWorkspaceFile } from '../../session/index.ts';
import { FORCE_FLAG, JSON_FLAG, UsageError, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { describeModel } from '../describeModel.ts';
import { METHOD_FLAG, methodOf } from '../methods.ts';
import { harmless } from '../text.ts';

export const extract: Command = {
  name: 'extract',
  usage: '--source DIR ... [--snapshot FILE ...] [--target TARGET] [--store FILE] [--save | --out FILE]',
  about:
    'Reverse extraction: from code, memory or both to the model.\nWithout --source the source is that which the running program carries, in its maps and scripts; without --snapshot and --target from code alone.',
  takes: [0, 0],
  flags: {
    source: { value: 'DIR', many: true, about: 'A directory with source of the service.' },
    snapshot: { value: 'FILE', many: true, about: 'A snapshot file; several in the order in which they were taken.' },
    target: { value: 'TARGET', about: 'Takes a snapshot of a running service and reads that.' },
    store: { value: 'FILE', about: 'A timeline: what was seen to happen counts as evidence.' },
    save: { about: `Writes ${MODEL_FILE} beside semstate.json, else here: for review and semstate diff.` },
    out: { value: 'FILE', about: 'The same, to a file of that name.' },
    evidence: { about: 'The saved model keeps evidence, counts and lines, which change from run to run.' },
    'memory-only': { about: 'Reads no source, not even what a snapshot carries.' },
    method: METHOD_FLAG,
    force: FORCE_FLAG,
    json: JSON_FLAG,
  },
  async run({ io, work, progress, has, one, all }) {
    const [source, snapshots, target, store] = [all('source'), all('snapshot'), one('target'), one('store')];
    if (source.length + snapshots.length === 0 && target === undefined)
      throw new UsageError('There is nothing to read: give --source, --snapshot or --target.');
    if (has('save') && one('out') !== undefined) throw new UsageError('Give either --save or --out FILE.');
    if (has('evidence') && !has('save') && one('out') === undefined)
      throw new UsageError('--evidence says what is saved: give --save or --out FILE.');
    if (has('memory-only') && source.length > 0) throw new UsageError('--memory-only reads no --source.');
    const model = await extractOnce(
      {
        source,
        snapshots,
        force: has('force'),
        method: methodOf(one('method') ?? 'auto'),
        memoryOnly: has('memory-only'),
        ...(target !== undefined && { target }),
        ...(store !== undefined && { store }),
      },
      work,
    );
    progress.clear();
    const file = has('save') ? placeFor(source) : one('out');
    if (file !== undefined) {
      await save(file, modelFile(model, has('evidence')));
      progress.say(`saved to ${harmless(file)}`);
    }
    if (has('json')) await print(io.stdout, `${exactJson(model)}\n`);
    else if (file === undefined) await print(io.stdout, describeModel(model));
    if (!has('json')) for (const { message } of model.problems.slice(0, 20)) progress.say(`note: ${harmless(message)}`);
    return STATUS.done;
  },
};

/** Where the settings of the workspace lie, the model lies too. */
function placeFor(source: readonly string[]): string {
  const settings = findWorkspaceFile(source);
  return settings ? join(dirname(settings.path), MODEL_FILE) : MODEL_FILE;
}

async function save(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new Failure(
      'file-not-written',
      `${path} could not be written: ${messageOf(error)}.`,
      'Choose another place.',
      error,
    );
  }
}
