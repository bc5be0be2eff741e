// The seam of extraction: what goes in, what comes out. The caller reads files, captures memory and knows the time; this room does not.
import type { Model, Problem, SemanticState, SourcePosition, Value, WorkspaceFile } from '../model/index.ts';
import type { HeapGraph, HeapLocation } from '../parse/index.ts';
import type { CodeModel } from '../source/index.ts';

/** A transition that was seen to happen, with how often. */
export interface ObservedTransition {
  readonly entity: string;
  readonly attribute: string;
  readonly preState: Value | { readonly $new: true };
  readonly postState: Value | { readonly $gone: true };
  readonly count: number;
  /** Seen before and after only: it proves that the attribute changes; what happened in between is not known, so it is no transition. */
  readonly between?: true;
  readonly type?: string;
  readonly source?: SourcePosition;
}

export interface ExtractInput {
  /** Absent: memory alone. */
  readonly code?: CodeModel;
  /** Absent: code alone. */
  readonly graph?: HeapGraph;
  /** From a position in a running script to one in the source, through source maps. */
  readonly toSource?: (location: HeapLocation) => SourcePosition | undefined;
  readonly workspaceFile?: WorkspaceFile;
  /** Named in the evidence of what memory showed. */
  readonly snapshotId?: string;
  /** The model of earlier snapshots: what they showed stays known. */
  readonly previous?: Model;
  readonly events?: readonly ObservedTransition[];
}

export interface Extraction {
  readonly model: Model;
  /** Instances read from memory, secrets left out. Empty without a graph. */
  readonly state: SemanticState;
  /** The same as `model.problems`. */
  readonly problems: readonly Problem[];
}
