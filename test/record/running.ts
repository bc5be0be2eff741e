// A program in its own process, on any Node, told what to do line by line; and the recorder on it.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { attach, parseTarget, type Attachment } from '../../src/acquire/index.ts';
import type { Model, WorkspaceFile } from '../../src/model/index.ts';
import {
  Ledger,
  planRecording,
  runningScripts,
  startRecorder,
  type LedgerOptions,
  type ProbeAnswer,
  type RecordedEvent,
  type Recorder,
  type RecorderOptions,
  type RecordingPlan,
} from '../../src/record/index.ts';
import { createFileHost } from '../../src/session/worker/fileHost.ts';
import { readSources, type CodeModel } from '../../src/source/index.ts';

export const RUNNING = join(resolve(dirname(fileURLToPath(import.meta.url)), '..'), 'fixtures/running');

export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Does what it is told and says what came of it. */
  ask(what: { readonly do: string; readonly [argument: string]: unknown }): Promise<unknown>;
}

/** @param options for Node, before the file */
export async function startProgram(
  file: string,
  given: { node?: string; options?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<Program> {
  const { node = process.execPath, env, options = env ? [] : ['--inspect-port=0'] } = given;
  const child = spawn(node, [...options, file], {
    ...(env && { env: { ...process.env, ...env } }),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    pid: child.pid ?? 0,
    async ask(what) {
      child.stdin.write(`${JSON.stringify(what)}\n`);
      const { value } = await lines.next();
      return (JSON.parse(String(value)) as { result: unknown }).result;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        if (child.exitCode !== null || child.signalCode !== null) return done();
        child.once('exit', () => done());
        child.kill('SIGKILL');
      }),
  };
}

export function attachTo({ pid }: Program): Promise<Attachment> {
  return attach(parseTarget(`pid:${pid}`), {}, {});
}

/** What extraction says of the fixtures, in short. */
export const TICKETS: Model = {
  document: 'model',
  version: 1,
  entities: [
    {
      name: 'Ticket',
      identity: ['id'],
      status: 'declared',
      attributes: [
        { name: 'id', type: 'string', role: 'identity' },
        { name: 'status', type: 'enum', role: 'state' },
        { name: 'note', type: 'string' },
        { name: 'password', type: 'string' },
      ],
    },
  ],
  relations: [],
  transitions: [],
  context: { space: [], time: [], subject: [], device: [] },
  problems: [],
};

const codes = new Map<string, CodeModel>();

export async function planOf(attachment: Attachment, root: string, file?: WorkspaceFile): Promise<RecordingPlan> {
  let code = codes.get(root);
  if (!code) {
    code = readSources(
      [root],
      createFileHost(() => undefined),
    );
    codes.set(root, code);
  }
  const scripts = (await runningScripts(attachment, {})).filter((script) => script.url.includes(root));
  return planRecording(TICKETS, code, scripts, file);
}

/** A recorder with all that it has told so far, raw and read. */
export interface Recorded extends AsyncDisposable {
  readonly attachment: Attachment;
  readonly recorder: Recorder;
  readonly plan: RecordingPlan;
  readonly answers: ProbeAnswer[];
  events(): Promise<RecordedEvent[]>;
}

export async function recordProgram(
  program: Program,
  given: RecorderOptions & { root?: string; ledger?: LedgerOptions; attachment?: Attachment } = {},
): Promise<Recorded> {
  const { root = RUNNING, ledger: told, ...options } = given;
  const attachment = given.attachment ?? (await attachTo(program));
  const plan = await planOf(attachment, root, options.workspaceFile);
  const recorder = await startRecorder(attachment, plan, {}, options);
  const ledger = new Ledger(recorder.plan, told);
  const answers: ProbeAnswer[] = [];
  return {
    ...{ attachment, recorder, plan, answers },
    async events() {
      const events: RecordedEvent[] = [];
      for (let more = true; more;) {
        const answer = await recorder.drain();
        answers.push(answer);
        events.push(...ledger.read(answer));
        ({ more } = answer);
      }
      return events;
    },
    async [Symbol.asyncDispose]() {
      await recorder.stop();
      await attachment[Symbol.asyncDispose]();
    },
  };
}

/** Evaluates in the process, beside the recorder. */
export async function look<T>({ attachment }: Pick<Recorded, 'attachment'>, expression: string): Promise<T> {
  const { result } = await attachment.send<{ result: { value: unknown } }>('Runtime.evaluate', {
    expression,
    returnByValue: true,
  });
  return result.value as T;
}
