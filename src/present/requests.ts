// One contract for both hops: the panel's message is the adapter's custom request (`semantic/...`), the editor relays it untouched,
// and a test client or another DAP client sends the same. Plain data only; times in microseconds; every text is hostile input.
import type {
  Consistency,
  Context,
  EntityRef,
  EventPoint,
  Evidence,
  Micros,
  Model,
  SnapshotMethod,
  SourcePosition,
  StackFrame,
  Status,
  TargetEntry,
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

/** `phase` says which of the panel's states to draw; all else is there once `ready`. */
export interface Overview {
  readonly phase: 'empty' | 'loading' | 'ready' | 'no-model' | 'disconnected' | 'error';
  readonly targets: readonly { readonly name: string; readonly image?: string; readonly pid?: number }[];
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
    readonly source?: SourcePosition;
  }[];
  readonly steps: readonly EventRow[];
  readonly values: readonly ValueRow[];
  readonly event?: EventRow & { readonly stack: readonly StackFrame[]; readonly context?: Context };
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

/** A point by its place, its time, a step, or the edge. */
export type Goto =
  | { readonly seq: number }
  | { readonly time: Micros }
  | {
      readonly step:
        | 'next'
        | 'previous'
        | 'nextOfFocus'
        | 'previousOfFocus'
        | 'nextSnapshot'
        | 'previousSnapshot'
        | 'first'
        | 'live';
    };

/** name -> [arguments, result]. The DAP command is the name itself. */
export interface Requests {
  'semantic/overview': [Record<string, never>, Overview];
  'semantic/goto': [Goto, Cursor];
  'semantic/focus': [{ readonly ref?: EntityRef }, Overview];
  /** Lanes around the focus (default) or of all entities, the window in time, at most `limit` lanes from `offset`. */
  'semantic/lanes': [
    {
      readonly all?: boolean;
      readonly from?: Micros;
      readonly to?: Micros;
      readonly offset?: number;
      readonly limit?: number;
      readonly entity?: string;
    },
    { readonly lanes: readonly Lane[]; readonly total: number },
  ];
  'semantic/events': [
    {
      readonly offset: number;
      readonly limit: number;
      readonly entity?: string;
      readonly ref?: EntityRef;
      readonly around?: number;
    },
    { readonly rows: readonly EventRow[]; readonly offset: number; readonly total: number },
  ];
  'semantic/details': [{ readonly ref: EntityRef }, Details];
  'semantic/graph': [Record<string, never>, GraphPage];
  'semantic/states': [{ readonly entity: string; readonly attribute?: string }, StatesPage];
  /** Default: last consistent snapshot (else the first) to the cursor. */
  'semantic/diff': [
    { readonly from?: number; readonly to?: number; readonly offset?: number; readonly limit?: number },
    DiffPage,
  ];
  /** `Order 1042`, `state:paid`, `type:Payment`, `10:31`, or the query form. */
  'semantic/search': [
    { readonly query: string; readonly limit?: number },
    { readonly hits: readonly SearchHit[]; readonly problem?: string },
  ];
  'semantic/takeSnapshot': [{ readonly force?: boolean }, SnapshotMark];
  'semantic/cancel': [Record<string, never>, Record<string, never>];
  'semantic/model': [Record<string, never>, Model];
  /** The model as a readable Markdown document with a Mermaid diagram; `lines` link its lines to source. */
  'semantic/document': [Record<string, never>, { readonly markdown: string }];
  'semantic/export': [{ readonly as: ExportForm }, { readonly text: string; readonly extension: string }];
  /** Opens a line of source in whatever hosts the panel; a page in a plain browser shows the path instead. */
  'semantic/open': [{ readonly source: SourcePosition }, { readonly opened: boolean }];
  /** Answered by whatever hosts the panel, where nothing is attached yet: starts attaching to an `attachable` target. */
  'semantic/attach': [{ readonly target: string }, Record<string, never>];
}

export type ExportForm = 'mermaid' | 'ocel2' | 'csv';

/** Sent without being asked. The DAP event is the name itself. */
export interface Events {
  'semantic/cursor': { readonly cursor: Cursor; readonly focus?: EntityRef };
  /** New points, a new model or a new phase: ask for the overview again. */
  'semantic/changed': { readonly what: 'points' | 'model' | 'phase' };
}

export type RequestName = keyof Requests;
export type Arguments<N extends RequestName> = Requests[N][0];
export type Result<N extends RequestName> = Requests[N][1];

/** What a panel is given, whatever hosts it: VS Code's webview, a localhost page, fixtures in a plain browser. */
export interface PanelHost {
  request<N extends RequestName>(name: N, args: Arguments<N>): Promise<Result<N>>;
  on<N extends keyof Events>(name: N, listener: (body: Events[N]) => void): () => void;
}

/** What is posted between panel and host. */
export type PanelMessage =
  | { readonly type: 'request'; readonly id: number; readonly name: RequestName; readonly args: unknown }
  | {
      readonly type: 'response';
      readonly id: number;
      readonly result?: unknown;
      readonly failure?: { readonly code: string; readonly message: string; readonly action: string };
    }
  | { readonly type: 'event'; readonly name: keyof Events; readonly body: unknown };
