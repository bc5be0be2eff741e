// The demo shop as a running service: in a container where an engine is there, as a process otherwise.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startContainer, type TestEngine } from '../containers/index.ts';
import type { ShopAddress } from './traffic.ts';

const shop = join(import.meta.dirname, 'shop');
export const shopSource = join(shop, 'src');

export interface RunningShop extends AsyncDisposable {
  readonly name: string;
  /** In the form of `semstate`'s TARGET. */
  readonly target: string;
  readonly address: ShopAddress;
  readonly source: string;
  /** For people: where it runs. */
  readonly where: string;
}

/** The Docker Engine that answers, if any: the one `DOCKER_HOST` names, else the default one. */
export function findEngine(): TestEngine | undefined {
  // The image is made of this machine's own Node, so the engine must run on the same kind of machine.
  if (process.platform !== 'linux') return undefined;
  const env = { ...process.env };
  const { status } = spawnSync('docker', ['version'], { env, stdio: 'ignore', timeout: 10_000 });
  if (status !== 0) return undefined;
  const host = env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  return { kind: 'docker', host, command: { program: 'docker', args: [], env }, stop: () => Promise.resolve() };
}

const temporary = (): string => mkdtempSync(join(tmpdir(), 'semstate-shop-'));

/** No network, no privileges, nothing to write to: attaching must work all the same. Requests come over a shared socket. */
export async function shopInContainer(engine: TestEngine): Promise<RunningShop> {
  const folder = temporary();
  chmodSync(folder, 0o777);
  try {
    const container = await startContainer(engine, {
      node: 24,
      command: ['node', '/shop/src/main.ts'],
      env: { SOCKET: '/sockets/shop.sock', NODE_NO_WARNINGS: '1' },
      flags: [
        ...['--volume', `${shop}:/shop:ro`, '--volume', `${folder}:/sockets`],
        ...['--user', '1000:1000', '--read-only', '--cap-drop', 'ALL', '--hostname', 'shop'],
      ],
      ready: 'listening',
    });
    return {
      name: container.name,
      target: container.target,
      address: { socketPath: join(folder, 'shop.sock') },
      source: shopSource,
      where: `container ${container.name} (no network, read-only, no privileges)`,
      async [Symbol.asyncDispose]() {
        await container[Symbol.asyncDispose]();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

export async function shopAsProcess(): Promise<RunningShop> {
  const folder = temporary();
  const address =
    process.platform === 'win32' ? `\\\\.\\pipe\\semstate-shop-${process.pid}` : join(folder, 'shop.sock');
  const child = spawn(process.execPath, [join(shopSource, 'main.ts')], {
    env: { PATH: process.env['PATH'], SystemRoot: process.env['SystemRoot'], SOCKET: address, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the shop did not start'))),
  ]);
  return {
    name: `process ${child.pid}`,
    target: `pid:${child.pid}`,
    address: { socketPath: address },
    source: shopSource,
    where: `process ${child.pid}`,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const exit = once(child, 'exit');
        child.kill();
        await exit;
      }
      if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    },
  };
}
