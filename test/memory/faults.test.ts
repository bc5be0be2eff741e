// What goes wrong while memory is read, on live processes: the target goes on whatever becomes of the reader, and every refusal says why.
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openMemory } from '../../src/acquire/index.ts';
import { constantsOf } from '../../src/acquire/memory/elfConstants.ts';
import { isFailure } from '../../src/model/index.ts';
import { findPath } from '../../src/parse/index.ts';
import { binaryOf, graphOf, startProgram, takeMemory } from './account.ts';

const binary = binaryOf(22);
const skip = binary ? false : 'npm has no binary of this Node for this machine';
const reader = join(import.meta.dirname, 'fixtures', 'reader.ts');

function stateOf(pid: number): string {
  try {
    return /^\d+ \(.*\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

const read = (pid: number, times = 1): ChildProcess =>
  spawn(process.execPath, ['--disable-warning=ExperimentalWarning', reader, String(pid), String(times)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** Waits, as closely as it can, until the process stands still. */
async function standsStill(pid: number, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null) {
    for (let n = 0; n < 200; n++) if (stateOf(pid) === 'T') return true;
    await wait(0);
  }
  return false;
}

test('kill -9 of the reader at any stage leaves the target running within a second', { skip }, async () => {
  await using program = await startProgram(binary as string, 'heavy.cjs', ['60']);
  let killedInMidCopy = 0;
  for (const delay of [0, 5, 10, 20, 40]) {
    const child = read(program.pid, 50);
    const stopped = await standsStill(program.pid, child);
    await wait(delay);
    if (stateOf(program.pid) === 'T') killedInMidCopy++;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    assert.ok(stopped, 'the target was stopped once');
    await wait(700);
    assert.equal(stateOf(program.pid), 'S', `killed ${delay} ms into the stop`);
  }
  assert.ok(killedInMidCopy > 0, 'at least one reader died while the target stood still');
});

test('a target that ends while it is read is gone, and said to be', { skip }, async () => {
  await using program = await startProgram(binary as string, 'heavy.cjs', ['60']);
  const child = read(program.pid, 50);
  let said = '';
  child.stdout?.on('data', (chunk) => (said += String(chunk)));
  assert.ok(await standsStill(program.pid, child));
  program.child.kill('SIGKILL');
  await once(child, 'exit');
  const last = JSON.parse(said.trim().split('\n').at(-1) ?? '') as { code?: string };
  assert.equal(last.code, 'target-gone', said);
});

async function refused(pid: number, code: string, pattern: RegExp): Promise<void> {
  await assert.rejects(openMemory({ runtime: 'local', pid }, {}, {}), (error) => {
    assert.ok(isFailure(error, code), String(error));
    assert.match(error.message, pattern);
    assert.match(error.action, /--method heap/);
    return true;
  });
}

test('a program that is no Node.js is refused, and told why', { skip }, async () => {
  const sleeper = spawn('/bin/sleep', ['60']);
  try {
    await once(sleeper, 'spawn');
    await wait(50);
    await refused(sleeper.pid as number, 'memory-unknown-binary', /v8dbg_/);
  } finally {
    sleeper.kill('SIGKILL');
  }
});

test('a process that is not there is gone', { skip }, async () => {
  await assert.rejects(openMemory({ runtime: 'local', pid: 2 ** 22 - 1 }, {}, {}), (error) =>
    isFailure(error, 'target-gone'),
  );
});

/** The reader in a process of its own, under limits or as another user. @param before shell that goes before it */
async function readUnder(pid: number, before: string, ...more: readonly string[]): Promise<Record<string, unknown>> {
  const command = `${before} exec "$@"`;
  const args = [
    '-c',
    command,
    'sh',
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    reader,
    String(pid),
    '1',
  ];
  const child = spawn('/bin/sh', [...args, ...more], { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  await once(child, 'close');
  return JSON.parse(said.trim() || '{"code":"died"}') as Record<string, unknown>;
}

const rootOnly = skip || (process.getuid?.() === 0 ? false : 'needs root to become somebody else');

test('without the right to read, the reason is given and the target is left alone', { skip: rootOnly }, async () => {
  await using program = await startProgram(binary as string, 'heavy.cjs', ['1']);
  const { code, message } = await readUnder(program.pid, '', '65534');
  assert.equal(code, 'memory-permission', String(message));
  assert.match(String(message), /belongs to another user|ptrace_scope/);
  assert.equal(stateOf(program.pid), 'S');
});

test('a reader without room for the copy says so and never stops the target', { skip }, async () => {
  await using program = await startProgram(binary as string, 'heavy.cjs', ['400']);
  const stops = watchStops(program.pid);
  const { code, message } = await readUnder(program.pid, '', '-', '64');
  assert.equal(code, 'memory-no-room', String(message));
  assert.match(String(message), /[0-9]+ MB/);
  assert.equal(stops(), 0, 'it was not stopped');
  assert.equal(stateOf(program.pid), 'S');
});

/** Counts how often a process was seen standing still until it is asked. */
function watchStops(pid: number): () => number {
  let seen = 0;
  const timer = setInterval(() => (seen += stateOf(pid) === 'T' ? 1 : 0), 2);
  return () => (clearInterval(timer), seen);
}

const copyOf = (directory: string, change: (bytes: Buffer) => void): string => {
  const path = join(directory, 'node');
  const bytes = readFileSync(binary as string);
  change(bytes);
  writeFileSync(path, bytes, { mode: 0o755 });
  return path;
};
const inFolder = async (work: (directory: string) => Promise<void>): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'semstate-binary-'));
  try {
    await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

test('a stripped binary keeps what is needed', { skip: skip || lacks('strip') }, () =>
  inFolder(async (directory) => {
    const path = copyOf(directory, () => undefined);
    assert.equal(spawnSync('strip', [path]).status, 0);
    await using program = await startProgram(path, 'heavy.cjs', ['1']);
    const graph = graphOf((await takeMemory(program.pid)).bytes);
    assert.equal(graph.classes().find(({ name }) => name === 'Order')?.instances.length, 3000);
  }),
);

test("a binary without V8's constants is refused", { skip }, () =>
  inFolder(async (directory) => {
    const path = copyOf(directory, (bytes) => {
      // Another build, since of builds that are known the constants are known too.
      const build = bytes.indexOf(Buffer.from(constantsOf(binary as string)?.buildId ?? '', 'hex'));
      bytes[build] = (bytes[build] as number) ^ 0xff;
      for (let at = bytes.indexOf('v8dbg_'); at >= 0; at = bytes.indexOf('v8dbg_', at)) bytes.write('x8', at);
    });
    await using program = await startProgram(path, 'heavy.cjs', ['1']);
    await refused(program.pid, 'memory-unknown-binary', /stripped of them/);
  }),
);

function lacks(tool: string): string | false {
  return spawnSync(tool, ['--version']).error ? `${tool} is not installed` : false;
}

test('a program that never waits is left alone, and stopped in its work only when told to', { skip }, async () => {
  await using program = await startProgram(binary as string, 'ledger.cjs', ['1']);
  await assert.rejects(takeMemory(program.pid), (error) => isFailure(error, 'memory-never-idle'));
  const { bytes } = await takeMemory(program.pid, { force: true });
  const graph = graphOf(bytes);
  assert.ok(graph.problems.some(({ code }) => code === 'unsafe-point'));
  assert.ok(findPath(graph, 'ledger.accounts[0]') !== undefined);
});
