// What happened on a path, in order: values written, things made and removed, events said.
import type ts from 'typescript';
import type { TypeDraft } from '../typeTable.ts';
import type { Const } from './values.ts';

/** The state before: any (with what guards exclude), or one of these. */
export type Before = { readonly any: true; readonly not: readonly Const[] } | { readonly in: readonly Const[] };

/** A run of a function, within those that led to it. */
export interface Within {
  readonly fn: ts.Node;
  /** The object whose method it is. */
  readonly self?: number;
  readonly outer: Within | undefined;
  readonly depth: number;
}

export interface WriteEntry {
  readonly within?: Within | undefined;
  /** The next version of the object, where a new one takes its place. */
  readonly next?: number;
  readonly kind: 'write';
  readonly obj: number;
  readonly draft: TypeDraft;
  readonly field: string;
  readonly before: Before;
  /** undefined: not known. */
  readonly after: readonly Const[] | undefined;
  readonly node: ts.Node;
  /** The event whose application this is, where the program decides first and applies later. */
  readonly event?: string;
}

export interface CreateEntry {
  readonly within?: Within | undefined;
  readonly kind: 'create';
  readonly obj: number;
  readonly draft: TypeDraft;
  readonly fields: ReadonlyMap<string, readonly Const[] | undefined>;
  readonly node: ts.Node;
  readonly event?: string;
}

export interface RemoveEntry {
  readonly within?: Within | undefined;
  readonly kind: 'remove';
  readonly obj: number | undefined;
  readonly draft: TypeDraft;
  readonly fields: ReadonlyMap<string, Before>;
  readonly node: ts.Node;
}

export interface EmitEntry {
  readonly within?: Within | undefined;
  readonly kind: 'emit';
  readonly names: readonly string[];
  /** Objects the event is about, most likely first. */
  readonly subjects: readonly number[];
  readonly node: ts.Node;
}

export type TraceEntry = WriteEntry | CreateEntry | RemoveEntry | EmitEntry;
