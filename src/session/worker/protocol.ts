// What the session asks of its worker, as data: name -> [arguments, result]. Everything here crosses a thread: plain data only.
import type {
  EntityInstance,
  Model,
  ObjectsDocument,
  Problem,
  Progress,
  SemanticState,
  WorkspaceFile,
} from '../../model/index.ts';
import type { ObservedTransition } from '../../extract/index.ts';
import type { PlannedScript, RecordingPlan } from '../../record/index.ts';

export interface ExtractArguments {
  /** Absolute source directories; empty: the source that the program in the heap carries, where it does. */
  readonly roots: readonly string[];
  /** No source at all, not even what the program carries. */
  readonly memoryOnly?: boolean;
  /** False: the heap held by the worker is left out, code alone. */
  readonly heap: boolean;
  readonly workspaceFile?: WorkspaceFile;
  readonly snapshotId?: string;
  readonly previous?: Model;
  readonly events?: readonly ObservedTransition[];
  /** The state at an earlier snapshot of the same program: what has changed since shows what can change. */
  readonly before?: SemanticState;
}

export interface ExtractReply {
  readonly model: Model;
  readonly state: ReadonlyMap<string, EntityInstance>;
  readonly problems: readonly Problem[];
}

export interface ObjectsArguments {
  /** Name of a class, or a path such as `globalThis.orders`. */
  readonly select: { readonly class: string } | { readonly path: string };
  /** At most so many objects are written out; all are counted. */
  readonly limit: number;
  readonly depth: number;
}

export interface WorkerCalls {
  /** Reads the source directories, or finds that nothing in them changed. */
  source: [
    { readonly roots: readonly string[] },
    { readonly files: number; readonly lines: number; readonly read: boolean },
  ];
  /** Forgets the heap that is held and makes ready for another. */
  begin: [Record<string, never>, null];
  write: [{ readonly chunk: Uint8Array }, null];
  end: [
    Record<string, never>,
    { readonly nodes: number; readonly recognised: boolean; readonly problems: readonly Problem[] },
  ];
  extract: [ExtractArguments, ExtractReply];
  /** What of these scripts is edited to record the model's state attributes. */
  plan: [
    {
      readonly roots: readonly string[];
      readonly model: Model;
      readonly scripts: readonly PlannedScript[];
      readonly workspaceFile?: WorkspaceFile;
      /** Number of the first site; default 0. */
      readonly firstSite?: number;
    },
    RecordingPlan,
  ];
  objects: [ObjectsArguments, ObjectsDocument];
  /** Lets the heap go. */
  release: [Record<string, never>, null];
}

export type CallName = keyof WorkerCalls;
export type CallArguments<N extends CallName> = WorkerCalls[N][0];
export type CallResult<N extends CallName> = WorkerCalls[N][1];

/** Each call has a number, higher than all before it. */
export interface CallMessage<N extends CallName = CallName> {
  readonly id: number;
  readonly name: N;
  readonly args: CallArguments<N>;
}

export type ReplyMessage =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: { readonly code: string; readonly what: string; readonly action: string } }
  | { readonly id: number; readonly progress: Progress };

export interface WorkerData {
  /** Int32: every call up to this number was called off. */
  readonly cancelledUpTo: SharedArrayBuffer;
}
