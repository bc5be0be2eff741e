// The three processes of one measurement: the service, the load on it, and what records it. Each answers line by line.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../heaps.ts';

const here = join(ROOT, 'test', 'bench', 'live');
const CONNECTIONS = 16;

/** A process that is asked by lines and answers by lines of JSON. */
export interface Asked extends AsyncDisposable {
  readonly pid: number;
  /** Its next line; what is asked may be nothing. */
  ask<T>(line?: string): Promise<T>;
}

/** The service has a processor of its own where there are several: what is measured is its cost, not the contest for processors. */
const ownProcessor = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

function start(command: readonly string[], processor: string): Asked {
  const [program = '', ...args] = ownProcessor ? ['taskset', '-c', processor, ...command] : command;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? 0,
    async ask<T>(line?: string) {
      if (line !== undefined) child.stdin.write(`${line}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${command.slice(0, 3).join(' ')} ended`);
      return JSON.parse(value) as T;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.stdin.end();
        setTimeout(() => child.kill('SIGKILL'), 5000).unref();
        if (command.includes('--inspect-port=0')) child.kill('SIGKILL');
      }),
  };
}

export interface Setting extends AsyncDisposable {
  readonly host: Asked;
  readonly load: Asked;
  /** Asks the service for a measurement of its own. */
  measure<T>(path: string): Promise<T>;
}

/** @param node the Node that the service runs on */
export async function startSetting(node: string): Promise<Setting> {
  const others = `1-${availableParallelism() - 1}`;
  const own = [process.execPath, '--disable-warning=ExperimentalWarning'];
  await using started = new AsyncDisposableStack();
  const service = started.use(start([node, '--inspect-port=0', join(here, 'main.cjs')], '0'));
  const port = await service.ask<number>();
  const host = started.use(start([...own, join(here, 'host.ts'), String(service.pid), join(here, 'service')], others));
  await host.ask();
  const load = started.use(start([...own, join(here, 'load.cjs'), String(port), String(CONNECTIONS)], others));
  const all = started.move();
  return {
    host,
    load,
    measure: async <T>(path: string) => (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as T,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

export function versionOf(node: string): string {
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
}
