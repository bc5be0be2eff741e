// What running the operations tells of fields that declarations leave open: finite domains, emptiness, values given through parameters.
import ts from 'typescript';
import type { Value } from '../../model/index.ts';
import { bare } from '../expressions.ts';
import type { Flow } from '../flow.ts';
import { isInHydration, namedFunctionAround } from '../functions.ts';
import type { Project } from '../program.ts';
import { distinctValues, type FieldDraft, type TypeTable } from '../typeTable.ts';
import type { History } from './history.ts';
import { isNothing, type Const } from './values.ts';

interface Given {
  readonly field: FieldDraft;
  values: Const[];
  unknown: number;
  empty: boolean;
}

const LARGEST_DOMAIN = 24;

export function applyFindings(project: Project, table: TypeTable, flow: Flow, history: History): void {
  const given = new Map<FieldDraft, Given>();
  const note = (field: FieldDraft | undefined, after: readonly Const[] | undefined): void => {
    if (!field) return;
    const known = given.get(field) ?? { field, values: [], unknown: 0, empty: false };
    if (!after) known.unknown += 1;
    else {
      known.values.push(...after.filter((v) => !isNothing(v)));
      // Written out as such: what is absent because a path knew no more is no statement.
      known.empty ||= after.some((v) => isNothing(v) && v.origin !== undefined);
    }
    given.set(field, known);
  };
  for (const entry of history.happenings) {
    const draft = table.unionOf(entry.draft);
    if (entry.kind === 'write') {
      if (isInHydration(entry.node)) continue;
      const field = draft.fields.get(entry.field);
      note(field, entry.after);
      if (field) fillWrite(project, field, entry.node, entry.after);
    } else if (entry.kind === 'create') {
      for (const [name, after] of entry.fields) note(draft.fields.get(name), after);
    }
  }
  for (const { field, values, unknown, empty } of given.values()) {
    if (empty && !field.type.nullable) {
      field.type = { ...field.type, nullable: true };
      field.optional = true;
    }
    if (field.type.domain || !/^(?:string|number|unknown)$/.test(field.type.kind)) continue;
    const domain = domainFrom(flow, values, unknown);
    if (domain)
      field.type = {
        ...field.type,
        kind: domain.every((d) => typeof d.value === 'boolean') ? 'boolean' : 'enum',
        domain,
      };
    else if (field.type.kind === 'unknown' && values.length > 0 && unknown === 0) {
      const kinds = new Set(values.map((v) => typeof v.value));
      const [only] = kinds;
      if (kinds.size === 1 && (only === 'string' || only === 'number')) field.type = { ...field.type, kind: only };
    }
  }
}

/** The values of a field, if there are no others: all of a table of constants where one of them comes from it. */
function domainFrom(
  flow: Flow,
  values: readonly Const[],
  unknown: number,
): { value: Value; label?: string }[] | undefined {
  if (unknown > 0 || values.length === 0) return undefined;
  const table = values.map((v) => v.origin && tableOf(flow, v.origin)).find((t) => t !== undefined);
  const distinct = distinctValues(values.map((v) => v.value));
  if (table && distinct.every((v) => table.some((t) => t.value === v))) return table;
  if (distinct.every((v) => typeof v === 'boolean')) return [{ value: false }, { value: true }];
  if (distinct.length < 2 || distinct.length > LARGEST_DOMAIN) return undefined;
  return distinct.every((v) => typeof v === 'string') ? distinct.map((value) => ({ value })) : undefined;
}

/** `STATUS.OPEN` -> all of STATUS, with its keys as labels. */
function tableOf(flow: Flow, origin: ts.Node): { value: Value; label: string }[] | undefined {
  const access = ts.isPropertyAccessExpression(origin) || ts.isElementAccessExpression(origin) ? origin : undefined;
  const literal = access
    ? literalOf(flow, access.expression, 0)
    : ts.findAncestor(origin, ts.isObjectLiteralExpression);
  if (!literal || literal.properties.length < 2) return undefined;
  const table: { value: Value; label: string }[] = [];
  for (const property of literal.properties) {
    if (!ts.isPropertyAssignment(property)) return undefined;
    const value = bare(property.initializer);
    const label = property.name.getText().replace(/^['"]|['"]$/g, '');
    if (ts.isStringLiteralLike(value)) table.push({ value: value.text, label });
    else if (ts.isNumericLiteral(value)) table.push({ value: Number(value.text), label });
    else return undefined;
  }
  return table.length <= LARGEST_DOMAIN &&
    new Set(table.map((t) => typeof t.value)).size === 1 &&
    isConstantTable(literal)
    ? table
    : undefined;
}

/** Held by a constant's name, not a record with fields. */
function isConstantTable(literal: ts.ObjectLiteralExpression): boolean {
  const holder = ts.findAncestor(
    literal,
    (n) =>
      ts.isVariableDeclaration(n) ||
      ts.isBinaryExpression(n) ||
      ts.isPropertyAssignment(n) ||
      ts.isPropertyDeclaration(n),
  );
  if (!holder) return false;
  const name = ts.isBinaryExpression(holder)
    ? holder.left.getText()
    : (holder as ts.VariableDeclaration).name.getText();
  return /^(?:.*\.)?[A-Z]/.test(name) && ts.findAncestor(literal, ts.isFunctionLike) === undefined;
}

function literalOf(flow: Flow, given: ts.Expression, depth: number): ts.ObjectLiteralExpression | undefined {
  const node = bare(given);
  if (depth > 5) return undefined;
  if (ts.isObjectLiteralExpression(node)) return node;
  if (ts.isCallExpression(node)) return node.arguments[0] && literalOf(flow, node.arguments[0], depth + 1);
  const symbol = flow.symbolOf(ts.isPropertyAccessExpression(node) ? node.name : node);
  const declaration = symbol?.valueDeclaration;
  if (!declaration) return undefined;
  const initializer =
    (declaration as Partial<ts.VariableDeclaration>).initializer ??
    (ts.isBinaryExpression(declaration)
      ? declaration.right
      : ts.isBinaryExpression(declaration.parent)
        ? declaration.parent.right
        : undefined);
  return initializer && literalOf(flow, initializer, depth + 1);
}

/** The values that came through parameters, at the site that writes them; a write that types did not show is added. */
function fillWrite(project: Project, field: FieldDraft, node: ts.Node, after: readonly Const[] | undefined): void {
  const source = project.at(node);
  const index = field.writes.findIndex(
    (w) => w.source.file === source.file && w.source.line === source.line && w.source.column === source.column,
  );
  const values = after && distinctValues(after.map((v) => v.value));
  if (index < 0) {
    const inFunction = namedFunctionAround(node);
    const nearby = field.writes.some(
      (w) => w.source.file === source.file && Math.abs(w.source.line - source.line) === 0,
    );
    if (!nearby)
      field.writes.push({
        source,
        phase: 'change',
        ...(values && { values }),
        ...(inFunction !== undefined && { inFunction }),
      });
    return;
  }
  const site = field.writes[index];
  if (site && values) field.writes[index] = { ...site, values: distinctValues([...(site.values ?? []), ...values]) };
}
