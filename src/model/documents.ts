// The contract's documents (JSON Schema `urn:semstate:contract:1`) as types. What crosses the product's border has these forms.
import type { EntityRef } from './state.ts';
import type { Value } from './value.ts';
import type { DriftVerdict, LawText } from './workspaceFile.ts';

/** confirmed: code and memory agree; declared: code only; observed: memory or recording only. */
export type Status = 'confirmed' | 'declared' | 'observed';

/** `file` is relative to the source directory it was found in, with forward slashes; line and column count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

export type EvidenceKind =
  'declaration' | 'write' | 'guard' | 'table' | 'schema' | 'instance' | 'value' | 'reference' | 'event' | 'law';

export interface Evidence {
  readonly by: EvidenceKind;
  readonly source?: SourcePosition;
  readonly snapshot?: string;
  readonly count?: number;
  readonly note?: string;
}

/**
 * Something that could not be read or decided, or that does not agree: said, never left out silently. `code` is stable;
 * `drift-...` are those where the data do not do what the code says.
 */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly source?: SourcePosition;
  /** The element of the model it is about; `attribute` is a relation's predicate where it is about one. */
  readonly entity?: string;
  readonly attribute?: string;
  /** Of `drift-undeclared-state` and `drift-state-never-seen`. */
  readonly states?: readonly Value[];
  /** Of `drift-undeclared-transition`. */
  readonly preState?: Value | NewState;
  readonly postState?: Value | GoneState;
  /** How often it was seen. */
  readonly count?: number;
  readonly evidence?: readonly Evidence[];
}

export type AttributeType =
  | 'string'
  | 'number'
  | 'boolean'
  | 'bigint'
  | 'date'
  | 'enum'
  | 'list'
  | 'set'
  | 'map'
  | 'object'
  | 'reference'
  | 'bytes'
  | 'unknown';

export type AttributeRole = 'identity' | 'state' | 'plain';

export interface StateValue {
  readonly value: Value;
  readonly label?: string;
  readonly status?: Status;
  readonly confidence?: number;
}

export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly role?: AttributeRole;
  readonly optional?: boolean;
  readonly states?: readonly StateValue[];
  readonly status?: Status;
  /** How sure it is that this is an attribute of the entity: a share of 1. */
  readonly confidence?: number;
  /** How sure it is that it is a state; only with role state. */
  readonly stateConfidence?: number;
  readonly evidence?: readonly Evidence[];
}

export interface Entity {
  readonly name: string;
  readonly identity?: readonly string[];
  readonly attributes: readonly Attribute[];
  readonly instances?: number;
  readonly source?: SourcePosition;
  readonly status: Status;
  readonly confidence?: number;
  readonly evidence?: readonly Evidence[];
}

export type RelationKind = 'structural' | 'attributive' | 'behavioural';
export type Cardinality = '1' | '0..1' | '*';

export interface Relation {
  readonly subject: string;
  readonly predicate: string;
  readonly object: string;
  readonly kind?: RelationKind;
  readonly cardinality: Cardinality;
  readonly observed?: { readonly min?: number; readonly max?: number };
  readonly status: Status;
  readonly confidence?: number;
  readonly evidence?: readonly Evidence[];
}

export interface AnyState {
  readonly $any: true;
}
export interface NewState {
  readonly $new: true;
}
export interface GoneState {
  readonly $gone: true;
}
export const NEW: NewState = { $new: true };
export const GONE: GoneState = { $gone: true };

export interface Transition {
  readonly type?: string;
  readonly subject?: string;
  readonly object: string;
  readonly attribute: string;
  readonly preState: Value | AnyState | NewState;
  readonly postState: Value | GoneState;
  readonly guard?: string;
  readonly count?: number;
  readonly status: Status;
  readonly confidence?: number;
  readonly evidence?: readonly Evidence[];
}

export interface ContextParameter {
  readonly name: string;
  readonly value?: Value;
  readonly from?: string;
}

/** C: where, when, by whom, with what. */
export interface Context {
  readonly space: readonly ContextParameter[];
  readonly time: readonly ContextParameter[];
  readonly subject: readonly ContextParameter[];
  readonly device: readonly ContextParameter[];
}

export const NO_CONTEXT: Context = { space: [], time: [], subject: [], device: [] };

/** The model M: what is, with evidence for each element. */
export interface Model {
  readonly document: 'model';
  readonly version: 1;
  readonly entities: readonly Entity[];
  readonly relations: readonly Relation[];
  readonly transitions: readonly Transition[];
  readonly context: Context;
  readonly problems: readonly Problem[];
  /** Laws a person wrote; they travel with the model, so that a stored timeline is judged by what held when it was made. */
  readonly laws?: readonly WrittenLaw[];
  /** What a person said of findings: travels with the model, so that what is seen later is judged by it as well. */
  readonly verdicts?: readonly DriftVerdict[];
}

export interface WrittenLaw extends LawText {
  readonly id: string;
}

export interface EventDocument {
  readonly document: 'event';
  readonly seq: number;
  readonly timestamp: string;
  readonly type?: string;
  readonly subject?: EntityRef;
  readonly object: EntityRef;
  readonly attribute?: string;
  readonly preState: Value | NewState;
  readonly postState: Value | GoneState;
  readonly context?: Context;
  readonly source?: SourcePosition;
  readonly observed?: 'recorded' | 'between-snapshots';
  readonly method?: 'edit' | 'breakpoint' | 'snapshot';
  readonly trace?: { readonly traceId: string; readonly spanId?: string };
  readonly thread?: string;
}

export interface StateDocument {
  readonly document: 'state';
  readonly timestamp: string;
  readonly seq?: number;
  readonly entities: readonly {
    readonly entity: string;
    readonly id: string | number;
    readonly attributes: { readonly [name: string]: Value };
  }[];
  readonly relations: readonly {
    readonly subject: EntityRef;
    readonly predicate: string;
    readonly object: EntityRef;
  }[];
  readonly context?: Context;
  readonly problems?: readonly Problem[];
}

export type SnapshotMethod = 'heap' | 'objects' | 'memory' | 'checkpoint' | 'core';

export interface SnapshotDocument {
  readonly document: 'snapshot';
  readonly id: string;
  readonly timestamp: string;
  readonly method: SnapshotMethod;
  readonly bytes: number;
  readonly pauseMs: number;
  readonly targetGrowthBytes?: number;
  readonly target?: string;
}

export type Language = 'node' | 'jvm' | 'python' | 'unknown';
export type AttachWay = 'inspector-open' | 'inspector-can-open' | 'memory-only' | 'no';

export interface TargetEntry {
  /** In the contract's TARGET form: `docker:NAME`, `podman:NAME`, `pid:N`, `inspect:HOST:PORT`. */
  readonly target: string;
  readonly name?: string;
  readonly image?: string;
  readonly pid?: number;
  readonly language: Language;
  readonly attach: AttachWay;
  readonly why?: string;
}

export interface TargetsDocument {
  readonly document: 'targets';
  readonly targets: readonly TargetEntry[];
}

export interface Violation {
  /** The law's stable id, for instance `references-resolve`. */
  readonly law: string;
  readonly message: string;
  /** ISO time of the state or event that breaks it. */
  readonly at: string;
  readonly subjects?: readonly EntityRef[];
}

export interface ViolationsDocument {
  readonly document: 'violations';
  readonly violations: readonly Violation[];
}

export interface ObjectsDocument {
  readonly document: 'objects';
  readonly class: string;
  readonly path?: string;
  readonly count: number;
  readonly objects: readonly Value[];
  readonly problems?: readonly Problem[];
}
