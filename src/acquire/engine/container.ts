// A running container as a world with processes: seen by running the target's own Node in it, through the engine's exec interface.
// Knows how to get in and what to ask; does not know what an inspector says.
import { readFileSync } from 'node:fs';
import type { ContainerInspectInfo } from 'dockerode';
import { isFailure } from '../../model/index.ts';
import type { Work } from '../../model/index.ts';
import {
  containerNotRunning,
  containerPaused,
  execFailed,
  noNodeBinary,
  noNodeProcess,
  noRoomForRelay,
} from '../failures.ts';
import { awakened, rankProcesses, targetProcess } from '../processes.ts';
import type { Awakening } from '../remote/awaken.ts';
import { splitFiles } from '../remote/files.ts';
import {
  awakenProgram,
  filesProgram,
  RELAY_ENVIRONMENT,
  RELAY_MARK,
  relayProgram,
  resourcesProgram,
  surveyProgram,
} from '../remote/programs.ts';
import type { MachineMemory } from '../remote/resources.ts';
import type { SurveyedProcess } from '../remote/survey.ts';
import type {
  BesideStream,
  Channel,
  CommandResult,
  ContainerRuntime,
  InspectorEndpoint,
  TargetProcess,
  TargetResources,
} from '../target.ts';
import { runBeside } from './beside.ts';
import { describeContainer } from './describe.ts';
import { ask } from './engine.ts';
import type { Engine } from './engine.ts';
import { finish } from '../tunnel.ts';
import { runCommand, startCommand } from './exec.ts';
import { freeUnderLimit } from './memory.ts';
import { hostPidOf } from './hostView.ts';
import { looksLikeNode, runningCommands } from './top.ts';

const COMMAND_MS = 15_000;
const AWAKEN_MS = 6000;
const LONGEST_ANSWER = 16 * 2 ** 20;
const LONGEST_FILES = 512 * 2 ** 20;
// Where images keep Node when it is not on the PATH: official builds, distributions, distroless.
const USUAL_BINARIES = [
  'node',
  '/usr/local/bin/node',
  '/usr/bin/node',
  'nodejs',
  '/nodejs/bin/node',
  '/opt/node/bin/node',
];
// Measured: the target's own Node, running a relay, takes 6 to 11 MB of its own; a survey somewhat more for a moment.
const RELAY_BYTES = 24 * 2 ** 20;
const GONE_TURNS = 4;
const GONE_PAUSE_MS = 150;
const NOT_RUNNABLE = 126;
const NOT_FOUND = 127;

export class EngineContainer implements ContainerRuntime {
  readonly kind: 'docker' | 'podman';
  readonly name: string;
  readonly #engine: Engine;
  readonly #info: ContainerInspectInfo;
  #binary: string | undefined;
  /** `uid:gid` of the process attached to: what may signal it and read what it can read. */
  #user: string | undefined;
  #owners = new Map<number, string>();
  #hostPids = new Map<number, number | undefined>();

  /** @throws Failure `container-paused`, `container-not-running` */
  constructor(engine: Engine, info: ContainerInspectInfo) {
    this.kind = engine.kind;
    this.#engine = engine;
    this.#info = info;
    this.name = info.Name.replace(/^\//, '');
    if (info.State.Paused) throw containerPaused(this.name);
    if (!info.State.Running) throw containerNotRunning(this.name, info.State.Status);
  }

  async processes(work?: Work): Promise<readonly TargetProcess[]> {
    await this.#checkRoom(work);
    const found = await this.#survey(work);
    const ranked = rankProcesses(found);
    if (ranked.length === 0)
      throw noNodeProcess(`the container ${this.name}`, [...new Set(found.map((p) => p.program))]);
    for (const p of ranked) this.#owners.set(p.pid, `${p.uid}:${p.gid}`);
    return ranked.map(targetProcess);
  }

  async openInspector(pid: number, work?: Work, child?: 'asked' | 'unasked'): Promise<InspectorEndpoint> {
    this.#user = this.#owners.get(pid);
    const result = await this.#answer<Awakening>(awakenProgram(pid, AWAKEN_MS, child), work);
    return awakened(result, pid, `the container ${this.name}`);
  }

  async connect(inspector: InspectorEndpoint, work?: Work): Promise<Channel> {
    const { stream } = await startCommand(this.#command(relayProgram(inspector)), work);
    return {
      stream,
      async [Symbol.asyncDispose]() {
        await finish(stream);
      },
    };
  }

  async resources(pid: number, work?: Work): Promise<TargetResources> {
    const memory = await this.#answer<MachineMemory>(resourcesProgram(pid), work);
    return {
      ...(memory.used !== undefined && { memoryUsed: memory.used }),
      ...(memory.limit !== undefined && { memoryLimit: memory.limit }),
      ...(memory.machineFree !== undefined && { machineFree: memory.machineFree }),
    };
  }

  hostPid(pid: number): number | undefined {
    if (!this.#hostPids.has(pid)) this.#hostPids.set(pid, hostPidOf(this.#info.Id, this.#info.State.Pid, pid));
    return this.#hostPids.get(pid);
  }

  async runBeside(program: string, work?: Work): Promise<BesideStream> {
    if (this.#binary === undefined) await this.#survey(work);
    return runBeside(this.#engine, this.#info, this.#binary ?? 'node', program, work);
  }

  outerPid(): number {
    return this.#info.State.Pid;
  }

  residentBytes(pid: number): number | undefined {
    const hostPid = this.hostPid(pid);
    if (hostPid === undefined) return undefined;
    try {
      const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${hostPid}/status`, 'utf8'))?.[1];
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
    } catch {
      return undefined;
    }
  }

  async readFile(path: string, limit: number, work?: Work): Promise<Buffer | undefined> {
    return (await this.readFiles([path], limit, work)).get(path);
  }

  async readFiles(paths: readonly string[], limit: number, work?: Work): Promise<ReadonlyMap<string, Buffer>> {
    if (paths.length === 0) return new Map();
    const result = await runCommand(
      {
        ...this.#command(filesProgram(limit)),
        input: `${JSON.stringify(paths)}\n`,
        timeoutMs: COMMAND_MS,
        limit: LONGEST_FILES,
      },
      work,
    );
    return splitFiles(paths, result.stdout);
  }

  async whyGone(): Promise<string | undefined> {
    // The stream ends a moment before the engine knows that the container did.
    for (let turn = 0; turn < GONE_TURNS; turn++) {
      try {
        const { State } = await ask(this.#engine, 'the state of the container', undefined, (client) =>
          client.getContainer(this.#info.Id).inspect(),
        );
        if (!State.Running) {
          const killed = State.OOMKilled ? ', killed for want of memory' : '';
          return `the container ended with status ${State.ExitCode}${killed}`;
        }
        if (State.Paused) return 'the container is paused';
      } catch (error) {
        return isFailure(error, 'engine-error') ? 'the container was removed' : undefined;
      }
      await new Promise((resolve) => setTimeout(resolve, GONE_PAUSE_MS));
    }
    return undefined;
  }

  describe(): Promise<{ readonly [name: string]: string }> {
    return Promise.resolve(describeContainer(this.#engine, this.#info));
  }

  #command(program: string): Parameters<typeof startCommand>[0] {
    return {
      engine: this.#engine,
      container: this.#info.Id,
      name: this.name,
      argv: [this.#binary ?? 'node', '-e', program, RELAY_MARK],
      environment: RELAY_ENVIRONMENT,
      ...(this.#user !== undefined && { user: this.#user }),
    };
  }

  async #run(program: string, work?: Work): Promise<CommandResult> {
    return runCommand({ ...this.#command(program), timeoutMs: COMMAND_MS, limit: LONGEST_ANSWER }, work);
  }

  /** Runs a program that writes JSON; as the target's owner, and where that may not be, as the container's user. */
  async #answer<T>(program: string, work?: Work): Promise<T> {
    let result = await this.#run(program, work);
    if (result.status !== 0 && this.#user !== undefined) {
      this.#user = undefined;
      result = await this.#run(program, work);
    }
    if (result.status !== 0) throw execFailed(this.name, reasonOf(result));
    return JSON.parse(result.stdout.toString('utf8')) as T;
  }

  /** A relay is small, but a container at its limit would lose its service to it. @throws Failure `no-headroom` */
  async #checkRoom(work?: Work): Promise<void> {
    if (this.#binary !== undefined || !this.#info.HostConfig.Memory) return;
    const free = await freeUnderLimit(this.#engine, this.#info.Id, work);
    if (free !== undefined && free < RELAY_BYTES) throw noRoomForRelay(this.name, free, RELAY_BYTES);
  }

  /** The first survey also finds out which binary is this container's Node. */
  async #survey(work?: Work): Promise<readonly SurveyedProcess[]> {
    if (this.#binary !== undefined) return this.#answer<SurveyedProcess[]>(surveyProgram(), work);
    const commands = await runningCommands(this.#engine, this.#info.Id, work);
    const absolute = [this.#info.Path, ...commands.map((c) => c.split(' ')[0] ?? '')].filter(
      (path) => path.startsWith('/') && looksLikeNode(path),
    );
    let last: CommandResult | undefined;
    for (const binary of new Set([...USUAL_BINARIES.slice(0, 1), ...absolute, ...USUAL_BINARIES])) {
      this.#binary = binary;
      try {
        const result = await this.#run(surveyProgram(), work);
        if (result.status === 0) return JSON.parse(result.stdout.toString('utf8')) as SurveyedProcess[];
        last = result;
        if (result.status !== NOT_FOUND && result.status !== NOT_RUNNABLE)
          throw execFailed(this.name, reasonOf(result));
      } catch (error) {
        // Some engines refuse the start itself where the program is not there.
        if (!isFailure(error, 'exec-failed') || !/not found|no such file/i.test(error.message)) throw error;
      }
    }
    this.#binary = undefined;
    if (last && !/not found|no such file/i.test(reasonOf(last))) throw execFailed(this.name, reasonOf(last));
    if (commands.some(looksLikeNode)) throw noNodeBinary(`the container ${this.name}`);
    throw noNodeProcess(`the container ${this.name}`, commands.map(firstWord));
  }
}

function firstWord(command: string): string {
  return (command.split(' ')[0] ?? '').replace(/^.*\//, '');
}

function reasonOf(result: CommandResult): string {
  const text = (result.stderr.trim() || result.stdout.toString('utf8').trim()).split('\n')[0] ?? '';
  return text === '' ? `status ${result.status}` : text.slice(0, 300);
}
