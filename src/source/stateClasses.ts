// State as a class: a field that holds one of several classes of one base, each standing for a state. The field's values are their names.
import { isClass } from './expressions.ts';
import ts from 'typescript';
import type { FieldDraft, TypeDraft, TypeTable } from './typeTable.ts';
import { hasIdentity } from './stores.ts';

const NAMED_STATE = /(?:state|status|phase|stage|mode)s?$/i;
/** Bases with more heirs are plug-in points. */
const MOST_STATES = 15;
const TAGS = ['name', 'kind', 'type', 'status', 'state', 'tag', 'code', 'label'];

export function findStateClasses(table: TypeTable): void {
  const heirs = heirsByBase(table);
  for (const draft of table.drafts.values()) {
    for (const field of draft.fields.values()) {
      const base = field.type.target === undefined ? undefined : table.drafts.get(field.type.target);
      if (!base || field.type.kind !== 'reference' || field.type.tag || field.derived) continue;
      const states = (heirs.get(base.key) ?? []).filter((heir) => !isAbstract(heir));
      const speaks = NAMED_STATE.test(field.name) || NAMED_STATE.test(base.name);
      if (!speaks || states.length < 2 || states.length > MOST_STATES || states.some(hasIdentity)) continue;
      const isWritten = field.writes.some((write) => write.phase === 'change');
      if (isWritten) field.type = { ...field.type, kind: 'enum', ...stateDomain(states) };
    }
  }
}

/** The value by which the classes tell themselves, where each states one; else their names. */
function stateDomain(states: readonly TypeDraft[]): Pick<FieldDraft['type'], 'tag' | 'domain'> {
  for (const tag of TAGS) {
    const values = states.map((state) => statedValue(state.fields.get(tag)));
    if (values.every((value) => value !== undefined) && new Set(values).size === states.length)
      return { tag, domain: values.map((value) => ({ value })) };
  }
  return { tag: 'constructor', domain: states.map((state) => ({ value: state.name })) };
}

export function statedValue(field: FieldDraft | undefined): string | undefined {
  if (field?.type.domain?.length === 1) {
    const [only] = field.type.domain;
    return typeof only?.value === 'string' ? only.value : undefined;
  }
  const declaration = field?.declaration;
  const initializer = declaration && ts.isPropertyDeclaration(declaration) ? declaration.initializer : undefined;
  return initializer && ts.isStringLiteralLike(initializer) ? initializer.text : undefined;
}

function isAbstract(draft: TypeDraft): boolean {
  const { node } = draft;
  return !isClass(node) || (ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.AbstractKeyword) ?? false);
}

function heirsByBase(table: TypeTable): Map<string, TypeDraft[]> {
  const heirs = new Map<string, TypeDraft[]>();
  for (const draft of table.drafts.values()) {
    const seen = new Set<string>();
    const climb = (current: TypeDraft): void => {
      for (const key of current.bases) {
        const base = table.drafts.get(key);
        if (!base || seen.has(key)) continue;
        seen.add(key);
        heirs.set(key, [...(heirs.get(key) ?? []), draft]);
        climb(base);
      }
    };
    climb(draft);
  }
  return heirs;
}
