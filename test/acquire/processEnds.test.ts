// A process that ends while it is attached to: it ends at once, and who wants a last word has it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { attach, parseTarget } from '../../src/acquire/index.ts';

test('a process is not kept from ending, and answers once more before it does', async () => {
  const program =
    "process.stdin.once('data', () => { globalThis.last = 'goodbye'; process.exit(3); }); console.log('up')";
  const child = spawn(process.execPath, ['--inspect-port=0', '-e', program], { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const attachment = await attach(parseTarget(`pid:${child.pid}`), {}, {});
  let said: unknown;
  attachment.onEnding(async () => {
    const expression = 'globalThis.last';
    const { result } = await attachment.send<{ result: { value: unknown } }>('Runtime.evaluate', { expression });
    said = result.value;
  });
  const closed = new Promise<string>((resolve) => attachment.onClosed(resolve));
  const exited = once(child, 'exit', { signal: AbortSignal.timeout(10_000) });
  child.stdin.write('go\n');
  assert.deepEqual(await exited, [3, null]);
  assert.equal(said, 'goodbye');
  assert.equal(await closed, 'the process ended');
  await attachment[Symbol.asyncDispose]();
});

test('a listener that never answers keeps the process for a moment only', async () => {
  const program = "process.stdin.once('data', () => process.exit(4)); console.log('up')";
  const child = spawn(process.execPath, ['--inspect-port=0', '-e', program], { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const attachment = await attach(parseTarget(`pid:${child.pid}`), {}, {});
  attachment.onEnding(() => new Promise(() => undefined));
  const exited = once(child, 'exit', { signal: AbortSignal.timeout(10_000) });
  child.stdin.write('go\n');
  assert.deepEqual(await exited, [4, null]);
  await attachment[Symbol.asyncDispose]();
});
