// Object literals: a new thing, the next version of one that is there, an event, or a table.
import ts from 'typescript';
import { isInHydration, plainName } from '../functions.ts';
import type { TypeDraft } from '../typeTable.ts';
import { isPartOfLiteral } from '../versions.ts';
import { identityRank } from '../words.ts';
import { announceLiteral } from './emit.ts';
import { evalAll, type Machine, type Result } from './machine.ts';
import { beforeOf, created, fieldOf, hold, makeObject, statesOf } from './objects.ts';
import type { State } from './state.ts';
import type { Abs, Frame, Ref } from './values.ts';
import { variableKey } from './variables.ts';

/** A literal that repeats so much of a thing, its identity too, is that thing's next version. */
const NEXT_VERSION_SHARE = 0.5;

export function evaluateLiteral(m: Machine, node: ts.ObjectLiteralExpression, state: State, frame: Frame): Result[] {
  const parts: { name?: string; value: ts.Expression; spread: boolean }[] = [];
  const methods: [string, ts.MethodDeclaration][] = [];
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) parts.push({ value: property.expression, spread: true });
    else if (ts.isPropertyAssignment(property)) {
      const name = keyOf(m, property.name, state, frame);
      parts.push({ ...(name !== undefined && { name }), value: property.initializer, spread: false });
    } else if (ts.isShorthandPropertyAssignment(property))
      parts.push({ name: property.name.text, value: property.name, spread: false });
    else if (ts.isMethodDeclaration(property) && property.body) {
      const name = plainName(property.name);
      if (name !== undefined) methods.push([name, property]);
    }
  }
  const draft = m.inference.typeOf(node);
  return evalAll(
    m,
    parts.map((part) => part.value),
    state,
    frame,
  ).map(({ state: after, values }) => {
    const fields = new Map<string, Abs>();
    let former: Ref | undefined;
    let closed = true;
    const written: [string, Abs, ts.Node][] = [];
    parts.forEach((part, index) => {
      const value = values[index] as Abs;
      if (part.spread) {
        if (value.kind !== 'obj') {
          closed = false;
          return;
        }
        const obj = after.obj(value);
        for (const [name, held] of obj.fields) fields.set(name, held);
        if (!obj.closed) closed = false;
        if (obj.draft && !obj.closed && !isInside(obj.node, node) && isSameThing(m, after, value, draft))
          former ??= value;
      } else if (part.name === undefined) closed = false;
      else {
        fields.set(part.name, value);
        written.push([part.name, value, part.value]);
      }
    });
    for (const [name, method] of methods) fields.set(name, { kind: 'fn', node: method, frame });
    for (const field of draft?.fields.values() ?? []) {
      const kept =
        field.declaration && m.table.variableField(field.declaration) && valueAround(after, field.declaration, frame);
      if (kept) fields.set(field.name, kept);
    }
    former = former ?? (draft && repeated(m, after, draft, fields));
    const type = m.checker.getTypeAtLocation(node);
    const owner = former && isSameThing(m, after, former, draft) ? (draft ?? after.obj(former).draft) : draft;
    const ref = makeObject(m, after, {
      fresh: true,
      fields,
      closed: closed && !owner,
      type,
      node,
      ...(owner && { draft: owner }),
    });
    for (const [name, value] of written) hold(m, after, ref, name, value);
    if (former && owner && isSameThing(m, after, former, owner)) nextVersion(m, after, former, ref, written);
    else if (owner && !isPlainUpdate(m, node)) created(m, after, ref, node);
    announceLiteral(m, after, ref, node, owner);
    return { state: after, value: ref };
  });
}

/** What a variable beside the literal holds when it is made. */
function valueAround(state: State, declaration: ts.Node, frame: Frame): Abs | undefined {
  for (let current: Frame | undefined = frame; current; current = current.outer) {
    const value = state.vars.get(variableKey(current, declaration));
    if (value) return value;
  }
  return undefined;
}

function keyOf(m: Machine, name: ts.PropertyName, state: State, frame: Frame): string | undefined {
  if (!ts.isComputedPropertyName(name)) return plainName(name);
  const symbol = ts.isPropertyAccessExpression(name.expression) ? m.flow.symbolOf(name.expression.name) : undefined;
  if (symbol && symbol.flags & ts.SymbolFlags.EnumMember && symbol.valueDeclaration)
    return String(m.checker.getConstantValue(symbol.valueDeclaration as ts.EnumMember));
  const type = m.checker.getTypeAtLocation(name.expression);
  if (type.isStringLiteral() || type.isNumberLiteral()) return String(type.value);
  // `{ [STATUS.NEW]: [...] }` of an untyped table: its text is written where the name leads
  const declaration = symbol?.valueDeclaration;
  const text = declaration && ts.isPropertyAssignment(declaration) ? declaration.initializer : undefined;
  if (text && (ts.isStringLiteralLike(text) || ts.isNumericLiteral(text))) return text.text;
  // `{ [field]: to }` where the call says which field
  if (!ts.isIdentifier(name.expression)) return undefined;
  const [held, ...others] = m.eval(name.expression, state, frame);
  const value =
    others.length === 0 && held?.state === state && held.value.kind === 'const' ? held.value.value : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** `...(x ? { x } : {})`: a part of the literal around it. */
function isInside(part: ts.Node | undefined, whole: ts.Node): boolean {
  return part !== undefined && ts.findAncestor(part, (n) => n === whole) !== undefined;
}

function isSameThing(m: Machine, state: State, former: Ref, draft: TypeDraft | undefined): boolean {
  const before = state.obj(former).draft;
  return before !== undefined && (draft === undefined || m.table.unionOf(before) === m.table.unionOf(draft));
}

/** `{ id, owner, ..., phase: 'x' }` of what was read from one object of the same type, its identity among it. */
function repeated(m: Machine, state: State, draft: TypeDraft, fields: ReadonlyMap<string, Abs>): Ref | undefined {
  const sources = new Map<number, { fields: number; identity: boolean }>();
  for (const [name, value] of fields) {
    if (value.kind !== 'sym' || value.from?.field !== name) continue;
    const owner = state.heap.get(value.from.obj)?.draft;
    if (!owner || m.table.unionOf(owner) !== m.table.unionOf(draft)) continue;
    const known = sources.get(value.from.obj) ?? { fields: 0, identity: false };
    known.fields += 1;
    known.identity ||= isIdentity(m, draft, name);
    sources.set(value.from.obj, known);
  }
  for (const [id, { fields: same, identity }] of sources) {
    if (identity && same >= fields.size * NEXT_VERSION_SHARE && state.heap.has(id)) return { kind: 'obj', id };
  }
  return undefined;
}

/** By its name, or because it is what a store keeps the thing under. */
function isIdentity(m: Machine, draft: TypeDraft, name: string): boolean {
  const union = m.table.unionOf(draft);
  return (
    (identityRank(name, union.name) ?? 99) <= 1 ||
    [draft, union].some((each) => each.stores.some((store) => store.keyField === name))
  );
}

const CHANGING =
  /^(?:update|updateOne|updateMany|updateById|patch|patchById|merge|assign|findByIdAndUpdate|findOneAndUpdate|nativeUpdate|change|modify)$/;
const MAKING = /^(?:create|build|insert|insertOne|add|new|make|open|register|save|put|persist|push|set)/;

/** The argument of Object.assign or of an update, or what is typed as a part of a thing, is no thing of its own. */
function isPlainUpdate(m: Machine, node: ts.ObjectLiteralExpression): boolean {
  if (isPartOfLiteral(node)) return true;
  let inner: ts.Node = node;
  while (
    ts.isAsExpression(inner.parent) ||
    ts.isParenthesizedExpression(inner.parent) ||
    ts.isSatisfiesExpression(inner.parent)
  )
    inner = inner.parent;
  // `update({ where, data: {...} })`, `updateOne(filter, { $set: {...} })`
  if (ts.isPropertyAssignment(inner.parent) && /^(?:data|\$set|update|where)$/.test(inner.parent.name.getText()))
    return true;
  const call = inner.parent;
  const callee = ts.isCallExpression(call) ? call.expression.getText() : '';
  const method = callee.split('.').at(-1) ?? '';
  if (callee === 'Object.assign') return true;
  if (CHANGING.test(method)) return true;
  if (method === 'set' && ts.isCallExpression(call) && call.arguments[0] === inner && call.arguments.length === 1)
    return true;
  const wanted = m.checker.getContextualType(node);
  return wanted?.aliasSymbol?.name === 'Partial' && !MAKING.test(method);
}

function nextVersion(
  m: Machine,
  state: State,
  former: Ref,
  next: Ref,
  written: readonly [string, Abs, ts.Node][],
): void {
  const old = state.obj(former);
  const draft = old.draft ?? state.obj(next).draft;
  if (!draft) return;
  for (const [name, value, node] of written) {
    const field = fieldOf(m.table.unionOf(draft), name) ?? fieldOf(draft, name);
    const isCopied = value.kind === 'sym' && value.from?.obj === former.id && value.from.field === name;
    if (!field || field.derived || isCopied || isInHydration(node)) continue;
    state.log(m, {
      kind: 'write',
      obj: former.id,
      next: next.id,
      draft,
      field: name,
      before: beforeOf(state, former, name),
      after: statesOf(state, value, field),
      node,
      ...(m.applying !== undefined && { event: m.applying }),
    });
  }
  // The new version stands in the place of the former: who looks at either sees what it is now.
  state.update(next, { fresh: old.fresh, ...(old.key && { key: old.key }) });
  for (const [name, value] of written) state.setField(former, name, value);
}
