// semstate export: a timeline in a form that other tools read.
import { writeFile } from 'node:fs/promises';
import { Failure, messageOf } from '../../model/index.ts';
import { exportAs, type ExportForm } from '../../present/index.ts';
import { withTimeline } from '../../session/index.ts';
import { UsageError, type Command } from '../command.ts';
import { print, STATUS } from '../io.ts';
import { storeOf } from './storeFlag.ts';

const FORMS: readonly ExportForm[] = ['mermaid', 'ocel2', 'csv'];
const LATER = ['xstate', 'cloudevents'];

export const exportCommand: Command = {
  name: 'export',
  usage: '--store FILE --as FORM [--out FILE]',
  about: 'Writes a timeline in a standard form to stdout, or to a file.',
  takes: [0, 0],
  flags: {
    store: { value: 'FILE', about: 'The timeline.' },
    as: { value: 'FORM', about: 'mermaid, ocel2 or csv; xstate and cloudevents are not available yet.' },
    out: { value: 'FILE', about: 'Writes there instead of to stdout.' },
  },
  async run({ io, one }) {
    const form = formOf(one('as'));
    const text = withTimeline(storeOf(one), (store) => exportAs(form, store));
    const out = one('out');
    if (out === undefined) await print(io.stdout, text.endsWith('\n') ? text : `${text}\n`);
    else await save(out, text);
    return STATUS.done;
  },
};

function formOf(text: string | undefined): ExportForm {
  const form = FORMS.find((each) => each === text);
  if (form) return form;
  if (text !== undefined && LATER.includes(text))
    throw new Failure('not-available', `The form ${text} is not available yet.`, `Use one of ${FORMS.join(', ')}.`);
  throw new UsageError(text === undefined ? '--as FORM is missing.' : `--as ${text} is none of ${FORMS.join(', ')}.`);
}

async function save(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600 });
  } catch (error) {
    throw new Failure(
      'file-not-written',
      `${path} could not be written: ${messageOf(error)}.`,
      'Choose another place.',
      error,
    );
  }
}
