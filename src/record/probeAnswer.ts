// What the probe is given, and the forms of what it answers: plain data, as it goes into the process and comes out of it.
import type { Context, StackFrame, TraceContext } from '../model/index.ts';
import type { Site, WatchedEntity } from './plan.ts';

/** Values that are told: JSON's own, others in the contract's form; absent ones are undefined. */
export type Told = unknown;

/** One record: what was seen at a place, in order. */
export interface ProbeRecord {
  /** Site. */
  readonly s: number;
  /** Microseconds of the target's clock. */
  readonly t: number;
  /** Number of the object in this attach. */
  readonly o: number;
  /** Entity index; -1: none. */
  readonly e: number;
  /** Business key; absent: not set yet. */
  readonly k?: string | number;
  /** Property and its values before and after. */
  readonly p?: string;
  readonly a?: Told;
  readonly b?: Told;
  /** Values of an instance: states at that moment. */
  readonly v?: { readonly [property: string]: Told };
  /** Everything else of the instance that may be copied, as it was when it was told first, or when it was made. */
  readonly w?: { readonly [property: string]: Told };
  /** The version before: its number and its states. */
  readonly f?: number;
  readonly g?: { readonly [property: string]: Told };
  /** Object removed. */
  readonly r?: true;
  readonly stack?: string;
  /** Name of an event sent; empty: the turn in which some were sent is over. Such a record is about no object (`e` is -1). */
  readonly n?: string;
  /** Keys it mentions: with the name of the entity, or with the name under which it was given. */
  readonly m?: readonly (readonly [key: string | number, name: string, isEntity: boolean])[];
  /** Index of its context in the answer. */
  readonly x?: number;
  /** The context itself: put in by the recorder when it reads the answer. */
  readonly around?: RecordContext;
  /** Read from `stack`, and the thread it comes from: put in where several threads are recorded. */
  readonly frames?: readonly StackFrame[];
  readonly thread?: string;
}

/** Dimension, name, value. */
export type ToldParameter = readonly [dimension: string, name: string, value: Told];

export interface ToldContext {
  readonly parameters: readonly ToldParameter[];
  /** Trace id and span id. */
  readonly trace?: readonly string[];
}

/** The context of a record in the model's terms. */
export interface RecordContext {
  readonly context?: Context;
  readonly trace?: TraceContext;
}

export interface ProbeAnswer {
  readonly records: readonly ProbeRecord[];
  /** Keys that came late: object number, key. */
  readonly keys: readonly (readonly [number, string | number])[];
  readonly contexts: readonly ToldContext[];
  readonly lost: number;
  /** Of the first and the last that was lost, in microseconds; absent where nothing was. */
  readonly lostSince?: number;
  readonly lostUntil?: number;
  /** Since when nothing is known, as nobody asked in time, in microseconds; 0: somebody did. */
  readonly silentSince: number;
  /** Everything that happened before this is told once `more` is false, in microseconds. */
  readonly until: number;
  readonly more: boolean;
}

/** What a record is told beside its row. */
export type MoreOfRecord = Pick<ProbeRecord, 'v' | 'f' | 'g' | 'r' | 'stack' | 'x' | 'n' | 'm'>;

/** Numbers of a record's row: site, microseconds since the row before, object, property, value before and after; -1: none. */
export const ROW = 6;

/** An answer as it leaves the process: what recurs is told once, and records refer to it by its index. */
export interface AnswerText extends Omit<ProbeAnswer, 'records'> {
  /** One row after the other. */
  readonly records: readonly number[];
  /** Number, entity, key if it has one, and what else of it may be copied, if it was not told before. */
  readonly objects: readonly [
    number: number,
    entity: number,
    key: string | number | null,
    whole: { readonly [property: string]: Told } | null,
  ][];
  /** Names of properties, and values. */
  readonly values: readonly Told[];
  readonly rest: { readonly [row: number]: MoreOfRecord };
}

export interface ProbeOptions {
  readonly name: string;
  /** Who records: one at a time. */
  readonly owner: string;
  readonly entities: readonly WatchedEntity[];
  readonly sites: readonly Pick<Site, 'id' | 'kind' | 'entities' | 'property'>[];
  readonly capacity: number;
  /** Silent when nobody asked for so many seconds. */
  readonly silentAfter: number;
  /** Stacks: the first of each place, then one of so many. */
  readonly stacks: { readonly first: number; readonly share: number };
  /** Original texts by script, for whoever comes after a debugger that died. */
  readonly originals: { readonly [scriptId: string]: string };
  /** Entities whose identity is a secret by its name. */
  readonly secretKeys: readonly number[];
  readonly context: ContextOptions;
  readonly reservoir: ReservoirLimits;
}

export interface ContextOptions {
  /** What the workspace file names; empty: plain values of the store are taken by their names. */
  readonly named: readonly { readonly dimension: string; readonly name: string; readonly path: readonly string[] }[];
  /** Patterns of the workspace file. */
  readonly redact: readonly string[];
  readonly reveal: readonly string[];
}

export interface ReservoirLimits {
  readonly perState: number;
  readonly perType: number;
  readonly ageMs: number;
}
