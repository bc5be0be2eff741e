// What can be attached to, and the seams by which every runtime is reached alike.
import type { Duplex } from 'node:stream';
import type { AttachWay, Problem, TargetEntry, Work } from '../model/index.ts';

export type TargetAddress =
  | { readonly runtime: 'docker' | 'podman'; readonly container: string }
  | { readonly runtime: 'local'; readonly pid: number }
  | { readonly runtime: 'inspect'; readonly host: string; readonly port: number }
  | { readonly runtime: 'file'; readonly path: string };

/** A byte duplex into the target's world, ending at a TCP port of its loopback. */
export interface Channel extends AsyncDisposable {
  readonly stream: Duplex;
}

export interface TargetProcess {
  readonly pid: number;
  readonly command: string;
  readonly attach: AttachWay;
  readonly why?: string;
}

export interface TargetResources {
  /** Bytes in use and allowed; undefined where there is no limit or it cannot be read. */
  readonly memoryUsed?: number;
  readonly memoryLimit?: number;
}

export interface CommandResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** One reachable world with processes in it: a container, or this machine. Every call has a timeout of its own. */
export interface ContainerRuntime {
  readonly kind: 'docker' | 'podman' | 'local' | 'inspect';
  /** Processes of one target that could be debugged, best first. */
  processes(work?: Work): Promise<readonly TargetProcess[]>;
  /** Asks the process to open its inspector (SIGUSR1), after checking that it is Node. */
  openInspector(pid: number, work?: Work): Promise<void>;
  connect(host: string, port: number, work?: Work): Promise<Channel>;
  resources(work?: Work): Promise<TargetResources>;
  /** A file of the target's own file system, for source maps; undefined where it is not there. */
  readFile(path: string, limit: number, work?: Work): Promise<Buffer | undefined>;
  /** Name, image, labels, host, network: the space dimension of context. */
  describe(work?: Work): Promise<{ readonly [name: string]: string }>;
}

/** A list that is never an error as a whole: what could not be listed is said beside it. */
export interface TargetList {
  readonly targets: readonly TargetEntry[];
  readonly problems: readonly Problem[];
}
