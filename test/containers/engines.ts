// The engines that tests may use: a Docker Engine where one answers, and a Podman of our own on a temporary socket where Podman is
// installed. Without one a test is skipped with the reason, and fails where REQUIRE_CONTAINERS=1.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { EngineCommand } from './images.ts';

const root = resolve(fileURLToPath(import.meta.url), '../../..');

export interface TestEngine {
  readonly kind: 'docker' | 'podman';
  /** `unix:///...`, as DOCKER_HOST or CONTAINER_HOST take it. */
  readonly host: string;
  readonly command: EngineCommand;
  stop(): Promise<void>;
}

/** Undefined, with the test skipped, where no Docker Engine answers. Sets DOCKER_HOST for this process. */
export function requireEngine(t: TestContext): TestEngine | undefined {
  const own = join(root, '.cache/docker/docker.sock');
  const host = process.env['DOCKER_HOST'] ?? (existsSync(own) ? `unix://${own}` : 'unix:///var/run/docker.sock');
  const env = { ...process.env, DOCKER_HOST: host };
  const { status, stderr, error } = spawnSync('docker', ['version'], { env, encoding: 'utf8', timeout: 10_000 });
  if (status !== 0) return lacking(t, `no Docker Engine answers at ${host}: ${error?.message ?? stderr.trim()}`);
  process.env['DOCKER_HOST'] = host;
  return { kind: 'docker', host, command: { program: 'docker', args: [], env }, stop: () => Promise.resolve() };
}

/** A Podman service on a socket of its own, with its own storage; ended by `stop`. */
export async function requirePodman(t: TestContext): Promise<TestEngine | undefined> {
  if (spawnSync('podman', ['--version']).status !== 0) return lacking(t, 'Podman is not installed');
  const dir = mkdtempSync(join(tmpdir(), 'semstate-podman-'));
  const socket = join(dir, 'podman.sock');
  writeFileSync(
    join(dir, 'containers.conf'),
    '[containers]\ndefault_ulimits=["nofile=20000:20000","nproc=32768:32768"]\n',
  );
  const args = [
    ...['--root', join(dir, 'storage'), '--runroot', join(dir, 'run'), '--tmpdir', join(dir, 'tmp')],
    ...['--runtime', 'runc', '--cgroup-manager', 'cgroupfs', '--storage-driver', 'vfs', '--events-backend', 'file'],
  ];
  const env = { ...process.env, CONTAINERS_CONF: join(dir, 'containers.conf') };
  const command = { program: 'podman', args, env };
  const service = spawn('podman', [...args, 'system', 'service', '--time=0', `unix://${socket}`], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  service.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const stop = async (): Promise<void> => {
    spawnSync('podman', [...args, 'rm', '-af', '-t', '0'], { env, timeout: 20_000 });
    await ended(service);
    rmSync(dir, { recursive: true, force: true });
  };
  const until = Date.now() + 15_000;
  while (!existsSync(socket)) {
    if (service.exitCode !== null || Date.now() > until) {
      await stop();
      return lacking(t, `Podman's service did not start: ${said.trim()}`);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  return { kind: 'podman', host: `unix://${socket}`, command, stop };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await exit;
}

function lacking(t: TestContext, reason: string): undefined {
  if (process.env['REQUIRE_CONTAINERS'] === '1') throw new Error(reason);
  t.skip(reason);
  return undefined;
}
