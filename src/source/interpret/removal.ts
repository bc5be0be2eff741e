// Removal from stores: what was kept there is gone.
import ts from 'typescript';
import { hasIdentity } from '../stores.ts';
import { bare } from '../expressions.ts';
import { plainName } from '../functions.ts';
import type { TypeDraft } from '../typeTable.ts';
import { isPassing } from '../words.ts';
import { elementType } from './collections.ts';
import type { Machine } from './machine.ts';
import { beforeOf } from './objects.ts';
import type { State } from './state.ts';
import type { Before } from './trace.ts';
import { identityOf, type Abs, type Frame, type Ref } from './values.ts';

/** `orders.delete(id)`, `delete orders[id]`: what was kept there is gone, if that is a store and not a relation of a thing. */
export function removeFrom(
  m: Machine,
  state: State,
  container: Ref,
  key: Abs | undefined,
  node: ts.Node,
  frame: Frame,
): void {
  const holder =
    ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)
      ? node.expression.expression
      : (node as ts.DeleteExpression).expression;
  const target = ts.isElementAccessExpression(holder) ? holder.expression : holder;
  const declared = elementType(m, state.obj(container).type);
  const held =
    heldUnder(state, container, key) ?? (key?.kind === 'sym' && !key.from ? given(m, state, frame) : undefined);
  const draft =
    (held && state.obj(held).draft) ??
    (declared && m.table.of(declared)) ??
    state.obj(container).element ??
    m.inference.elementOf(target);
  if (!draft || isRelation(m, target)) return;
  removed(m, state, draft, held ?? key ?? undefined, node);
}

/** `remove(order)`: a function that is given one thing, and deletes by a key it works out, deletes that. */
function given(m: Machine, state: State, frame: Frame): Ref | undefined {
  const things = (frame.args ?? []).filter(
    (arg): arg is Ref => arg.kind === 'obj' && m.subjects.isThing(state.obj(arg).draft),
  );
  return things.length === 1 ? things[0] : undefined;
}

/** What this container gave for the key before. */
function heldUnder(state: State, container: Ref, key: Abs | undefined): Ref | undefined {
  const found = key && state.obj(container).fields.get(`@${identityOf(key)}`);
  const value = found?.kind === 'sym' ? state.vars.get(`@as ${found.id}`) : found;
  return value?.kind === 'obj' && state.obj(value).draft ? value : undefined;
}

function isRelation(m: Machine, container: ts.Expression): boolean {
  const owner = ts.isPropertyAccessExpression(container) ? m.inference.typeOf(container.expression) : undefined;
  return owner !== undefined && hasIdentity(owner);
}

/** A record's library removes it. */
export function removedRecord(m: Machine, state: State, draft: TypeDraft, record: Ref, node: ts.Node): void {
  removed(m, state, draft, record, node);
}

function removed(m: Machine, state: State, draft: TypeDraft, key: Abs | undefined, node: ts.Node): void {
  const union = m.table.unionOf(draft);
  const subject = [...state.heap.values()].find((obj) => {
    if (!obj.draft || m.table.unionOf(obj.draft) !== union) return false;
    if (!key) return false;
    return (
      (obj.key && identityOf(obj.key) === identityOf(key)) ||
      (key.kind === 'sym' && key.from?.obj === obj.id) ||
      (key.kind === 'obj' && key.id === obj.id)
    );
  });
  const fields = new Map<string, Before>();
  for (const field of union.fields.values()) {
    if (!field.derived)
      fields.set(
        field.name,
        subject ? beforeOf(state, { kind: 'obj', id: subject.id }, field.name) : { any: true, not: [] },
      );
  }
  state.log(m, { kind: 'remove', obj: subject?.id, draft: union, fields, node });
}

/** `this.orders = this.orders.filter((o) => o.id !== id)` */
export function removeByFilter(m: Machine, state: State, receiver: Ref, call: ts.CallExpression): void {
  const parent = call.parent;
  const source = (call.expression as ts.PropertyAccessExpression).expression;
  const isBack = ts.isBinaryExpression(parent) && parent.right === call && parent.left.getText() === source.getText();
  const draft = isBack ? m.inference.elementOf(source) : undefined;
  if (draft && !isRelation(m, source)) removed(m, state, draft, undefined, call);
  void receiver;
}

/** `orders.splice(at, 1)`, `orders.pop()`, `orders.clear()` of a collection in which things are kept and not only listed. */
export function removeByMethod(m: Machine, state: State, method: string, call: ts.CallExpression, taken?: Abs): void {
  const container = (call.expression as ts.PropertyAccessExpression).expression;
  // What is put in its place, or what is done with what was taken, says that it goes on.
  if (method === 'splice' && call.arguments.length > 2) return;
  if (method !== 'clear' && !isLetGo(call)) return;
  removeKept(m, state, container, call, taken);
}

/** `orders.length = 0` */
export function removeByLength(m: Machine, state: State, container: ts.Expression, node: ts.Node): void {
  removeKept(m, state, container, node, undefined);
}

function removeKept(m: Machine, state: State, container: ts.Expression, node: ts.Node, key: Abs | undefined): void {
  const draft = m.inference.elementOf(container);
  if (draft && !isRelation(m, container) && isKeptIn(m, draft, container)) removed(m, state, draft, key, node);
}

/** Under its key where it is kept so anywhere, else in no list that it passes through. */
function isKeptIn(m: Machine, draft: TypeDraft, container: ts.Expression): boolean {
  const target = bare(container);
  const name = plainName(ts.isPropertyAccessExpression(target) ? target.name : target);
  const { stores } = m.table.unionOf(draft);
  const keyed = stores.filter(({ keyField }) => keyField !== undefined);
  const keeping = keyed.length > 0 ? keyed : stores.filter((store) => !isPassing(store.name));
  return keeping.some((store) => store.name === name);
}

/** Nothing is done with it but to say which it was. */
function isLetGo(call: ts.CallExpression): boolean {
  let current: ts.Node = call;
  while (
    ts.isParenthesizedExpression(current.parent) ||
    ts.isNonNullExpression(current.parent) ||
    ts.isVoidExpression(current.parent) ||
    ((ts.isPropertyAccessExpression(current.parent) || ts.isElementAccessExpression(current.parent)) &&
      current.parent.expression === current)
  )
    current = current.parent;
  const { parent } = current;
  return ts.isExpressionStatement(parent) || ts.isReturnStatement(parent) || ts.isArrowFunction(parent);
}
