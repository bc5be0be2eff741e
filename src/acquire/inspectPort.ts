// An inspector that someone opened and whose address is known: `inspect:HOST:PORT`. Where it turns out to belong to a process of this
// machine, files and memory are read as for that process; else only what the inspector itself tells is known.
import type { Work } from '../model/index.ts';
import { connectDirectly, inspectorId } from './direct.ts';
import { LocalProcess } from './local.ts';
import { surveyLocal } from './localSurvey.ts';
import type { Channel, ContainerRuntime, InspectorEndpoint, TargetProcess, TargetResources } from './target.ts';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

export class InspectPort implements ContainerRuntime {
  readonly kind = 'inspect';
  readonly #host: string;
  readonly #port: number;
  #local: LocalProcess | undefined;

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  /** One, whose process id is 0 where it is not this machine's: then only the inspector knows it. */
  async processes(work?: Work): Promise<readonly TargetProcess[]> {
    const id = await inspectorId(this.#host, this.#port, work);
    const inspector = { host: this.#host, port: this.#port, id, sessions: 0, opened: false };
    const own = LOOPBACK.test(this.#host)
      ? (await surveyLocal({ look: this.#port }, work).catch(() => [])).find((p) => p.inspector?.id === id)
      : undefined;
    if (own) this.#local = new LocalProcess(own.pid);
    return [
      {
        pid: own?.pid ?? 0,
        command: own?.argv.join(' ') ?? '',
        attach: 'inspector-open',
        inspector: { ...inspector, sessions: own?.inspector?.sessions ?? 0 },
      },
    ];
  }

  async openInspector(_pid: number, work?: Work): Promise<InspectorEndpoint> {
    const id = await inspectorId(this.#host, this.#port, work);
    return { host: this.#host, port: this.#port, id, sessions: 0, opened: false };
  }

  connect({ host, port }: InspectorEndpoint, work?: Work): Promise<Channel> {
    return connectDirectly(host, port, work);
  }

  resources(pid: number): Promise<TargetResources> {
    return this.#local?.resources(pid) ?? Promise.resolve({});
  }

  residentBytes(pid: number): number | undefined {
    return this.#local?.residentBytes(pid);
  }

  async readFile(path: string, limit: number): Promise<Buffer | undefined> {
    return this.#local?.readFile(path, limit);
  }

  readFiles(paths: readonly string[], limit: number): Promise<ReadonlyMap<string, Buffer>> {
    return this.#local?.readFiles(paths, limit) ?? Promise.resolve(new Map<string, Buffer>());
  }

  whyGone(): Promise<string | undefined> {
    return this.#local?.whyGone() ?? Promise.resolve(undefined);
  }

  describe(): Promise<{ readonly [name: string]: string }> {
    return Promise.resolve({ runtime: 'inspect', host: this.#host, port: String(this.#port) });
  }
}
