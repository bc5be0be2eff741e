// The demo shop as a running service: in a container where an engine is there, as a process otherwise.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ShopAddress } from './traffic.ts';

export const shopSource = join(import.meta.dirname, 'shop/src');

export interface RunningShop extends AsyncDisposable {
  /** In the form of `semstate`'s TARGET. */
  readonly target: string;
  readonly address: ShopAddress;
  readonly source: string;
  /** For people: where it runs. */
  readonly where: string;
}

export async function startShop(place: 'process'): Promise<RunningShop> {
  return asProcess();
}

async function asProcess(): Promise<RunningShop> {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-shop-'));
  const socketPath = join(folder, 'shop.sock');
  const child = spawn(process.execPath, [join(shopSource, 'main.ts')], {
    env: { PATH: process.env['PATH'], SOCKET: socketPath },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the shop did not start'))),
  ]);
  return {
    target: `pid:${child.pid}`,
    address: { socketPath },
    source: shopSource,
    where: `process ${child.pid}`,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const exit = once(child, 'exit');
        child.kill();
        await exit;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
