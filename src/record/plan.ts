// The seam between planning and recording, as plain data: what is edited where, and what each edited place tells.
import type { Problem, SourcePosition } from '../model/index.ts';
import type { Stretch } from './planning.ts';
import type { WatchPoint } from './watchPoint.ts';

/** A thing of the business as the probe looks for it. Property names are the program's, with `#` for private members. */
export interface WatchedEntity {
  readonly name: string;
  readonly identity: readonly string[];
  readonly states: readonly string[];
  /** Attributes that may be copied when an instance is seen for the first time; secrets are not among them. */
  readonly properties: readonly string[];
  /** Attributes of which only that they are there is told. */
  readonly secrets: readonly string[];
  /** Property -> tag, where an object stands for a state. */
  readonly tags: { readonly [property: string]: string };
}

/**
 * write: one property gets a value; version: an object literal that takes the place of another; create: a construction or a
 * creating literal; assign: Object.assign; keyed: a property whose name is known at run time only; remove: out of a store;
 * store: into one; send: an event by its name; save: handed to a library that stores things.
 */
export type SiteKind =
  'write' | 'version' | 'create' | 'assign' | 'keyed' | 'remove' | 'store' | 'private' | 'send' | 'save';
export type SitePhase = 'initial' | 'change' | 'hydrate';

export interface Site {
  readonly id: number;
  readonly kind: SiteKind;
  /** Indices of the entities it may concern; empty: told by what is found there. */
  readonly entities: readonly number[];
  /** Of an event that is sent: its name, where the place says it. */
  readonly property?: string;
  readonly phase: SitePhase;
  readonly source?: SourcePosition;
  /** How it is watched where not by an edit of its text. */
  readonly method?: 'breakpoint';
}

/** One piece of text put in the place of another, in offsets of the original. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly site: number;
}

export interface ScriptPlan {
  readonly scriptId: number;
  readonly url: string;
  readonly original: string;
  /** The same as the original where nothing of it can be edited. */
  readonly edited: string;
  readonly edits: readonly TextEdit[];
  readonly sites: readonly number[];
  /** How each site is seen where it is not edited, and the offset at which it begins. */
  readonly points: readonly (WatchPoint & Stretch)[];
  /** Sites in functions that can be suspended: V8 refuses to edit these while one of them is. */
  readonly suspending: readonly number[];
}

export interface RecordingPlan {
  readonly entities: readonly WatchedEntity[];
  readonly sites: readonly Site[];
  readonly scripts: readonly ScriptPlan[];
  /** Names of the source files, relative to their directories. */
  readonly files: readonly string[];
  /** Sites that cannot be recorded, with the reason. */
  readonly problems: readonly Problem[];
}

/** A script of the program as it runs. */
export interface PlannedScript {
  readonly id: number;
  readonly url: string;
  readonly isModule: boolean;
  readonly text: string;
  readonly sourceMap?: string;
}

/** The name under which the edited code finds the probe: not enumerable, gone after detaching. */
export const PROBE = '$semstate$probe';
