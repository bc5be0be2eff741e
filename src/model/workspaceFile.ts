// `semstate.json` in the workspace: what a person knows better than the extractor. Schema: media/semstate.schema.json.

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
  /** Keep raw snapshots beside the timeline (compressed). Default false. */
  readonly keepSnapshots?: boolean;
}

export interface EntityOverride {
  readonly rename?: string;
  readonly ignore?: boolean;
  readonly identity?: string | readonly string[];
  readonly state?: readonly string[];
  readonly redact?: readonly string[];
}
