// What calls of a record library mean: records made, looked up, changed and removed through models, repositories and clients, and through
// their own methods. Known by the method's name, since the library's code is not there or works on any type.
import ts from 'typescript';
import { bare } from '../expressions.ts';
import { oneGiven } from '../models.ts';
import type { TypeDraft } from '../typeTable.ts';
import { one, type Machine, type Result } from './machine.ts';
import { memberOf } from './members.ts';
import { created, makeObject, readField, symbolicOf, writeField } from './objects.ts';
import { removedRecord } from './removal.ts';
import { recordFor } from './recordLookup.ts';
import type { State } from './state.ts';
import { restrict } from './recordFilters.ts';
import { type Abs, type Frame, type Ref } from './values.ts';

const MAKES = /^(?:create|build|insert|insertOne|createOne|createMany|bulkCreate|insertMany|add|values|createEntity)$/;
const CHANGES =
  /^(?:update|updateOne|updateMany|findByIdAndUpdate|findOneAndUpdate|findAndUpdate|patch|patchById|nativeUpdate|set|merge|assign|updateById|replaceOne|findOneAndReplace|overwrite|setDataValue|preload)$/;
const REMOVES =
  /^(?:delete|deleteOne|deleteMany|destroy|remove|removeOne|findByIdAndDelete|findByIdAndRemove|findOneAndDelete|findOneAndRemove|nativeDelete|removeAndFlush|deleteById|del|hardDelete)$/;
const LOOKS = /^(?:find|get|fetch|load|require|one|first)/;

/** Undefined where this is no call of a record library. */
export function recordCall(
  m: Machine,
  node: ts.CallExpression,
  receiver: Abs | undefined,
  method: string,
  args: readonly Abs[],
  state: State,
  frame: Frame,
): Result[] | undefined {
  const callee = bare(node.expression);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  if (receiver?.kind === 'obj') {
    const { draft } = state.obj(receiver);
    if (draft && m.models.isRecord(draft)) {
      if (memberOf(m, state.obj(receiver), method)) return undefined;
      return ofInstance(m, node, receiver, draft, method, args, state, frame);
    }
  }
  // `this` of a static method is the model
  const own = receiver?.kind === 'class' && m.models.isRecord(receiver.draft) ? receiver.draft : undefined;
  const draft = m.models.of(callee.expression) ?? own;
  // `OrderSchema.parse({...})` gives a new thing what is not said
  const [written] = node.arguments;
  if (
    draft &&
    /^(?:parse|parseAsync|create|validateSync|cast|Create)$/.test(method) &&
    written &&
    ts.isObjectLiteralExpression(written)
  )
    return make(m, node, draft, args[0], state);
  if (draft && !m.models.isRecord(draft) && m.models.isSchema(callee.expression)) return undefined;
  if (draft) return ownStatic(m, node, draft) ? undefined : ofModel(m, node, draft, method, args, state);
  const [first, ...rest] = args;
  if (m.flow.targetsOf(node).length > 0) return undefined;
  // `em.create(Order, {...})`, `manager.findOneBy(Order, { id })`
  if (first?.kind === 'class' && (m.models.isRecord(first.draft) || MANAGER.test(callee.expression.getText())))
    return ofModel(m, node, first.draft, method, rest, state);
  const given = first?.kind === 'obj' ? state.obj(first).draft : undefined;
  if (first?.kind !== 'obj' || !given || !m.models.isRecord(given)) return undefined;
  if (/^(?:assign|merge)$/.test(method)) return change(m, first, rest[0], node, state);
  if (REMOVES.test(method)) {
    removedRecord(m, state, given, first, node);
    return one(state, first);
  }
  return /^(?:persist|save|persistAndFlush|insert|reload|refresh)$/.test(method) ? one(state, first) : undefined;
}

const MANAGER = /(?:^|\.|_)(?:em|orm|manager|entityManager|tx|trx|session)$/i;

/** A static method that the program itself gave the model. */
function ownStatic(m: Machine, node: ts.CallExpression, draft: TypeDraft): boolean {
  return m.flow.targetsOf(node).some((target) => {
    const owner = m.models.ownerOf(target);
    if (owner) return owner.draft === draft;
    return ts.isClassLike(target.parent) &&
      m.table.bySymbol((target.parent as ts.Node & { readonly symbol?: ts.Symbol }).symbol) === draft
      ? true
      : !worksOnAny(m, node);
  });
}

/** A keeper of the program's own, written for any type: `Repository<T>`, or what a `define` made. */
function worksOnAny(m: Machine, node: ts.CallExpression): boolean {
  const callee = bare(node.expression) as ts.PropertyAccessExpression;
  const type = m.checker.getNonNullableType(m.checker.getTypeAtLocation(callee.expression));
  const isGeneric = (type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference;
  if (isGeneric && m.checker.getTypeArguments(type as ts.TypeReference).length > 0) return true;
  return type.symbol?.valueDeclaration?.getSourceFile().fileName.match(/\.[cm]?jsx?$/) !== null;
}

function ofModel(
  m: Machine,
  node: ts.CallExpression,
  draft: TypeDraft,
  method: string,
  args: readonly Abs[],
  state: State,
): Result[] | undefined {
  const [first, second] = args;
  if (MAKES.test(method) || (/^(?:save|put|persist)$/.test(method) && isNew(state, first)))
    return make(m, node, draft, given(state, first, 'data') ?? first, state);
  if (method === 'upsert' && first?.kind === 'obj') {
    const other = state.fork();
    const created = given(state, first, 'create');
    const changed = given(other, first, 'update');
    return [
      ...(created ? make(m, node, draft, created, state) : []),
      ...(changed ? change(m, select(m, node, draft, given(other, first, 'where'), other), changed, node, other) : []),
    ];
  }
  if (CHANGES.test(method)) {
    const values = patchOf(state, args, method);
    if (!values) return one(state, symbolicOf(m, state, node));
    const filter = values.where ?? (first === values.patch ? second : first);
    return change(m, select(m, node, draft, filter, state), values.patch, node, state);
  }
  if (REMOVES.test(method)) {
    const target = select(m, node, draft, given(state, first, 'where') ?? first, state);
    removedRecord(m, state, draft, target, node);
    return one(state, target);
  }
  if (LOOKS.test(method) && oneGiven(method))
    return one(state, select(m, node, draft, given(state, first, 'where') ?? first, state));
  return undefined;
}

function ofInstance(
  m: Machine,
  node: ts.CallExpression,
  self: Ref,
  draft: TypeDraft,
  method: string,
  args: readonly Abs[],
  state: State,
  frame: Frame,
): Result[] | undefined {
  const [first, second] = args;
  if (
    /^(?:set|setDataValue|setAttribute)$/.test(method) &&
    first?.kind === 'const' &&
    typeof first.value === 'string'
  ) {
    if (second) writeField(m, state, self, first.value, second, node);
    return one(state, self);
  }
  if (CHANGES.test(method)) return change(m, self, first, node, state);
  if (REMOVES.test(method)) {
    removedRecord(m, state, draft, self, node);
    return one(state, self);
  }
  if (/^(?:save|reload|refresh|load|populate|execPopulate|saveOrFail)$/.test(method)) return one(state, self);
  // accessors that an association adds: `task.getRoom()`, `task.setAssignee(attendant)`
  const [, verb, rest] = /^(get|set)([A-Z]\w*)$/.exec(method) ?? [];
  const field = rest === undefined ? undefined : rest.charAt(0).toLowerCase() + rest.slice(1);
  if (field === undefined || !draft.fields.get(field)?.type.target) return undefined;
  if (verb === 'get') return readField(m, state, self, field, frame);
  if (first) writeField(m, state, self, field, first, node);
  return one(state, self);
}

function isNew(state: State, value: Abs | undefined): boolean {
  return value?.kind === 'obj' && state.obj(value).fresh && !state.obj(value).draft;
}

/** A property of an options object. */
function given(state: State, options: Abs | undefined, name: string): Abs | undefined {
  if (options?.kind !== 'obj') return undefined;
  const obj = state.obj(options);
  return obj.fresh || obj.closed ? obj.fields.get(name) : undefined;
}

function make(m: Machine, node: ts.CallExpression, draft: TypeDraft, values: Abs | undefined, state: State): Result[] {
  const known = values?.kind === 'obj' ? state.obj(values).draft : undefined;
  if (values && known && m.table.unionOf(known) === m.table.unionOf(draft)) return one(state, values);
  const items = values?.kind === 'obj' ? state.obj(values).items : undefined;
  for (const item of items ?? []) make(m, node, draft, item, state);
  const fields = values?.kind === 'obj' ? state.obj(values).fields : new Map<string, Abs>();
  const ref = makeObject(m, state, { fresh: true, draft, fields: new Map(fields), node });
  if (!items) created(m, state, ref, node);
  return one(state, ref);
}

/** What is changed to, and where: `update(values, { where })`, `update({ where, data })`, `updateOne(filter, { $set })`. */
function patchOf(state: State, args: readonly Abs[], method: string): { patch: Abs; where?: Abs } | undefined {
  const [first, second] = args;
  const data = given(state, first, 'data');
  const where = given(state, first, 'where');
  if (data) return { patch: data, ...(where && { where }) };
  const secondWhere = given(state, second, 'where');
  if (first && secondWhere) return { patch: first, where: secondWhere };
  if (!second || method === 'set') return first && { patch: first };
  const set = given(state, second, '$set');
  return { patch: set ?? second };
}

/** The record that a key or a filter is about: one that is known, else any, as far as the filter admits. */
function select(m: Machine, node: ts.CallExpression, draft: TypeDraft, filter: Abs | undefined, state: State): Ref {
  const target = recordFor(m, state, draft, filter, node);
  restrict(m, state, target, draft, filter, node);
  return target;
}

function change(m: Machine, target: Ref, values: Abs | undefined, node: ts.CallExpression, state: State): Result[] {
  if (values?.kind !== 'obj') return one(state, target);
  const obj = state.obj(values);
  const set = obj.fields.get('$set');
  for (const [name, value] of set?.kind === 'obj' ? state.obj(set).fields : obj.fields)
    if (!name.startsWith('@') && !name.startsWith('$')) writeField(m, state, target, name, value, node);
  return one(state, target);
}
