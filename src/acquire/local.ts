// One process of this machine as a target.
import { promises, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import type { Work } from '../model/index.ts';
import { connectByRelay, connectDirectly } from './direct.ts';
import { noSuchProcess } from './failures.ts';
import { surveyLocal } from './localSurvey.ts';
import { awakened, rankProcesses, targetProcess } from './processes.ts';
import { awakenInspector } from './remote/awaken.ts';
import { MOVE_INSPECTOR, relocateInspector } from './remote/relocate.ts';
import { readResources } from './remote/resources.ts';
import type { SurveyedProcess } from './remote/survey.ts';
import type { Channel, ContainerRuntime, InspectorEndpoint, TargetProcess, TargetResources } from './target.ts';

const AWAKEN_MS = 6000;
const GONE_TURNS = 4;
const GONE_PAUSE_MS = 150;

export class LocalProcess implements ContainerRuntime {
  readonly kind = 'local';
  readonly #pid: number;
  constructor(pid: number) {
    this.#pid = pid;
  }

  async processes(work?: Work): Promise<readonly TargetProcess[]> {
    const found = await surveyLocal({ pid: this.#pid, look: 'loopback' }, work);
    if (!found[0]) throw noSuchProcess(this.#pid, 'this machine', []);
    // A process of another language is let through: opening its inspector says what it is.
    const ranked = rankProcesses(found);
    return (ranked.length > 0 ? ranked : found).map(targetProcess);
  }

  async openInspector(pid: number, work?: Work, child?: 'asked' | 'unasked'): Promise<InspectorEndpoint> {
    const look = async (): Promise<SurveyedProcess | undefined> =>
      (await surveyLocal({ pid, look: 'loopback' }, work))[0];
    const awaken = awakenInspector(
      look,
      () => process.kill(pid, 'SIGUSR1'),
      AWAKEN_MS,
      (opened) => relocateInspector({ connect }, look, opened, MOVE_INSPECTOR),
      child,
    );
    return awakened(await awaken, pid, 'this machine');
  }

  /** An inspector opened for us is reached through a child that outlives this program for the moment it takes to close it. */
  connect(inspector: InspectorEndpoint, work?: Work): Promise<Channel> {
    return inspector.opened ? connectByRelay(inspector) : connectDirectly(inspector.host, inspector.port, work);
  }

  resources(pid: number): Promise<TargetResources> {
    const { used, limit, machineFree } = readResources({ readFileSync }, pid);
    return Promise.resolve({
      ...(used !== undefined && { memoryUsed: used }),
      ...(limit !== undefined && { memoryLimit: limit }),
      ...(machineFree !== undefined && { machineFree }),
    });
  }

  hostPid(pid: number): number {
    return pid;
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
      return await promises.readFile(path);
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

  async whyGone(): Promise<string | undefined> {
    // The connection ends a moment before the process does.
    for (let turn = 0; turn < GONE_TURNS; turn++) {
      try {
        process.kill(this.#pid, 0);
      } catch {
        return 'the process ended';
      }
      await new Promise((resolve) => setTimeout(resolve, GONE_PAUSE_MS));
    }
    return undefined;
  }

  describe(): Promise<{ readonly [name: string]: string }> {
    return Promise.resolve({ runtime: 'local', host: hostname(), pid: String(this.#pid) });
  }
}
