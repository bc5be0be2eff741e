// Attaching again at once: after a detach, and after the program that was attached was killed. The inspector it had opened is just
// being closed then.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ParcelService } from '../fixtures/parcels/parcelService.ts';
import { attachTo, evaluate } from './attachedService.ts';

const ACQUIRE = fileURLToPath(new URL('../../src/acquire/index.ts', import.meta.url));
const HOLDER = `
  const { attach, parseTarget } = await import(process.argv[1]);
  await attach(parseTarget(process.argv[2]), {}, {});
  console.log('attached');
  setInterval(() => undefined, 1000);
`;

/** Another program that attaches, and is killed. */
async function attachedAndKilled(target: string): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, ACQUIRE, target], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

it('works at once, whatever became of the attach before', { timeout: 90_000 }, async () => {
  await using service = await ParcelService.start();
  const outlasts = async (): Promise<void> => {
    await using attachment = await attachTo(service.target);
    // Longer than it takes to close an inspector.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(await evaluate(attachment, '1+1'), 2);
  };
  for (let turn = 0; turn < 3; turn++) {
    await attachedAndKilled(service.target);
    await new Promise((resolve) => setTimeout(resolve, turn * 60));
    await outlasts();
  }
  for (let turn = 0; turn < 2; turn++) await outlasts();
  await service.settled();
});
