// What a view of a timeline can do, for its users: the adapter, and the page server of the command line.
import type {
  EntityInstance,
  EntityRef,
  Model,
  Point,
  SemanticState,
  SnapshotPoint,
  SourcePosition,
  Violation,
  Work,
} from '../../model/index.ts';
import type { Arguments, Completion, Cursor, Events, Found, Goto, RequestName, Result } from '../../present/index.ts';
import type { Session, SessionEvents, SnapshotOptions } from '../session.ts';
import type { BreakpointKind, BreakpointRequest, PlacedBreakpoint } from './breakpoints.ts';
import type { StepKind } from './stepping.ts';

export type StopReason =
  'entry' | 'step' | 'goto' | 'pause' | 'breakpoint' | 'data breakpoint' | 'function breakpoint' | 'exception';

/** Where the view stopped, and why, in one sentence. */
export interface Stop {
  readonly reason: StopReason;
  readonly text: string;
  readonly point: Point | undefined;
  /** Ids of the breakpoints that matched here. */
  readonly breakpoints: readonly number[];
}

export interface ViewEvents {
  stopped: Stop;
  /** The view follows live again. */
  continued: undefined;
  cursor: Events['semantic/cursor'];
  changed: Events['semantic/changed'];
  /** A log point was passed. */
  logged: { readonly text: string; readonly point: Point };
  /** New points reached the timeline, whether the view follows or not. */
  points: readonly Point[];
  model: Model;
  log: string;
  disconnected: SessionEvents['disconnected'];
}

/** One attached process; `key` is what its points carry as `target`. */
export interface ViewThread {
  readonly id: number;
  readonly name: string;
  readonly key?: string;
}

export interface LawFilter {
  /** `all`, `new`, or a law's id. */
  readonly law: string;
  readonly title: string;
  readonly description: string;
}

/** What an expression gave, and the place on the timeline it is true of. */
export type Evaluation = Found & { readonly seq: number };

export interface ViewOptions {
  /** A live match stops the process itself, where it is recorded. */
  readonly pauseOnMatch?: boolean;
}

export interface View {
  readonly session: Session;
  readonly live: boolean;
  /** The entity set by hand, else the one the point at the cursor is about. */
  readonly focus: EntityRef | undefined;
  threads(): readonly ViewThread[];
  cursor(): Cursor;
  /** The point at the cursor; of one thread: its last point at or before the cursor. */
  point(thread?: ViewThread): Point | undefined;
  state(): SemanticState;
  instance(ref: EntityRef): EntityInstance | undefined;
  setFocus(ref: EntityRef | undefined): void;
  /** Stops where the session begins: at the last snapshot. */
  enter(): Stop;
  step(kind: StepKind, thread?: ViewThread): Stop;
  goto(place: Goto): Stop | undefined;
  /** Takes a snapshot now, of each service or of the one asked for, and stops there. */
  pause(options: SnapshotOptions, work: Work): Promise<Stop>;
  takeSnapshot(options: SnapshotOptions, work: Work): Promise<SnapshotPoint>;
  /** Forward through recorded history to the next match, else live. Undefined: the view follows live now. */
  continue(work: Work): Promise<Stop | undefined>;
  /** Back to the previous match, else to the beginning. */
  reverseContinue(work: Work): Promise<Stop>;
  /** Replaces all breakpoints of a kind; those of source only for the one file. */
  setBreakpoints(
    kind: BreakpointKind,
    requests: readonly BreakpointRequest[],
    file?: string,
  ): readonly PlacedBreakpoint[];
  /** The recorded processes know of all breakpoints, where a match is to stop them. */
  armed(): Promise<void>;
  /** Lines of a file at which state is known to be written, in order. */
  writeLines(file: string): readonly number[];
  /** Points that happened at a line, those nearest to the cursor first. */
  happenedAt(source: SourcePosition, limit: number): readonly Point[];
  laws(): readonly LawFilter[];
  /** Laws broken in the state at the cursor. */
  violations(): readonly Violation[];
  /** @throws Failure `query` with where the text went wrong */
  evaluate(text: string): Evaluation;
  complete(text: string, offset: number): readonly Completion[];
  /** Every `semantic/...` request, for whoever asks. @throws Failure `unknown-request`, `bad-arguments`, ... */
  handle<N extends RequestName>(name: N, args: Arguments<N>, work?: Work): Promise<Result<N>>;
  on<N extends keyof ViewEvents>(name: N, listener: (body: ViewEvents[N]) => void): () => void;
  dispose(): void;
}
