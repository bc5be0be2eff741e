// One contract for both hops: the panel's message is the adapter's custom request (`semantic/...`), the editor relays it untouched,
// and a test client or another DAP client sends the same. Plain data only; times in microseconds; every text is hostile input.
import type { EntityRef, Micros, Model, SourcePosition } from '../model/index.ts';
import type {
  Cursor,
  SnapshotMark,
  Overview,
  Lane,
  EventRow,
  Details,
  GraphPage,
  StatesPage,
  DiffPage,
  SearchHit,
  RecordingPlanPage,
  RecordingState,
} from './pageContents.ts';

export type {
  Cursor,
  SnapshotMark,
  GapMark,
  TypeSummary,
  Overview,
  Segment,
  Mark,
  Lane,
  EventRow,
  StepRow,
  ValueRow,
  Details,
  GraphPage,
  StatesPage,
  DiffPage,
  SearchHit,
  RecordingPlanPage,
  RecordingState,
} from './pageContents.ts';

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
  /** What recording would edit in the running program, to ask for consent with. Changes nothing. */
  'semantic/recordingPlan': [Record<string, never>, RecordingPlanPage];
  /** Records every state change from now on by editing the running program. Whoever sends it has the user's consent. */
  'semantic/startRecording': [Record<string, never>, RecordingState];
  /** Puts the program back as it was; what was recorded stays. */
  'semantic/stopRecording': [Record<string, never>, Record<string, never>];
  'semantic/takeSnapshot': [{ readonly force?: boolean }, SnapshotMark];
  /** Has the client start its own JavaScript debugger on the same process: of the service at that address, else the first attached. */
  'semantic/debugJavaScript': [{ readonly target?: string }, { readonly name: string; readonly url: string }];
  'semantic/cancel': [Record<string, never>, Record<string, never>];
  'semantic/model': [Record<string, never>, Model];
  /** The model as a readable Markdown document with a Mermaid diagram; `lines` link its lines to source. */
  'semantic/document': [Record<string, never>, { readonly markdown: string }];
  'semantic/export': [{ readonly as: ExportForm }, { readonly text: string; readonly extension: string }];
  /** The story of an entity at the cursor as Markdown, to paste into a ticket; it ends with the link. */
  'semantic/story': [{ readonly ref: EntityRef; readonly scheme?: string }, { readonly markdown: string }];
  /** A link that opens this timeline where the view stands. `scheme`: the editor's own; absent: `vscode`. */
  'semantic/link': [{ readonly scheme?: string }, { readonly link: string }];
  /** Answered by whatever hosts the panel: pictures go into a file, texts into the clipboard. Not `done`: the panel does it itself. */
  'semantic/share': [Shared, { readonly done: boolean }];
  /** Opens a line of source in whatever hosts the panel; a page in a plain browser shows the path instead. */
  'semantic/open': [{ readonly source: SourcePosition }, { readonly opened: boolean }];
  /** Answered by whatever hosts the panel, where nothing is attached yet: starts attaching to an `attachable` target. */
  'semantic/attach': [{ readonly target: string }, Record<string, never>];
}

/** What leaves the panel: a picture (PNG as base64) or a text. */
export interface Shared {
  readonly form: 'svg' | 'png' | 'markdown' | 'link';
  /** What a file of it would be called, without its ending. */
  readonly name: string;
  readonly content: string;
}

export type ExportForm =
  'ocel2' | 'ocel2-sqlite' | 'csv' | 'cloudevents' | 'xstate' | 'mermaid' | 'shacl' | 'json-schema';

/** Sent without being asked. The DAP event is the name itself. */
export interface Events {
  'semantic/cursor': { readonly cursor: Cursor; readonly focus?: EntityRef };
  /** New points, a new model or a new phase: ask for the overview again. */
  'semantic/changed': { readonly what: 'points' | 'model' | 'phase' };
  /** Whatever hosts the panel wishes to have what the panel shows now, by `semantic/share`. */
  'semantic/shareWanted': { readonly form: Shared['form'] };
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
