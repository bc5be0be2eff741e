// Types whose instances can have states worth following: told apart by an identity or kept somewhere, or parts of such, and with a
// field of few values (or of no stated type) that is written in more than one place. Generous: what is business is not decided here.
import ts from 'typescript';
import { bare } from '../expressions.ts';
import type { Flow } from '../flow.ts';
import { isFunctionNode } from '../functions.ts';
import type { FieldDraft, TypeDraft, TypeTable } from '../typeTable.ts';
import { identityRank } from '../words.ts';

export interface Subjects {
  has(draft: TypeDraft | undefined): boolean;
  /** Whether the field of that type can hold a state; of an unknown type, whether a field of that name can. */
  canChange(draft: TypeDraft | undefined, field: string): boolean;
  /** Told apart by an identity, kept, or part of what is; with or without states. */
  isThing(draft: TypeDraft | undefined): boolean;
}

export function findSubjects(table: TypeTable, flow: Flow): Subjects {
  const changing = new Map<TypeDraft, ReadonlySet<string>>();
  const anywhere = new Set<string>();
  const things = thingsOf(table);
  /** Whether a property of a name is given a constant of a kind anywhere: many types have fields of one name. */
  const constants = new Map<string, boolean>();
  const isGivenConstant = (name: string, kind: string): boolean => {
    const key = `${kind} ${name}`;
    const known = constants.get(key);
    if (known !== undefined) return known;
    const given = flow.propertyWrites(name).some((write) => isConstant(flow, write.value, kind, 0));
    constants.set(key, given);
    return given;
  };
  for (const draft of things) {
    const possible = [...draft.fields.values()]
      .filter((field) => canHoldState(field, isGivenConstant))
      .map((field) => field.name);
    if (possible.length === 0) continue;
    for (const name of possible) anywhere.add(name);
    for (const each of [draft, ...[...draft.members].map((key) => table.drafts.get(key))])
      if (each) changing.set(each, new Set([...(changing.get(each) ?? []), ...possible]));
  }
  const fieldsOf = (draft: TypeDraft): ReadonlySet<string> | undefined =>
    changing.get(draft) ?? changing.get(table.unionOf(draft));
  return {
    isThing: (draft) => draft !== undefined && (things.has(draft) || things.has(table.unionOf(draft))),
    has: (draft) => draft !== undefined && fieldsOf(draft) !== undefined,
    canChange: (draft, field) => (draft ? fieldsOf(draft)?.has(field) === true : anywhere.has(field)),
  };
}

/** What has an identity or is kept, and what such things hold. */
function thingsOf(table: TypeTable): Set<TypeDraft> {
  const things = new Set<TypeDraft>();
  const queue: TypeDraft[] = [];
  const add = (draft: TypeDraft | undefined): void => {
    if (!draft) return;
    for (const each of new Set([draft, table.unionOf(draft)])) {
      if (things.has(each) || each.roles.has('error')) continue;
      things.add(each);
      queue.push(each);
    }
  };
  for (const draft of table.drafts.values()) {
    const isKept = draft.stores.length > 0;
    if (isKept || [...draft.fields.values()].some((f) => identityRank(f.name, draft.name) !== undefined)) add(draft);
  }
  for (let draft = queue.pop(); draft; draft = queue.pop()) {
    for (const field of draft.fields.values()) add(table.drafts.get(field.type.target ?? ''));
    for (const key of draft.bases) add(table.drafts.get(key));
  }
  return things;
}

function canHoldState(field: FieldDraft, isGivenConstant: (name: string, kind: string) => boolean): boolean {
  if (field.derived) return false;
  const { kind, domain, tag } = field.type;
  const changes = field.writes.filter((write) => write.phase === 'change');
  if (changes.length === 0) return false;
  if ((domain?.length ?? 0) > 1 || tag !== undefined) return true;
  if (kind !== 'unknown' && kind !== 'string' && kind !== 'number') return false;
  const values = new Set(changes.flatMap((write) => write.values ?? []));
  return (
    (kind === 'number' ? values.size > 1 : [...values].some((value) => value !== null)) ||
    isGivenConstant(field.name.replace(/^#/, ''), kind)
  );
}

/** A text written out, a constant of a table, or a parameter that is given one. A number written out may be any number. */
function isConstant(flow: Flow, given: ts.Expression, kind: string, depth: number): boolean {
  const value = bare(given);
  if (depth > 3) return false;
  if (ts.isConditionalExpression(value))
    return isConstant(flow, value.whenTrue, kind, depth + 1) || isConstant(flow, value.whenFalse, kind, depth + 1);
  if (ts.isStringLiteralLike(value)) return kind !== 'number';
  if (value.kind === ts.SyntaxKind.TrueKeyword || value.kind === ts.SyntaxKind.FalseKeyword) return kind === 'unknown';
  if (!ts.isPropertyAccessExpression(value) && !ts.isIdentifier(value)) return false;
  const declaration = flow.symbolOf(ts.isIdentifier(value) ? value : value.name)?.valueDeclaration;
  if (!declaration) return false;
  if (ts.isEnumMember(declaration)) return true;
  if (ts.isParameter(declaration) && isFunctionNode(declaration.parent)) {
    const index = declaration.parent.parameters.indexOf(declaration);
    return flow.callsOf(declaration.parent).some((call) => {
      const argument = call.arguments?.[index];
      return argument !== undefined && isConstant(flow, argument, kind, depth + 1);
    });
  }
  const written = ts.isPropertyAssignment(declaration) && bare(declaration.initializer);
  return written !== false && (ts.isStringLiteralLike(written) || ts.isNumericLiteral(written));
}
