// A CodeModel in a few readable lines, so that a rule's case shows the program it is about.
import type { Value } from '../../src/model/index.ts';
import type { CodeField, CodeModel, CodeTransition, CodeType, FieldType, WriteSite } from '../../src/source/index.ts';

export interface FieldSpec {
  /** `string`, `number?` (optional), `string|null`, `'a'|'b'`, `Type`, `Type[]`, `@Type` (an id of it), `@Type[]`, `Map<Type>`. */
  readonly is: string;
  readonly starts?: Value;
  readonly becomes?: Readonly<Record<string, Value>>;
  /** A function that assigns what it computes. */
  readonly computedIn?: string;
  readonly hydrated?: boolean;
  readonly derived?: boolean;
}

export interface TypeSpec extends Partial<Omit<CodeType, 'fields' | 'key' | 'name' | 'stores' | 'roles'>> {
  readonly fields?: Readonly<Record<string, string | FieldSpec>>;
  /** Store by name: the key's field, or '' where it is not known. */
  readonly kept?: Readonly<Record<string, string>>;
  readonly roles?: readonly CodeType['roles'][number]['role'][];
}

let line = 0;
const at = (): { file: string; line: number } => ({ file: 'app.ts', line: (line += 1) });

export function code(
  specs: Readonly<Record<string, TypeSpec>>,
  transitions: readonly Partial<CodeTransition>[] = [],
  rest: Partial<CodeModel> = {},
): CodeModel {
  line = 0;
  const types = Object.entries(specs).map(([name, spec]) => typeOf(name, spec));
  return {
    files: 1,
    lines: 100,
    types,
    transitions: transitions.map((t) => ({
      type: '',
      attribute: 'status',
      from: 'any',
      to: [],
      source: at(),
      by: 'write',
      ...t,
      ...(t.type && { type: `app.ts#${t.type}` }),
    })),
    context: { space: [], time: [], subject: [], device: [] },
    problems: [],
    ...rest,
  };
}

function typeOf(name: string, spec: TypeSpec): CodeType {
  const { fields = {}, kept = {}, roles = [], bases = [], members, ...rest } = spec;
  const source = at();
  return {
    key: `app.ts#${name}`,
    name,
    form: 'class',
    source,
    constructorAt: source,
    constructions: [],
    bases: bases.map((base) => `app.ts#${base}`),
    ...(members && { members: members.map((member) => `app.ts#${member}`) }),
    fields: Object.entries(fields).map(([field, of]) => fieldOf(field, typeof of === 'string' ? { is: of } : of)),
    roles: roles.map((role) => ({ role, reason: 'said by the test' })),
    stores: Object.entries(kept).map(([store, keyField]) => ({
      source: at(),
      name: store,
      ...(keyField !== '' && { keyField }),
    })),
    ...rest,
  };
}

function fieldOf(name: string, spec: FieldSpec): CodeField {
  const source = at();
  const writes: WriteSite[] = [];
  if (spec.starts !== undefined) writes.push({ source, phase: 'initial', values: [spec.starts], inFunction: 'create' });
  for (const [inFunction, value] of Object.entries(spec.becomes ?? {}))
    writes.push({ source: at(), phase: 'change', values: [value], inFunction });
  if (spec.computedIn !== undefined) writes.push({ source: at(), phase: 'change', inFunction: spec.computedIn });
  if (spec.hydrated) writes.push({ source: at(), phase: 'hydrate' });
  const optional = spec.is.endsWith('?');
  return {
    name,
    source,
    type: fieldType(spec.is.replace(/\?$/, '')),
    optional,
    readonly: false,
    derived: spec.derived === true,
    writes,
  };
}

export function fieldType(text: string): FieldType {
  const nullable = /\|null$/.test(text);
  const bare = text.replace(/\|null$/, '');
  const literals = bare.split('|').filter((part) => /^'.*'$|^\d+$/.test(part));
  const common = { nullable, text };
  if (literals.length > 0)
    return {
      kind: 'enum',
      domain: literals.map((part) => ({ value: part.startsWith("'") ? part.slice(1, -1) : Number(part) })),
      ...common,
    };
  if (bare === 'boolean') return { kind: 'boolean', domain: [{ value: false }, { value: true }], ...common };
  const plain = /^(string|number|bigint|date|object|unknown|bytes|list|set|map)$/.exec(bare)?.[1];
  if (plain) return { kind: plain as FieldType['kind'], ...common };
  const byId = bare.startsWith('@');
  const name = /[A-Z]\w*(?=\[\]|>?$)/.exec(bare)?.[0] ?? bare;
  const kind = bare.endsWith('[]') ? 'list' : bare.startsWith('Map<') ? 'map' : byId ? 'string' : 'reference';
  return { kind, target: `app.ts#${name}`, ...(byId && { byId }), ...common };
}
