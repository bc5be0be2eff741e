// semstate diff: what changed in meaning between two models. Status 1 says that something can break.
import { readFile } from 'node:fs/promises';
import { Failure, messageOf, type Model } from '../../model/index.ts';
import { diffModels, modelDiffText, readModel } from '../../present/index.ts';
import { JSON_FLAG, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { harmless } from '../text.ts';

export const diff: Command = {
  name: 'diff',
  usage: 'OLD NEW [--json]',
  about:
    'Says what changed in meaning from one model to another: files that extract --save, --out or --json wrote.\nStatus 1 where a change is breaking: something removed or renamed, a type changed or a cardinality narrowed.',
  takes: [2, 2],
  flags: { json: JSON_FLAG },
  async run({ positionals, io, has }) {
    const [before = '', after = ''] = positionals;
    const difference = diffModels(await modelIn(before), await modelIn(after));
    const text = modelDiffText(difference).split('\n').map(harmless).join('\n');
    await print(io.stdout, has('json') ? `${exactJson(difference)}\n` : text);
    return difference.breaking ? STATUS.found : STATUS.done;
  },
};

/** @throws Failure `model-file` */
async function modelIn(path: string): Promise<Model> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure('model-file', `${path} cannot be read: ${messageOf(error)}.`, 'Name the file of a model.', error);
  }
  const read = readModel(text);
  if ('model' in read) return read.model;
  throw new Failure('model-file', `${path} is no model: ${read.fault}.`, 'Make it anew with semstate extract --out.');
}
