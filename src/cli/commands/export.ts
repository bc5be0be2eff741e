// semstate export: a timeline and its model in a form that other tools read.
import { existsSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure, messageOf } from '../../model/index.ts';
import { EXPORT_EXTENSIONS, exportAs, isDatabase, type ExportForm } from '../../present/index.ts';
import { withTimeline } from '../../session/index.ts';
import { UsageError, type Command } from '../command.ts';
import { print, STATUS } from '../io.ts';
import { storeOf } from './storeFlag.ts';

const FORMS = Object.keys(EXPORT_EXTENSIONS) as readonly ExportForm[];

export const exportCommand: Command = {
  name: 'export',
  usage: '--store FILE --as FORM [--out FILE]',
  about: 'Writes a timeline in a standard form to stdout, or to a file.',
  takes: [0, 0],
  flags: {
    store: { value: 'FILE', about: 'The timeline.' },
    as: {
      value: 'FORM',
      about: `What happened: ocel2, ocel2-sqlite (needs --out), csv, cloudevents. The model: xstate, mermaid, shacl, json-schema.`,
    },
    out: { value: 'FILE', about: 'Writes there instead of to stdout.' },
  },
  async run({ io, one }) {
    const [form, out] = [formOf(one('as')), one('out')];
    if (isDatabase(form) && out === undefined) throw new UsageError(`--as ${form} makes a file: give --out FILE.`);
    if (out !== undefined && resolve(out) === resolve(storeOf(one)))
      throw new UsageError('--out is the timeline itself: it would be lost.');
    const text = withTimeline(storeOf(one), (store) => exportAs(form, store));
    if (out === undefined) await print(io.stdout, text.endsWith('\n') ? text : `${text}\n`);
    else await writing(out, () => (isDatabase(form) ? makeDatabase(out, text) : writeFile(out, text, { mode: 0o600 })));
    return STATUS.done;
  },
};

function formOf(text: string | undefined): ExportForm {
  const form = FORMS.find((each) => each === text);
  if (form) return form;
  throw new UsageError(text === undefined ? '--as FORM is missing.' : `--as ${text} is none of ${FORMS.join(', ')}.`);
}

/** Replaces what is there; whatever fails, no half a database stays. */
async function makeDatabase(path: string, script: string): Promise<void> {
  // Loaded only here: Node 20 has no SQLite, and every other form is without.
  const { DatabaseSync } = await import('node:sqlite');
  if (existsSync(path)) rmSync(path);
  await writeFile(path, '', { mode: 0o600 });
  const database = new DatabaseSync(path);
  try {
    database.exec(script);
  } catch (error) {
    database.close();
    rmSync(path, { force: true });
    throw error;
  }
  database.close();
}

async function writing(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new Failure(
      'file-not-written',
      `${path} could not be written: ${messageOf(error)}.`,
      'Choose another place.',
      error,
    );
  }
}
