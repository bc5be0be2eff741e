// Real containers for tests: images of Node 20, 22 and 24 made without a registry, started with the options a test asks for, removed
// after it. `requireEngine(t)` first; then `startContainer(engine, {...})`.
import { randomBytes } from 'node:crypto';
import { buildImage, engineCommand } from './images.ts';
import type { ImageContent } from './images.ts';
import type { NodeMajor } from './nodes.ts';
import type { TestEngine } from './engines.ts';

export { requireEngine, requirePodman } from './engines.ts';
export type { TestEngine } from './engines.ts';
export { NODE_MAJORS, nodeBinary } from './nodes.ts';
export type { NodeMajor } from './nodes.ts';

const READY_MS = 20_000;

export interface ContainerOptions extends ImageContent {
  /** Command to run; default: the test service. */
  readonly command?: readonly string[];
  readonly env?: { readonly [name: string]: string };
  /** Further flags of `docker run`, for instance `--read-only`. */
  readonly flags?: readonly string[];
  /** Text in the container's output that says it is up; default `ready`, the test service's word. */
  readonly ready?: string;
  /** How long that may take, in milliseconds. */
  readonly readyMs?: number;
}

export interface TestContainer extends AsyncDisposable {
  readonly name: string;
  /** In the contract's TARGET form. */
  readonly target: string;
  /** Process lines of the container, the relay's own included, as `docker top` gives them. */
  top(): readonly string[];
  logs(): string;
  /** Runs a program in the container and gives what it writes. */
  exec(...argv: readonly string[]): string;
  /** Runs an engine command on the container, for instance `pause`. */
  run(...args: readonly string[]): string;
}

/** Name of the image with that Node and the test service at /app/service.cjs. */
export function imageFor(engine: TestEngine, node: NodeMajor, files?: ImageContent['files']): string {
  return buildImage(engine.command, { node, ...(files && { files }) });
}

/** Starts a container without network and waits until it is up. */
export async function startContainer(engine: TestEngine, options: ContainerOptions): Promise<TestContainer> {
  const image = buildImage(engine.command, options);
  const name = `semstate-test-${randomBytes(5).toString('hex')}`;
  const env = Object.entries(options.env ?? {}).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  const flags = ['--name', name, '--network', 'none', ...env, ...(options.flags ?? [])];
  engineCommand(engine.command, ['run', '-d', ...flags, image, ...(options.command ?? ['node', '/app/service.cjs'])]);
  const run = (...args: readonly string[]): string => engineCommand(engine.command, args);
  const container: TestContainer = {
    name,
    target: `${engine.kind}:${name}`,
    top: () =>
      run('top', name, ...(engine.kind === 'podman' ? ['pid', 'args'] : ['-eo', 'pid,args']))
        .split('\n')
        .slice(1),
    logs: () => run('logs', name),
    exec: (...argv) => run('exec', '-e', 'NODE_OPTIONS=', name, ...argv),
    run: (verb = '', ...rest) => run(verb, ...rest, name),
    async [Symbol.asyncDispose]() {
      run('rm', '-f', ...(engine.kind === 'podman' ? ['-t', '0'] : []), name);
    },
  };
  const ready = options.ready ?? 'ready';
  const until = Date.now() + (options.readyMs ?? READY_MS);
  while (!container.logs().includes(ready)) {
    if (Date.now() > until) {
      const said = container.logs();
      await container[Symbol.asyncDispose]();
      throw new Error(`${name} did not say "${ready}": ${said}`);
    }
    await new Promise((done) => setTimeout(done, 60));
  }
  return container;
}
