// A service in a process of its own, told line by line what to do, and a recording of it as the product makes one: attached, one
// snapshot, armed, and everything it told kept in a timeline.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Model, SnapshotPoint } from '../../src/model/index.ts';
import { createApp } from '../../src/session/index.ts';
import { openTimeline, type TimelineStore } from '../../src/timeline/index.ts';

/** Does what it is told and says what came of it. */
export type Tell = (what: string, more?: { readonly [name: string]: unknown }) => Promise<unknown>;

export interface Program extends AsyncDisposable {
  readonly target: string;
  readonly tell: Tell;
}

export async function startProgram(file: string): Promise<Program> {
  const child = spawn(process.execPath, ['--inspect-port=0', file], {
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  if ((await lines.next()).done === true) throw new Error(`${file} did not start`);
  return {
    target: `pid:${child.pid}`,
    async tell(what, more = {}) {
      child.stdin.write(`${JSON.stringify({ ...more, do: what })}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the service ended while it was told to ${what}`);
      return (JSON.parse(value) as { answer: unknown }).answer;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}

export interface Recording extends Disposable {
  readonly store: TimelineStore;
  readonly model: Model;
}

/** Records a service while it is driven; `look` takes a snapshot, as who asks why does. */
export async function recordWhile(
  target: string,
  source: string,
  drive: (look: () => Promise<SnapshotPoint>) => Promise<void>,
): Promise<Recording> {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-test-'));
  const file = join(folder, 'recorded.semstate');
  try {
    await using app = createApp();
    const session = await app.openSession({ target, source: [source], store: file }, {});
    await session.takeSnapshot({}, {});
    const recording = await session.record?.({});
    if (!recording) throw new Error(`${target} cannot be recorded`);
    await drive(() => session.takeSnapshot({}, {}));
    await recording.stop();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const store = openTimeline(file, { readOnly: true });
  const model = store.model();
  if (!model) throw new Error('the timeline has no model');
  return {
    ...{ store, model },
    [Symbol.dispose]() {
      store.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
