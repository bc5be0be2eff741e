// What the pages of a screen hold. Plain data only; times in microseconds; every text is hostile input.
import type {
  Consistency,
  Context,
  EntityRef,
  EventPoint,
  Evidence,
  Micros,
  RecordingMethod,
  SnapshotMethod,
  SourcePosition,
  StackFrame,
  Status,
  TargetEntry,
  TraceContext,
  Value,
} from '../model/index.ts';

/** Where the view stands. One cursor for the debug session and all panels. */
export interface Cursor {
  readonly seq: number;
  readonly time: Micros;
  /** 1-based place among the stops, and their number. */
  readonly ordinal: number;
  readonly of: number;
  /** True: the view follows live. */
  readonly live: boolean;
  /** In one sentence: `Order 1042: paid -> shipped`. */
  readonly text: string;
  /** Stops that came since the view stopped following live; absent: none. */
  readonly newer?: number;
}

export interface SnapshotMark {
  readonly seq: number;
  readonly time: Micros;
  readonly id: string;
  readonly method: SnapshotMethod;
  readonly consistency: Consistency;
  readonly pauseMs: number;
  readonly targetGrowthBytes?: number;
  readonly bytes: number;
}

export interface GapMark {
  readonly since: Micros;
  readonly time: Micros;
  readonly reason: string;
  /** Number of events known to be lost; absent: nothing was observed at all. */
  readonly lost?: number;
}

export interface TypeSummary {
  readonly entity: string;
  readonly count: number;
  /** The attribute by which the type is coloured; absent: the type has no state. */
  readonly stateAttribute?: string;
  /** How many instances are in each state at the cursor, in declared order; value as shown. */
  readonly states: readonly { readonly state: string; readonly count: number; readonly final: boolean }[];
  readonly broken: number;
}

/** A recording that is going on. */
export interface RecordingState {
  /** Places in the running program that tell what they change. */
  readonly sites: number;
  /** Places that do not, a sentence each. */
  readonly notRecorded: readonly string[];
  /** No place is missing that changes a state. */
  readonly complete: boolean;
}

export interface RecordingPlanPage {
  /** Files that would be edited in memory, with the number of places in each; the files on disk stay as they are. */
  readonly files: readonly { readonly file: string; readonly sites: number }[];
  readonly sites: number;
  /** Child processes that run now, in which the same is done. */
  readonly children: readonly { readonly pid: number; readonly command: string }[];
  readonly notRecorded: readonly string[];
  /** It is being recorded already. */
  readonly recording: boolean;
}

/** `phase` says which of the panel's states to draw; all else is there once `ready`. */
export interface Overview {
  readonly phase: 'empty' | 'loading' | 'ready' | 'no-model' | 'disconnected' | 'error';
  /** True: a timeline at rest, without any process behind it; there is no live to follow. */
  readonly stored?: boolean;
  readonly targets: readonly { readonly name: string; readonly image?: string; readonly pid?: number }[];
  readonly recording?: RecordingState;
  /** When `empty`: what can be attached. */
  readonly attachable?: readonly TargetEntry[];
  /** When `loading`: the named phases so far. */
  readonly progress?: readonly {
    readonly message: string;
    readonly state: 'done' | 'running' | 'waiting';
    readonly detail?: string;
  }[];
  /** When `error`. */
  readonly failure?: { readonly code: string; readonly message: string; readonly action: string };
  readonly first: Micros;
  readonly last: Micros;
  readonly events: number;
  readonly entities: number;
  readonly lost: number;
  readonly cursor: Cursor;
  readonly focus?: EntityRef;
  readonly types: readonly TypeSummary[];
  readonly snapshots: readonly SnapshotMark[];
  readonly gaps: readonly GapMark[];
  /** Stops for each of equal bins between `first` and `last`, for the minimap. */
  readonly density: readonly number[];
  /** Slot 0..31 of each state's colour, by its shown name: hue = slot mod 8, pattern = slot div 8. Kept with the recording. */
  readonly colours: { readonly [state: string]: number };
  readonly laws: readonly { readonly id: string; readonly title: string; readonly broken: number }[];
}

/** One state interval. `to` absent: it lasts to live. `unobserved`: drawn hatched, nothing is known inside. */
export interface Segment {
  readonly from: Micros;
  readonly to?: Micros;
  readonly state: string;
  readonly final: boolean;
  readonly unobserved?: boolean;
}

export interface Mark {
  readonly seq: number;
  readonly time: Micros;
  readonly kind: 'transition' | 'change' | 'created' | 'removed';
  readonly text: string;
  readonly undeclared?: boolean;
}

export interface Lane {
  readonly ref: EntityRef;
  /** State at the cursor, as shown; absent: no state or not there. */
  readonly state?: string;
  readonly present: boolean;
  /** Why the lane is here: `paidBy ← Order 1042`; absent for the focus. */
  readonly because?: string;
  /** A declared relation that nobody fills: drawn as a ghost, `ref.id` is empty. */
  readonly ghost?: { readonly text: string };
  readonly segments: readonly Segment[];
  readonly marks: readonly Mark[];
  readonly broken: readonly {
    readonly law: string;
    readonly from: Micros;
    readonly to?: Micros;
    readonly message: string;
  }[];
}

export interface EventRow {
  readonly seq: number;
  readonly time: Micros;
  readonly since?: Micros;
  readonly kind: 'event' | 'snapshot' | 'gap';
  readonly type?: string;
  readonly ref?: EntityRef;
  readonly text: string;
  readonly before?: string;
  readonly after?: string;
  readonly subject?: EntityRef;
  readonly source?: SourcePosition;
  readonly likely?: boolean;
  readonly observed?: EventPoint['observed'];
  readonly breaks?: readonly string[];
  /** How it was seen, where it was recorded. */
  readonly method?: RecordingMethod;
  readonly trace?: TraceContext;
  readonly thread?: string;
  /** The service it happened in, where the timeline is of several. */
  readonly target?: string;
  /** Of a gap: how many events are known to be lost. */
  readonly lost?: number;
}

/** A step that led here, the one that explains most first; `via`: how that of another entity is related, absent for its own. */
export interface StepRow extends EventRow {
  readonly via?: 'trace' | 'relation' | 'guard' | 'competition' | 'law' | 'lost';
  /** Why it stands among them: `payment.status is failed, OrderPaid waits for it`. */
  readonly because?: string;
}

export interface ValueRow {
  readonly name: string;
  readonly value: Value | undefined;
  readonly text: string;
  readonly role: 'identity' | 'state' | 'plain' | 'relation';
  /** Set where the point at the cursor changed it. */
  readonly before?: string;
  readonly links?: readonly EntityRef[];
  readonly status?: Status;
}

export interface Details {
  readonly ref: EntityRef;
  readonly present: boolean;
  readonly state?: string;
  /** Since when in this state, by which event; absent: the type has no state. */
  readonly since?: { readonly time: Micros; readonly event?: EventRow; readonly unobserved: boolean };
  /** Median stay of its type in that state, microseconds, where at least three stays ended. */
  readonly medianStay?: number;
  /** Declared transitions that leave this state. */
  readonly next: readonly {
    readonly to: string;
    readonly type?: string;
    readonly guard?: string;
    /** What the guard reads that makes it false at the cursor; absent: it holds, or cannot be judged on what is known. */
    readonly heldBack?: readonly { readonly text: string; readonly value: string; readonly ref: EntityRef }[];
    readonly source?: SourcePosition;
  }[];
  readonly steps: readonly StepRow[];
  readonly values: readonly ValueRow[];
  readonly event?: EventRow & {
    readonly stack: readonly StackFrame[];
    readonly context?: Context;
    /** The last event before it in its trace that was about another entity. */
    readonly cause?: EventRow;
    /** The first events after it in its trace that were about other entities. */
    readonly effects: readonly EventRow[];
  };
  readonly laws: readonly { readonly id: string; readonly message: string; readonly since: Micros }[];
  readonly evidence: readonly Evidence[];
  readonly source?: SourcePosition;
}

export interface GraphPage {
  readonly types: readonly TypeSummary[];
  readonly relations: readonly {
    readonly subject: string;
    readonly predicate: string;
    readonly object: string;
    readonly cardinality: string;
    readonly status: Status;
    readonly count: number;
  }[];
  /** Instances around the focus (or the first few of each type), and the links among them. */
  readonly instances: readonly {
    readonly ref: EntityRef;
    readonly state?: string;
    readonly broken: boolean;
    readonly hop: 0 | 1 | 2;
  }[];
  readonly links: readonly { readonly from: EntityRef; readonly predicate: string; readonly to: EntityRef }[];
}

export interface StatesPage {
  readonly entity: string;
  readonly attribute: string;
  readonly states: readonly {
    readonly state: string;
    readonly status: Status;
    readonly final: boolean;
    readonly now: number;
    readonly medianStay?: number;
  }[];
  /** `from` undefined: creation; `to` undefined: removal; `*`: every state. */
  readonly transitions: readonly {
    readonly from?: string;
    readonly to?: string;
    readonly type?: string;
    readonly status: Status;
    readonly count: number;
    readonly undeclared: boolean;
    readonly source?: SourcePosition;
  }[];
}

export interface DiffPage {
  readonly from: { readonly seq: number; readonly time: Micros };
  readonly to: { readonly seq: number; readonly time: Micros };
  readonly total: number;
  readonly rows: readonly {
    readonly ref: EntityRef;
    readonly kind: 'created' | 'removed' | 'attribute' | 'link';
    readonly attribute?: string;
    readonly before?: string;
    readonly after?: string;
    /** The event that explains it; absent: unobserved. */
    readonly event?: EventRow;
  }[];
}

export interface SearchHit {
  readonly kind: 'entity' | 'event' | 'state' | 'type' | 'time';
  readonly text: string;
  readonly detail: string;
  readonly ref?: EntityRef;
  readonly seq?: number;
  readonly broken?: boolean;
}
