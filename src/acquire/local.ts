// Processes of this machine, through /proc; where there is none, what can be had from `ps` and `lsof` (macOS).
import { execFile } from 'node:child_process';
import { createReadStream, promises, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { get } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import type { Work } from '../model/index.ts';
import { within } from './deadline.ts';
import { inspectorRefused, noSuchProcess, otherNamespace, platformUnsupported } from './failures.ts';
import { awakened, rankProcesses, targetProcess } from './processes.ts';
import { awakenInspector } from './remote/awaken.ts';
import { readResources } from './remote/resources.ts';
import { surveyProcesses } from './remote/survey.ts';
import type { SurveyedProcess } from './remote/survey.ts';
import type { Channel, ContainerRuntime, InspectorEndpoint, TargetProcess, TargetResources } from './target.ts';

const CONNECT_MS = 4000;
const AWAKEN_MS = 6000;
const SURVEY_MS = 10_000;
const KEEPALIVE_MS = 10_000;
const run = promisify(execFile);
const fs = { readFileSync, readlinkSync, readdirSync };

/** Depth of this program's own PID namespace: deeper processes live in containers. */
function ownDepth(): number {
  try {
    return /^NSpid:\s+(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]?.split(/\s+/).length ?? 1;
  } catch {
    return 1;
  }
}

/**
 * Processes of this machine, those of its containers only where `contained` says so (their ports cannot be reached from here).
 * @throws Failure `processes-unsupported`, `process-in-container`, `timeout`, `cancelled`
 */
export async function surveyLocal(
  pid?: number,
  work?: Work,
  contained?: 'contained',
): Promise<readonly SurveyedProcess[]> {
  if (process.platform !== 'linux') return surveyByPs(pid);
  const found = await within('Looking at the processes of this machine', SURVEY_MS, work, () =>
    surveyProcesses(
      fs,
      { get },
      { self: process.pid, elsewhere: contained !== undefined, ...(pid !== undefined && { pid }) },
    ),
  );
  if (contained) return found;
  const depth = ownDepth();
  if (pid === undefined) return found.filter((p) => p.depth <= depth);
  if (found[0] && found[0].depth > depth) throw otherNamespace(pid);
  return found;
}

async function surveyByPs(pid?: number): Promise<readonly SurveyedProcess[]> {
  if (process.platform === 'win32') throw platformUnsupported(process.platform);
  const columns = 'pid=,uid=,gid=,rss=,args=';
  const { stdout } = await run('ps', pid === undefined ? ['-axo', columns] : ['-o', columns, '-p', String(pid)]);
  const rows = stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match ? [match] : [];
  });
  return Promise.all(
    rows.map(async ([, id, uid, gid, rss, command = '']) => {
      const argv = command.split(' ');
      const program = (argv[0] ?? '').replace(/^.*\//, '');
      const node = /^node(js)?$/.test(program);
      const inspector = node ? await inspectorByLsof(Number(id)) : undefined;
      return {
        pid: Number(id),
        uid: Number(uid),
        gid: Number(gid),
        depth: 1,
        language: node ? 'node' : program === 'java' ? 'jvm' : /^python/i.test(program) ? 'python' : 'unknown',
        program,
        argv,
        // `ps` does not show handlers; every Node has one unless told otherwise.
        caughtSigusr1: node && !argv.includes('--disable-sigusr1'),
        started: Number(id),
        residentBytes: Number(rss) * 1024,
        serves: false,
        ...(inspector && { inspector }),
      } as const;
    }),
  );
}

async function inspectorByLsof(pid: number): Promise<SurveyedProcess['inspector']> {
  const listing = await run('lsof', ['-nP', '-a', '-p', String(pid), '-iTCP', '-sTCP:LISTEN', '-Fn']).catch(
    () => undefined,
  );
  for (const match of listing?.stdout.matchAll(/^n(?:127\.0\.0\.1|\[::1\]):(\d+)$/gm) ?? []) {
    const id = await inspectorId('127.0.0.1', Number(match[1])).catch(() => undefined);
    if (id !== undefined) return { host: '127.0.0.1', port: Number(match[1]), id, sessions: 0 };
  }
  return undefined;
}

/** What `/json/list` of an inspector offers first. @throws Failure `inspector-refused`, `timeout`, `cancelled` */
export async function inspectorId(host: string, port: number, work?: Work): Promise<string> {
  const where = `${host}:${port}`;
  const text = await within(
    `The inspector at ${where}: an answer`,
    CONNECT_MS,
    work,
    (signal) =>
      new Promise<string>((resolve, reject) => {
        const options = {
          host,
          port,
          path: '/json/list',
          headers: { Host: `127.0.0.1:${port}` },
          agent: false as const,
          signal,
        };
        get(options, (response) => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (piece: string) => (body += piece));
          response.on('end', () => resolve(body));
          response.on('error', reject);
        }).on('error', (error) => reject(inspectorRefused(where, error)));
      }),
  );
  try {
    const list: unknown = JSON.parse(text);
    const first: unknown = Array.isArray(list) ? list[0] : undefined;
    if (typeof first === 'object' && first !== null && 'id' in first && typeof first.id === 'string') return first.id;
  } catch {
    // Something else speaks there; said below.
  }
  throw inspectorRefused(where, new Error('what answers there is no inspector'));
}

/** @throws Failure `inspector-refused`, `timeout`, `cancelled` */
export async function connectDirectly(host: string, port: number, work?: Work): Promise<Channel> {
  const stream = await within(
    `Connecting to ${host}:${port}`,
    CONNECT_MS,
    work,
    (signal) =>
      new Promise<ReturnType<typeof connectTcp>>((resolve, reject) => {
        const socket = connectTcp({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS });
        signal.addEventListener('abort', () => socket.destroy());
        socket.once('connect', () => resolve(socket));
        socket.once('error', (error) => reject(inspectorRefused(`${host}:${port}`, error)));
      }),
  );
  stream.on('error', () => undefined);
  return {
    stream,
    async [Symbol.asyncDispose]() {
      stream.destroy();
    },
  };
}

export class LocalProcess implements ContainerRuntime {
  readonly kind = 'local';
  readonly #pid: number;
  constructor(pid: number) {
    this.#pid = pid;
  }

  async processes(work?: Work): Promise<readonly TargetProcess[]> {
    const found = await surveyLocal(this.#pid, work);
    if (!found[0]) throw noSuchProcess(this.#pid, 'this machine', []);
    // A process of another language is let through: opening its inspector says what it is.
    const ranked = rankProcesses(found);
    return (ranked.length > 0 ? ranked : found).map(targetProcess);
  }

  async openInspector(pid: number, work?: Work): Promise<InspectorEndpoint> {
    const awaken = awakenInspector(
      async () => (await surveyLocal(pid, work))[0],
      () => process.kill(pid, 'SIGUSR1'),
      AWAKEN_MS,
    );
    return awakened(await awaken, pid, 'this machine');
  }

  connect(host: string, port: number, work?: Work): Promise<Channel> {
    return connectDirectly(host, port, work);
  }

  resources(pid: number): Promise<TargetResources> {
    const { used, limit, machineFree } = readResources(fs, pid);
    return Promise.resolve({
      ...(used !== undefined && { memoryUsed: used }),
      ...(limit !== undefined && { memoryLimit: limit }),
      ...(machineFree !== undefined && { machineFree }),
    });
  }

  residentBytes(pid: number): number | undefined {
    try {
      const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
    } catch {
      return undefined;
    }
  }

  async readFile(path: string, limit: number): Promise<Buffer | undefined> {
    try {
      const { size } = await promises.stat(path);
      if (size > limit) return undefined;
      return Buffer.concat((await createReadStream(path).toArray()) as Buffer[]);
    } catch {
      return undefined;
    }
  }

  async readFiles(paths: readonly string[], limit: number): Promise<ReadonlyMap<string, Buffer>> {
    const files = new Map<string, Buffer>();
    for (const path of paths) {
      const bytes = await this.readFile(path, limit);
      if (bytes) files.set(path, bytes);
    }
    return files;
  }

  whyGone(): Promise<string | undefined> {
    try {
      process.kill(this.#pid, 0);
      return Promise.resolve(undefined);
    } catch {
      return Promise.resolve('the process ended');
    }
  }

  describe(): Promise<{ readonly [name: string]: string }> {
    return Promise.resolve({ runtime: 'local', host: hostname(), pid: String(this.#pid) });
  }
}
