// What can be attached to, and the seams by which every runtime is reached alike.
import type { Duplex } from 'node:stream';
import type { AttachWay, Problem, TargetEntry, Work } from '../model/index.ts';

export type TargetAddress =
  | { readonly runtime: 'docker' | 'podman'; readonly container: string }
  | { readonly runtime: 'local'; readonly pid: number }
  | { readonly runtime: 'inspect'; readonly host: string; readonly port: number }
  | { readonly runtime: 'file'; readonly path: string };

/**
 * A byte duplex into the target's world, ending at an inspector there. Disposing it waits until the far end is gone and, where the
 * inspector had been opened at our request, has closed it.
 */
export interface Channel extends AsyncDisposable {
  readonly stream: Duplex;
}

/** An inspector that listens: where, and the id under which it offers the main thread. */
export interface InspectorEndpoint {
  readonly host: string;
  readonly port: number;
  readonly id: string;
  /** Sessions of other debugging clients that were on it when it was looked at. */
  readonly sessions: number;
  /** Opened at our request: to be closed again on detach. */
  readonly opened: boolean;
}

export interface TargetProcess {
  /** The target's own number for it: inside a container, that of the container. */
  readonly pid: number;
  readonly command: string;
  readonly attach: AttachWay;
  readonly why?: string;
  readonly inspector?: InspectorEndpoint;
}

export interface TargetResources {
  /** Bytes in use and allowed; undefined where there is no limit or it cannot be read. */
  readonly memoryUsed?: number;
  readonly memoryLimit?: number;
  /** Bytes the machine itself could still give. */
  readonly machineFree?: number;
}

export interface CommandResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** One reachable world with processes in it: a container, or this machine. Every call has a timeout of its own. */
export interface ContainerRuntime {
  readonly kind: 'docker' | 'podman' | 'local' | 'inspect';
  /** Processes of one target that could be debugged, best first. @throws Failure `no-node-process`, `no-node-binary`, ... */
  processes(work?: Work): Promise<readonly TargetProcess[]>;
  /**
   * The process's inspector; asked to open (SIGUSR1), after checking that it is Node and catches the signal, where it does not listen.
   * @param child of a process that is attached to: one that is found open was opened on our behalf, and several may ask for one port;
   * `unasked`: it is not signalled
   * @throws Failure `not-node`, `sigusr1-forbidden`, `inspector-port-taken`, `signal-refused`, `inspector-did-not-open`
   */
  openInspector(pid: number, work?: Work, child?: 'asked' | 'unasked'): Promise<InspectorEndpoint>;
  connect(inspector: InspectorEndpoint, work?: Work): Promise<Channel>;
  resources(pid: number, work?: Work): Promise<TargetResources>;
  /** Resident bytes of the process, cheap enough to be asked several times a second; undefined where that cannot be done. */
  residentBytes(pid: number): number | undefined;
  /** This machine's number of the process; undefined where it runs on another machine. */
  hostPid?(pid: number): number | undefined;
  /**
   * Runs a program of ours, for the target's own Node.js, beside its processes, with the right to read their memory and to stop them; it
   * sees them under the numbers of the engine's machine. Destroying its streams ends it.
   * @throws Failure of the engine, `exec-failed`
   */
  runBeside?(program: string, work?: Work): Promise<BesideStream>;
  /** The number of the target's first process on the engine's machine, which need not be this one. */
  outerPid?(): number;
  /** A file of the target's own file system, for source maps; undefined where it is not there. */
  readFile(path: string, limit: number, work?: Work): Promise<Buffer | undefined>;
  /** Several at once, those that could be read. */
  readFiles(paths: readonly string[], limit: number, work?: Work): Promise<ReadonlyMap<string, Buffer>>;
  /** Why the target went away, in words; undefined where nothing is known. Never throws. */
  whyGone(): Promise<string | undefined>;
  /** Name, image, labels, host, network: the space dimension of context. */
  describe(work?: Work): Promise<{ readonly [name: string]: string }>;
}

/** Standard streams of a program that runs beside the target. */
export type BesideStream = Duplex & { readonly stderr: string };

/** A list that is never an error as a whole: what could not be listed is said beside it. */
export interface TargetList {
  readonly targets: readonly TargetEntry[];
  readonly problems: readonly Problem[];
}
