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

export interface SessionOptions {
  /** TARGET in the contract's form; absent: a stored timeline is opened. */
  readonly target?: string;
  /** Directories of source. */
  readonly source: readonly string[];
  /** The timeline's file; absent: a new one in the user's data directory. */
  readonly store?: string;
  readonly workspaceFile?: WorkspaceFile;
  readonly readOnly?: boolean;
  readonly keepSnapshots?: boolean;
}

/** What the session tells whoever listens. */
export interface SessionEvents {
  points: readonly Point[];
  model: Model;
  log: string;
  /** The target went away, or the connection did: the timeline stays. */
  disconnected: { readonly reason: string };
}

export interface Session extends AsyncDisposable {
  readonly store: TimelineStore;
  readonly target: { readonly name: string; readonly image?: string; readonly pid?: number; readonly address?: string };
  readonly connected: boolean;
  readonly source: readonly string[];
  model(): Model;
  problems(): readonly Problem[];
  /** Captures, parses, extracts, appends. @throws Failure `no-headroom`, `cancelled`, `target-gone`, ... */
  takeSnapshot(options: { readonly force?: boolean }, work: Work): Promise<SnapshotPoint>;
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
