// The use-cases as their users (adapter, command line, tests) see them. Three lifetimes: the app, a session, a view.
import type {
  EntityInstance,
  EntityRef,
  EventPoint,
  Model,
  Point,
  Problem,
  SemanticState,
  SnapshotPoint,
  Violation,
  Work,
  WorkspaceFile,
} from '../model/index.ts';
import type { TimelineStore } from '../timeline/index.ts';
import type { PauseWish } from './pauseGate.ts';
import type { SourceMethod } from './snapshotSource.ts';

export interface SessionOptions {
  /** TARGET in the contract's form, or several services for one timeline; absent: a stored timeline is opened. */
  readonly target?: string | readonly string[];
  /** Directories of source. */
  readonly source: readonly string[];
  /** The timeline's file; absent: a new one in the user's data directory. */
  readonly store?: string;
  readonly workspaceFile?: WorkspaceFile;
  readonly readOnly?: boolean;
  readonly keepSnapshots?: boolean;
  /** How the memory of a live target is read; default `auto`. */
  readonly method?: SourceMethod;
}

/** What the session tells whoever listens. */
export interface SessionEvents {
  points: readonly Point[];
  model: Model;
  /** Recording began, or ended. */
  recording: Recording | undefined;
  /** A process stopped at a change that is waited for; false: it goes on. */
  paused: boolean;
  log: string;
  /** A service went away, or the connection to it did: the timeline stays, and so do the other services. */
  disconnected: { readonly reason: string; readonly target?: SessionTarget };
}

/** One attached service. */
export interface SessionTarget {
  readonly name: string;
  /** TARGET in the contract's form: what its points carry as `target`. */
  readonly address: string;
  readonly image?: string;
  readonly pid?: number;
  /** False once it went away. */
  readonly connected: boolean;
}

/** An inspector of a service that another debugger can reach, until the session ends. */
export interface LentInspector {
  readonly name: string;
  /** Address of its web socket on this machine's loopback. */
  readonly url: string;
  /** Where the service runs: its own working directory; absent where it shares this machine's files. */
  readonly remoteRoot?: string;
}

export interface SnapshotOptions {
  readonly force?: boolean;
  /** Address of the only service to take a snapshot of; absent: one of each that is attached. */
  readonly target?: string;
}

/** A recording of every change, until it is stopped or the session ends. */
export interface Recording {
  /** Places in the running program that tell what they change. */
  readonly sites: number;
  /** Places that do not, with the reason. */
  readonly notRecorded: readonly Problem[];
  /** No place is missing that changes a state. */
  readonly complete: boolean;
  /** Takes what is left and puts the program back. */
  stop(): Promise<void>;
}

/** What recording would edit in the running program, before anything is. */
export interface RecordingPreview {
  /** Source files, or scripts where no source is known, with the number of places edited in each. */
  readonly files: readonly { readonly file: string; readonly sites: number }[];
  /** Child processes that run now, in which the same is done; also in those that are born while it is recorded. */
  readonly children: readonly { readonly pid: number; readonly command: string }[];
  /** Places that cannot be recorded, with the reason. */
  readonly notRecorded: readonly Problem[];
}

/** Stopping the process itself at a change that is recorded, for as long as a person looks at it. */
export interface Pausing {
  /** Some process stands still. */
  readonly isPaused: boolean;
  /** Replaces what the recorded processes stop at; nothing: they run. */
  pauseOn(wishes: readonly PauseWish[]): Promise<void>;
  resume(): Promise<void>;
}

export interface Session extends AsyncDisposable {
  readonly store: TimelineStore;
  /** What people call it: the services, or the file. */
  readonly name: string;
  /** The services it was attached to, in the order given; none: a stored timeline. */
  readonly targets: readonly SessionTarget[];
  /** Some service is attached. */
  readonly connected: boolean;
  readonly source: readonly string[];
  model(): Model;
  problems(): readonly Problem[];
  /**
   * Captures, parses, extracts, appends, one service after the other. Gives the last snapshot; where that of one service fails, those
   * of the others stand, and the failure is told as `log`. @throws Failure `no-headroom`, `cancelled`, `target-gone`, ...
   */
  takeSnapshot(options: SnapshotOptions, work: Work): Promise<SnapshotPoint>;
  /**
   * Records every change from now on by editing the running program; the caller has the user's consent. Absent: nothing is attached.
   * @throws Failure `not-recordable`, `cancelled`, `target-gone`
   */
  record?(work: Work): Promise<Recording>;
  /** What `record` would edit, to ask for consent with. Changes nothing. Absent: nothing is attached. */
  previewRecording?(work: Work): Promise<RecordingPreview>;
  /** The recording that is going on. */
  readonly recording?: Recording | undefined;
  /** Absent: nothing is attached. */
  readonly pausing?: Pausing;
  /** Of the service at that address; absent: of the first that is attached. @throws Failure `no-target`, `target-gone` */
  lendInspector(target: string | undefined, work: Work): Promise<LentInspector>;
  on<N extends keyof SessionEvents>(name: N, listener: (body: SessionEvents[N]) => void): () => void;
}

/** What a view of a timeline can do; `createView` makes one. The cursor lives here, not in the session. */
export interface Standing {
  readonly point: Point | undefined;
  readonly state: SemanticState;
  readonly focus?: EntityRef;
}

export type { EntityInstance, EventPoint, Violation };

export interface AppOptions {
  /** Where new timelines are made; default: the user's data directory. */
  readonly dataDirectory?: string;
}

/** Opens sessions; those still open are closed with it. */
export interface App extends AsyncDisposable {
  /** @throws Failure of attaching, of the store, `source-missing`, `workspace-file`, `cancelled` */
  openSession(options: SessionOptions, work: Work): Promise<Session>;
}
