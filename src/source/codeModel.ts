// The seam between source and extraction: what the code declares and does, as facts with positions. No verdict on what is business:
// that is extraction's. Types are keyed by `file#name` (or `file#name@line` where a name is used twice in a file).
import type { AttributeType, Context, Problem, SourcePosition, Value } from '../model/index.ts';

export type TypeKey = string;

/** class: has instances of its own; shape: untyped object literals of one form; schema: ORM or validator declaration. */
export type TypeForm = 'class' | 'interface' | 'alias' | 'union' | 'shape' | 'schema';

/** What a type looks like by how it is named, built and used; several may hold. Reasons are for people. */
export type TypeRole =
  'dto' | 'event' | 'command' | 'error' | 'service' | 'repository' | 'value' | 'row' | 'context' | 'framework';

export interface CodeType {
  readonly key: TypeKey;
  readonly name: string;
  readonly form: TypeForm;
  readonly source: SourcePosition;
  /** Where V8 reports a class' instances: the constructor if written, else the class keyword. */
  readonly constructorAt?: SourcePosition;
  readonly bases: readonly TypeKey[];
  /** Of a union: its members. */
  readonly members?: readonly TypeKey[];
  /** Inherited ones included. */
  readonly fields: readonly CodeField[];
  readonly roles: readonly { readonly role: TypeRole; readonly reason: string }[];
  /** Stores (Map, array, object table, repository) in which instances are kept, with the key's field where known. */
  readonly stores: readonly { readonly source: SourcePosition; readonly name: string; readonly keyField?: string }[];
  readonly constructions: readonly SourcePosition[];
}

export interface FieldType {
  readonly kind: AttributeType;
  /** For `enum` and `boolean`: the finite domain, as declared. */
  readonly domain?: readonly { readonly value: Value; readonly label?: string }[];
  /**
   * Where the values of `domain` are tags of an object held in the field (`{ kind: 'open', ... }`): the tag's property,
   * or `constructor` where an object's class is the state. The field is one attribute; its values are the tags.
   */
  readonly tag?: string;
  /** The object type a reference or a collection's element is of. */
  readonly target?: TypeKey;
  /** True where the field holds the id of `target`, not the object itself. */
  readonly byId?: boolean;
  readonly nullable: boolean;
  /** The declared text, for people. */
  readonly text: string;
}

export interface CodeField {
  /** As declared, with `#` for private members. */
  readonly name: string;
  readonly source: SourcePosition;
  readonly type: FieldType;
  readonly optional: boolean;
  readonly readonly: boolean;
  /** Getter without storage: derived, no attribute. */
  readonly derived: boolean;
  readonly writes: readonly WriteSite[];
}

export interface WriteSite {
  readonly source: SourcePosition;
  /** initial: in constructor, initialiser or creating literal; change: afterwards; hydrate: rebuilding from stored data. */
  readonly phase: 'initial' | 'change' | 'hydrate';
  /** Values this write can give, where they are known; undefined: anything. */
  readonly values?: readonly Value[];
  /** Innermost named function around it. */
  readonly inFunction?: string;
}

export interface CodeTransition {
  readonly type: TypeKey;
  /** Name of the field without `#`. */
  readonly attribute: string;
  /** `any`: no guard on the attribute; `new`: at creation. */
  readonly from: readonly Value[] | 'any' | 'new';
  readonly to: readonly Value[] | 'gone';
  readonly source: SourcePosition;
  /** The event's name in the program, else the innermost function's. */
  readonly name?: string;
  readonly guard?: string;
  readonly by: 'write' | 'guard' | 'table' | 'schema';
}

export interface LiteralForm {
  readonly fields: readonly string[];
  readonly source: SourcePosition;
}

export interface CodeModel {
  readonly files: number;
  readonly lines: number;
  readonly types: readonly CodeType[];
  readonly transitions: readonly CodeTransition[];
  readonly context: Context;
  /** Forms of the object literals that stand in the code, each once: names of fields, three or more, and where. */
  readonly literals?: readonly LiteralForm[];
  readonly problems: readonly Problem[];
}
