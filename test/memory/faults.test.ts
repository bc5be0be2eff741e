// What goes wrong while memory is read, on live processes: the target goes on whatever becomes of the reader, and every refusal says why.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openMemory } from '../../src/acquire/index.ts';
import { isFailure } from '../../src/model/index.ts';
import { findPath, readValue } from '../../src/parse/index.ts';
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

test('without the right to read, the reason is given', { skip: skip || process.getuid?.() !== 0 }, async () => {
  await using program = await startProgram(binary as string, 'heavy.cjs', ['1']);
  const nobody = 65534;
  const script = `try { require('node:fs').openSync('/proc/${program.pid}/mem', 'r') } catch (e) { console.log(e.code) }`;
  const child = spawn(process.execPath, ['-e', script], {
    uid: nobody,
    gid: nobody,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.on('error', () => undefined);
  const [code] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
  // The kernel's answer to others than root is what the refusal is made of.
  if (Buffer.isBuffer(code)) assert.match(String(code), /EACCES|EPERM/);
});

test('a program that never waits is left alone, and stopped in its work only when told to', { skip }, async () => {
  await using program = await startProgram(binary as string, 'ledger.cjs', ['1']);
  await assert.rejects(takeMemory(program.pid), (error) => isFailure(error, 'memory-never-idle'));
  const { bytes } = await takeMemory(program.pid, { force: true });
  const graph = graphOf(bytes);
  assert.ok(graph.problems.some(({ code }) => code === 'unsafe-point'));
  assert.ok(findPath(graph, 'ledger.accounts[0]') !== undefined);
});

test('a busy program is only ever seen between its transactions', { skip }, async () => {
  for (const share of ['0.5', '0.9']) {
    await using program = await startProgram(binary as string, 'ledger.cjs', [share]);
    await wait(200);
    let before = -1;
    for (let n = 0; n < 12; n++) {
      const graph = graphOf((await takeMemory(program.pid)).bytes);
      const number = (path: string): number =>
        readValue(graph, findPath(graph, path) as number, { depth: 1, limit: 1 }) as number;
      const accounts = graph.elements(findPath(graph, 'ledger.accounts') as number);
      const sum = accounts.reduce<number>((total, at) => {
        const balance = graph.property(at as number, 'balance') as number;
        return total + (graph.leaf(balance) as number);
      }, 0);
      assert.equal(accounts.length, 1000);
      assert.equal(sum, 1_000_000, `capture ${n} at ${share}`);
      assert.equal(number('ledger.begun'), number('ledger.done'));
      assert.ok(number('ledger.done') >= before, 'time goes on');
      before = number('ledger.done');
      assert.deepEqual(graph.problems, []);
    }
  }
});

test('many captures in a row leave nothing behind, neither here nor there', { skip }, async () => {
  await using program = await startProgram(binary as string, 'heavy.cjs', ['1']);
  const openFiles = (): number => readdirSync('/proc/self/fd').length;
  await takeMemory(program.pid);
  const before = openFiles();
  let grown = 0;
  for (let n = 0; n < 60; n++) grown = Math.max(grown, (await takeMemory(program.pid)).result.targetGrowthBytes ?? 0);
  await wait(500);
  assert.ok(openFiles() <= before + 2, 'no file stays open');
  assert.equal(stateOf(program.pid), 'S');
  assert.ok(grown < 1e6, `the target grew by ${grown} bytes`);
});
