// semstate diff: what changed in meaning between two models. Status 1 says that something can break.
import { readFile } from 'node:fs/promises';
import { Failure, messageOf, type Model } from '../../model/index.ts';
import { diffModels, modelDiffText, readModel } from '../../present/index.ts';
import { withTimeline } from '../../session/index.ts';
import { JSON_FLAG, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { harmless } from '../text.ts';

export const diff: Command = {
  name: 'diff',
  usage: 'OLD NEW [--json]',
  about:
    'Says what changed in meaning from one model to another: files that extract --save, --out or --json wrote, or timelines.\nStatus 1 where a change is breaking: something removed or renamed, a type changed or a cardinality narrowed.',
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

/** How a timeline's file begins. */
const DATABASE = 'SQLite format 3\u0000';

/** @throws Failure `model-file`, and of the store */
async function modelIn(path: string): Promise<Model> {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (error) {
    throw new Failure('model-file', `${path} cannot be read: ${messageOf(error)}.`, 'Name the file of a model.', error);
  }
  if (content.subarray(0, DATABASE.length).toString('latin1') === DATABASE) return modelOf(path);
  const read = readModel(content.toString('utf8'));
  if ('model' in read) return read.model;
  throw new Failure('model-file', `${path} is no model: ${read.fault}.`, 'Make it anew with semstate extract --out.');
}

function modelOf(timeline: string): Model {
  const model = withTimeline(timeline, (store) => store.model());
  if (model) return model;
  throw new Failure('model-file', `${timeline} holds no model.`, 'Record to it first, or name another timeline.');
}
