// The recording side in a process of its own, as a debug session has it: node host.ts PID SOURCE. Lines on stdin: `start`, `stop`;
// answers each with one line of JSON once it is done.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createApp, type Recording } from '../../../src/session/index.ts';

export interface Recorded {
  readonly events: number;
  /** Told as lost. */
  readonly lost: number;
  readonly gaps: number;
  readonly sites: number;
  /** Processor time of this process while it recorded. */
  readonly cpuMs: number;
}

const [pid = '', source = ''] = process.argv.slice(2);
const dir = mkdtempSync(join(tmpdir(), 'semstate-bench-live-'));
const app = createApp();
const session = await app.openSession(
  { target: `pid:${pid}`, source: [source], store: join(dir, 'live.semstate') },
  {},
);
let [events, lost, gaps] = [0, 0, 0];
session.on('points', (points) => {
  for (const point of points) {
    if (point.kind === 'event') events++;
    if (point.kind !== 'gap') continue;
    gaps++;
    lost += point.lost ?? 0;
  }
});
session.on('log', (text) => process.stderr.write(`${text}\n`));
const say = (answer: unknown): void => console.log(JSON.stringify(answer));
say({ ready: true });

let recording: Recording | undefined;
let usage = process.cpuUsage();
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'start') {
    [events, lost, gaps, usage] = [0, 0, 0, process.cpuUsage()];
    recording = await session.record?.({});
    say({ sites: recording?.sites ?? 0 });
  } else {
    const { user, system } = process.cpuUsage(usage);
    await recording?.stop();
    const answer: Recorded = { events, lost, gaps, sites: recording?.sites ?? 0, cpuMs: (user + system) / 1000 };
    say(answer);
  }
}
await app[Symbol.asyncDispose]();
rmSync(dir, { recursive: true, force: true });
