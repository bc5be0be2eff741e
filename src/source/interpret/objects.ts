// Objects that exist before the program is looked at, their fields as types state them, and what reading and writing a field means.
import { bare } from '../expressions.ts';
import ts from 'typescript';
import { domainOf, isUnknown } from '../domains.ts';
import {
  isFunctionNode,
  isHydrating,
  isInHydration,
  madeBeside,
  nameOfFunction,
  type FunctionNode,
} from '../functions.ts';
import { statedValue } from '../stateClasses.ts';
import type { FieldDraft, TypeDraft } from '../typeTable.ts';
import { noteValue } from './links.ts';
import { memberOf } from './members.ts';
import { one, type Machine, type Result } from './machine.ts';
import type { Obj, State } from './state.ts';
import type { Before } from './trace.ts';
import {
  constant,
  isUndefined,
  undefinedConst,
  type Abs,
  type Const,
  type Frame,
  type Ref,
  type Sym,
} from './values.ts';

export function makeObject(m: Machine, state: State, obj: Partial<Obj> & { fresh: boolean }): Ref {
  const id = m.fresh();
  state.put({ fields: new Map(), ...obj, id });
  return { kind: 'obj', id };
}

/** A value of which nothing but its type is known. */
export function symbolic(m: Machine, state: State, type: ts.Type | undefined, draft?: TypeDraft): Abs {
  const solid = type && m.checker.getNonNullableType(type);
  if (solid) {
    const domain = domainOf(solid);
    if (domain) {
      const only = domain.length === 1 && solid === type ? domain[0] : undefined;
      if (only) return constant(only.value);
      return { kind: 'sym', id: m.fresh(), domain: domain.map((d) => constant(d.value)), full: true, type: solid };
    }
  }
  const found = draft ?? (solid && m.table.of(solid));
  const isObject =
    solid && (solid.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection | ts.TypeFlags.Union)) !== 0;
  if (found || (isObject && !isUnknown(solid)))
    return makeObject(m, state, {
      fresh: false,
      ...(found && { draft: found }),
      ...(solid && !isUnknown(solid) && { type: solid }),
    });
  return { kind: 'sym', id: m.fresh(), ...(solid && { type: solid }) };
}

/** What an expression gives when it cannot be followed: a value of its type. */
export function symbolicOf(m: Machine, state: State, node: ts.Expression): Abs {
  const type = m.checker.getTypeAtLocation(node);
  const draft = isUnknown(type) || m.table.of(type) === undefined ? m.inference.typeOf(node) : undefined;
  return holding(m, state, symbolic(m, state, type, draft), node);
}

/** A container remembers what it holds from where it is named: further on it is but a parameter. */
export function holding(m: Machine, state: State, value: Abs, node: ts.Expression): Abs {
  if (value.kind === 'obj' && !state.obj(value).draft && !state.obj(value).element) {
    const element = m.inference.elementOf(node);
    if (element) state.update(value, { element });
  }
  return value;
}

export function fieldOf(draft: TypeDraft | undefined, name: string): FieldDraft | undefined {
  return draft?.fields.get(name);
}

function isDefinedGetter(fn: FunctionNode): boolean {
  const property = ts.isMethodDeclaration(fn) ? fn : fn.parent;
  const literal = property.parent as ts.Node | undefined;
  const call = literal?.parent;
  return (
    call !== undefined &&
    ts.isCallExpression(call) &&
    /^(?:Object|Reflect)\.defineProperty$/.test(call.expression.getText())
  );
}

export function readField(
  m: Machine,
  state: State,
  ref: Ref,
  name: string,
  frame: Frame,
  site?: ts.Expression,
): Result[] {
  const obj = state.obj(ref);
  const known = obj.fields.get(name);
  if (known) return one(state, known);
  const getter = memberOf(m, obj, name);
  if (getter && (ts.isGetAccessor(getter) || isDefinedGetter(getter)) && getter.body)
    return m.invoke({ fn: getter, self: ref, args: [], state, caller: frame });
  if (getter) return one(state, { kind: 'fn', node: getter, frame, self: ref });
  if (obj.closed) return one(state, undefinedConst);
  const value = initialValue(m, state, ref, name, site);
  state.setField(ref, name, value);
  return one(state, value);
}

function initialValue(m: Machine, state: State, ref: Ref, name: string, site: ts.Expression | undefined): Abs {
  const obj = state.obj(ref);
  const field = fieldOf(obj.draft, name);
  const declared = obj.type && propertyType(m.checker, obj.type, name);
  const siteType = site && m.checker.getTypeAtLocation(site);
  const type = declared && !isUnknown(declared) ? declared : siteType && !isUnknown(siteType) ? siteType : undefined;
  const target =
    field?.type.kind === 'reference' && !field.type.tag ? m.table.drafts.get(field.type.target ?? '') : undefined;
  const draft = target ?? (site && !type ? m.inference.typeOf(site) : undefined);
  const made = symbolic(m, state, type, draft);
  const value = site ? holding(m, state, made, site) : made;
  if (value.kind === 'obj' && !state.obj(value).draft) state.update(value, { heldBy: { obj: ref.id, field: name } });
  const from = { obj: ref.id, field: name };
  const tells = canTell(m, obj, name) ? ({ tells: true } as const) : {};
  if (value.kind === 'sym') {
    const domain = value.domain ?? field?.type.domain?.map((d) => constant(d.value));
    const all = field?.type.domain?.length ?? domain?.length ?? 0;
    const full = domain !== undefined && domain.length >= all;
    const tagged = field?.type.tag !== undefined;
    return { ...value, ...(domain && !tagged && { domain, full }), from, ...tells } satisfies Sym;
  }
  // What untyped code was first given is not all that it can hold.
  if (value.kind === 'const' && field && !field.type.domain) return { kind: 'sym', id: m.fresh(), from, ...tells };
  if (value.kind === 'const' && field?.type.domain && field.type.domain.length > 1)
    return { kind: 'sym', id: m.fresh(), domain: [value], from, ...tells };
  return value;
}

/** Whether knowing a field's value can be knowing a state. */
function canTell(m: Machine, obj: Obj, name: string): boolean {
  return m.subjects.canChange(obj.draft, name);
}

/** The instantiated type of a property, private ones too. */
export function propertyType(checker: ts.TypeChecker, type: ts.Type, name: string): ts.Type | undefined {
  const parts = type.isUnion() ? type.types : [type];
  for (const part of parts) {
    const property = name.startsWith('#')
      ? checker.getPropertiesOfType(part).find((p) => p.name.endsWith(`@${name}`))
      : checker.getPropertyOfType(type.isUnion() ? type : part, name);
    if (property) return checker.getTypeOfSymbol(property);
  }
  return undefined;
}

/** The state that a field is in, as far as a path knows. */
export function beforeOf(state: State, ref: Ref, name: string): Before {
  const obj = state.obj(ref);
  const value = obj.fields.get(name);
  if (!value) return { any: true, not: [] };
  const values = statesOf(state, value, fieldOf(obj.draft, name));
  if (!values) return { any: true, not: state.excludedFrom(value) };
  return state.isRestricted(value) ? { in: values } : { any: true, not: [] };
}

/** Values as states: constants as they are, an object held as state by its tag or its class. */
export function statesOf(state: State, value: Abs, field: FieldDraft | undefined): readonly Const[] | undefined {
  if (value.kind !== 'obj') return state.valuesOf(value);
  const obj = state.obj(value);
  const tag = field?.type.tag;
  if (tag === 'constructor') {
    const isOne = field?.type.domain?.some((d) => d.value === obj.draft?.name);
    return obj.draft && isOne ? [constant(obj.draft.name, obj.node)] : undefined;
  }
  const tagged = tag === undefined ? undefined : obj.fields.get(tag);
  // The state is written out where the object that stands for it is made.
  if (tagged) return state.valuesOf(tagged)?.map((value) => constant(value.value, obj.node ?? value.origin));
  const stated = tag === undefined ? undefined : statedValue(obj.draft?.fields.get(tag));
  return stated === undefined ? undefined : [constant(stated, obj.node)];
}

export function writeField(m: Machine, state: State, ref: Ref, name: string, value: Abs, node: ts.Node): void {
  const obj = state.obj(ref);
  const field = fieldOf(obj.draft, name);
  const isSilent =
    obj.building === true || ((isInHydration(node) || isHydratingNow(m)) && (obj.hydrated === true || obj.fresh));
  const isFirst = obj.fresh && !obj.building && !obj.fields.has(name) && madeBeside(node) === obj.node;
  if (obj.draft && field && !field.derived && !isSilent && isFirst && obj.node) {
    const fields = new Map([[name, statesOf(state, value, field)]]);
    state.log(m, { kind: 'create', obj: ref.id, draft: obj.draft, fields, node });
  } else if (obj.draft && field && !field.derived && !isSilent) {
    state.log(m, {
      kind: 'write',
      obj: ref.id,
      draft: obj.draft,
      field: name,
      before: beforeOf(state, ref, name),
      after: statesOf(state, value, field),
      node,
      ...(m.applying !== undefined && { event: m.applying }),
    });
  }
  state.setField(ref, name, value);
  hold(m, state, ref, name, value);
}

/** Notes what a field holds; a collection learns whose it is. */
export function hold(m: Machine, state: State, ref: Ref, name: string, value: Abs): void {
  const { draft } = state.obj(ref);
  if (!draft) return;
  noteValue(m, state, draft, name, value);
  if (value.kind === 'obj' && !state.obj(value).draft) state.update(value, { heldBy: { obj: ref.id, field: name } });
}

/** What a library gives a field, where that is written out. */
function initialOf(m: Machine, state: State, initial: NonNullable<FieldDraft['initial']>): Abs | undefined {
  if ('value' in initial) return constant(initial.value);
  const given = bare(initial);
  const node = ts.isArrowFunction(given) && !ts.isBlock(given.body) ? bare(given.body) : given;
  if (ts.isCallExpression(node) || isFunctionNode(node)) return undefined;
  const [first] = m.eval(node, state, { id: 0, node: node.getSourceFile(), depth: 0 });
  // Given where the thing is made, not where it is declared.
  return first?.state === state && first.value.kind === 'const' ? constant(first.value.value) : undefined;
}

/** Something that builds things from what was stored is running. */
function isHydratingNow(m: Machine): boolean {
  for (let run = m.within; run; run = run.outer) if (isHydrating(nameOfFunction(run.fn as FunctionNode))) return true;
  return false;
}

/** A new thing is complete: what its fields hold is what it begins with. */
export function created(m: Machine, state: State, ref: Ref, node: ts.Node): void {
  const obj = state.obj(ref);
  if (!obj.draft) return;
  if (isInHydration(node) || isHydratingNow(m)) {
    state.update(ref, { hydrated: true, building: false });
    return;
  }
  const fields = new Map<string, readonly Const[] | undefined>();
  for (const [name, value] of obj.fields) {
    const field = fieldOf(obj.draft, name);
    if (!field || field.derived) continue;
    fields.set(name, state.isRestricted(value) ? statesOf(state, value, field) : undefined);
  }
  for (const field of obj.draft.fields.values()) {
    const given = obj.fields.get(field.name);
    if (field.initial === undefined || field.derived || (given && !isUndefined(given))) continue;
    const value = initialOf(m, state, field.initial);
    if (!value) continue;
    fields.set(field.name, statesOf(state, value, field));
    state.setField(ref, field.name, value);
  }
  state.log(m, {
    kind: 'create',
    obj: ref.id,
    draft: obj.draft,
    fields,
    node,
    ...(m.applying !== undefined && { event: m.applying }),
  });
  state.update(ref, { building: false });
}
