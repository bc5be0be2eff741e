// `semstate.json` in the workspace: what a person knows better than the extractor. Schema: media/semstate.schema.json.
import type { Context, GoneState, NewState } from './documents.ts';
import type { Value } from './value.ts';

export interface WorkspaceFile {
  /** Directories of source, relative to this file. */
  readonly source?: readonly string[];
  readonly entities?: { readonly [name: string]: EntityOverride };
  /** Names (exact, or with `*`) of types that are no entities. */
  readonly ignore?: readonly string[];
  /** Attribute names (exact, or with `*`, or `Type.attribute`) whose values are never stored. */
  readonly redact?: readonly string[];
  /** Attribute names that look like secrets and are none. */
  readonly reveal?: readonly string[];
  /**
   * What of a request is its context: by dimension and name a path into the service's AsyncLocalStorage store (`user.id`), or into
   * the HTTP request (`request.headers.x-tenant`). Absent: the store's plain values by their names.
   */
  readonly context?: { readonly [dimension in keyof Context]?: { readonly [name: string]: string } };
  /** Keep raw snapshots beside the timeline (compressed). Default false. */
  readonly keepSnapshots?: boolean;
  /** Laws of this business, by id: what must hold, as an expression in CEL. */
  readonly laws?: { readonly [id: string]: LawText };
  /** Ids of laws that were proposed and are none: they are not proposed again. */
  readonly rejected?: readonly string[];
  /** What a person says of findings where the data do not do what the code says. */
  readonly drift?: readonly DriftVerdict[];
}

/** Of a state (`state`), of a transition (`from`, `to`), or, without either, of all that is found of that attribute or relation. */
export interface DriftVerdict {
  /** `Entity.attribute`, or `Entity.predicate` of a relation. */
  readonly of: string;
  readonly state?: Value;
  readonly from?: Value | NewState;
  readonly to?: Value | GoneState;
  /** It is right, as if the code declared it. Of a state or a transition. */
  readonly accept?: true;
  /** Why it is known and not to be told any more. */
  readonly ignore?: string;
}

/** What must hold: of each entity of a type, of each step of one (`on`), or of the state as a whole (no `for`). */
export interface LawText {
  /** An expression of the Common Expression Language that is true where the law holds. */
  readonly holds: string;
  /** One sentence that is true when the law holds; the expression where absent. */
  readonly title?: string;
  readonly for?: string;
  readonly on?: 'step';
}

export interface EntityOverride {
  readonly rename?: string;
  readonly ignore?: boolean;
  readonly identity?: string | readonly string[];
  readonly state?: readonly string[];
  readonly redact?: readonly string[];
}
