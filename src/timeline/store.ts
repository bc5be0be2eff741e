// The seam of storage: order of snapshots and events, state at any point. `sqliteStore.ts` is the embedded one.
import type {
  EntityInstance,
  EntityRef,
  EventPoint,
  Micros,
  Model,
  NewPoint,
  Point,
  SemanticState,
  SnapshotPoint,
} from '../model/index.ts';

export interface StoreSummary {
  /** Version of the store's schema. */
  readonly version: number;
  readonly targets: readonly string[];
  readonly first?: { readonly seq: number; readonly time: Micros };
  readonly last?: { readonly seq: number; readonly time: Micros };
  readonly events: number;
  readonly stops: number;
  readonly snapshots: number;
  readonly lost: number;
}

/** Which points count; absent fields do not restrict. All restrictions hold together. */
export interface PointFilter {
  readonly kinds?: readonly Point['kind'][];
  readonly object?: EntityRef;
  readonly entity?: string;
  readonly attribute?: string;
  readonly target?: string;
  readonly from?: Micros;
  readonly to?: Micros;
  /** Source file and line of the write. */
  readonly source?: { readonly file: string; readonly line?: number };
  readonly type?: string;
  /** Companions too (see `isStop`). Default false. */
  readonly companions?: boolean;
}

/** A range of points of one lane, in order. */
export interface PointPage {
  readonly points: readonly Point[];
  readonly total: number;
}

/** Everything in seq order. Writing is one writer's; any number of readers see whole batches only. */
export interface TimelineStore {
  readonly file: string;
  readonly readOnly: boolean;
  summary(): StoreSummary;
  saveModel(model: Model): void;
  model(): Model | undefined;
  /**
   * Adds points in one transaction and gives them their `seq`, one higher each. Either all of them are kept or none.
   * `first`: the state after the last of them, where a recording starts with instances; kept in the same transaction.
   * @throws Failure `store-full`, `store-locked`, `store-read-only`, `store-damaged`, `store-wrong-point`
   */
  append(points: readonly NewPoint[], first?: SemanticState): readonly Point[];
  /** The same for the last point, once it is there. A keyframe at that seq; nothing that changes a state may follow it yet. */
  keyframe(seq: number, state: SemanticState): void;
  point(seq: number): Point | undefined;
  /** The nearest matching point strictly after / before; cost does not depend on the length of the timeline. */
  next(seq: number, filter?: PointFilter): Point | undefined;
  previous(seq: number, filter?: PointFilter): Point | undefined;
  /** The last point at or before a time. */
  at(time: Micros): Point | undefined;
  page(filter: PointFilter, offset: number, limit: number): PointPage;
  snapshots(): readonly SnapshotPoint[];
  /** All points of one entity, companions included. */
  life(ref: EntityRef): readonly EventPoint[];
  /** State after the point: nearest keyframe and deltas. */
  stateAt(seq: number): SemanticState;
  instanceAt(ref: EntityRef, seq: number): EntityInstance | undefined;
  /** Number of stops at or before the point: `event 234 of 403`. */
  ordinal(seq: number): number;
  /** Settings kept with the recording (state colours, bookmarks), as JSON text. */
  setting(key: string): string | undefined;
  saveSetting(key: string, value: string): void;
  dispose(): void;
}
