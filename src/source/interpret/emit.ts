// Events the program says: classes of events made, tagged literals of events written, names emitted. About which object, if that shows.
import ts from 'typescript';
import { plainName } from '../functions.ts';
import type { TypeDraft } from '../typeTable.ts';
import { identityRank } from '../words.ts';
import type { Machine } from './machine.ts';
import { beforeOf, makeObject } from './objects.ts';
import type { State } from './state.ts';
import type { Before } from './trace.ts';
import { has, identityOf, type Abs, type Ref } from './values.ts';
import { isVariableOf } from './variables.ts';

const TAGS = ['type', 'kind', 'name', 'event', 'eventType', 'eventName', '_tag', 'tag', '$type', 'topic'];
const SAYING =
  /^(?:emit|emitAsync|publish|publishAll|dispatch|notify|raise|trigger|record|recordThat|apply|append|track|announce|fire|broadcast|addDomainEvent|addEvent|recordEvent|raiseEvent|signal|produce|send|enqueue|push|say|log)$/;
const SAYING_BY_NAME =
  /^(?:emit|emitAsync|publish|dispatch|notify|raise|trigger|fire|broadcast|announce|signal|produce|record|send)$/;

/** `new OrderPaid(order.id)` */
export function announceClass(m: Machine, state: State, ref: Ref, args: readonly Abs[], node: ts.Node): void {
  const draft = state.obj(ref).draft;
  if (!draft?.roles.has('event') || draft.roles.has('error')) return;
  const own = [...args, ...state.obj(ref).fields.values()];
  say(m, state, [draft.name], own, node);
}

/** `{ type: 'OrderPaid', orderId }` where it is typed as an event, or handed to what says events. */
export function announceLiteral(
  m: Machine,
  state: State,
  ref: Ref,
  node: ts.ObjectLiteralExpression,
  draft: TypeDraft | undefined,
): void {
  const union = draft && m.table.unionOf(draft);
  const isEvent = draft?.roles.has('event') || union?.roles.has('event') || isHandedOn(node);
  const { fields } = state.obj(ref);
  if (!isEvent && (union || !isApplied(m, fields))) return;
  for (const tag of TAGS) {
    // `{ ...event, meta }` only copies what was said before.
    const value = isWritten(node, tag) ? fields.get(tag) : undefined;
    const names = value && state.valuesOf(value);
    const texts = names?.map((name) => name.value).filter((name) => typeof name === 'string');
    if (!texts || texts.length === 0) continue;
    say(
      m,
      state,
      texts,
      flat(
        state,
        [...fields.entries()].filter(([name]) => name !== tag).map(([, v]) => v),
      ),
      node,
    );
    return;
  }
}

function isWritten(node: ts.ObjectLiteralExpression, name: string): boolean {
  return node.properties.some((p) => p.name !== undefined && plainName(p.name) === name);
}

/** Its tag is one by which some function changes a state, though nothing else says that it is an event. */
function isApplied(m: Machine, fields: ReadonlyMap<string, Abs>): boolean {
  return TAGS.some((tag) => {
    const value = fields.get(tag);
    return value?.kind === 'const' && typeof value.value === 'string' && m.applications.has(value.value);
  });
}

function isHandedOn(node: ts.ObjectLiteralExpression): boolean {
  const call = ts.isCallExpression(node.parent) ? node.parent : undefined;
  if (!call || !ts.isPropertyAccessExpression(call.expression))
    return call !== undefined && SAYING_BY_NAME.test(call.expression.getText());
  const method = call.expression.name.text;
  const receiver = call.expression.expression.getText();
  return method === 'push' ? /events?$|changes$|facts$|outbox$/i.test(receiver) : SAYING.test(method);
}

/** `bus.emit('order.paid', order)`, `publish('order.paid', { orderId: order.id })` */
export function announceCall(m: Machine, state: State, call: ts.CallExpression, args: readonly Abs[]): void {
  const callee = call.expression;
  const method = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  if (!SAYING_BY_NAME.test(method)) return;
  const [first, ...rest] = args;
  const names = (first && state.valuesOf(first))?.map((name) => name.value).filter((name) => typeof name === 'string');
  if (!names || names.length === 0 || names.length > 12) return;
  // Text with blanks is a message for people.
  if (names.some((name) => /\s/.test(name))) return;
  say(m, state, names, flat(state, rest), call);
}

/** Values and the values one level inside literals. */
function flat(state: State, values: readonly Abs[]): Abs[] {
  return values.flatMap((value) => {
    if (value.kind !== 'obj') return [value];
    const obj = state.obj(value);
    return obj.draft && !obj.closed
      ? [value, ...(obj.fresh ? obj.fields.values() : [])]
      : [value, ...obj.fields.values()];
  });
}

function say(m: Machine, state: State, names: readonly string[], about: readonly Abs[], node: ts.Node): void {
  const named = subjectsOf(state, about);
  const subjects = named.length > 0 ? named : (receiverOf(m, state, node) ?? speaker(m, state));
  state.log(m, { kind: 'emit', names, subjects, node });
  for (const name of names) applyEvent(m, state, name, subjects, node);
}

/** `account.raise({ type: 'Opened' })`: handed to the thing itself. */
function receiverOf(m: Machine, state: State, node: ts.Node): number[] | undefined {
  const call = node.parent;
  const callee = ts.isCallExpression(call) ? call.expression : undefined;
  if (!callee || !ts.isPropertyAccessExpression(callee) || !ts.isIdentifier(callee.expression)) return undefined;
  const declaration = m.flow.symbolOf(callee.expression)?.valueDeclaration;
  if (!declaration) return undefined;
  for (const [key, value] of state.vars)
    if (isVariableOf(key, declaration) && value.kind === 'obj' && isThing(m, state, value.id)) return [value.id];
  return undefined;
}

function isThing(m: Machine, state: State, id: number): boolean {
  const draft = state.heap.get(id)?.draft;
  return draft !== undefined && draft.roles.size === 0 && m.subjects.has(draft);
}

/** Said of nobody by a method of a thing: of that thing. */
function speaker(m: Machine, state: State): number[] {
  for (let run = m.within; run; run = run.outer) {
    if (run.self !== undefined && isThing(m, state, run.self)) return [run.self];
  }
  return [];
}

/** The objects that values are, or are the identity of. */
function subjectsOf(state: State, about: readonly Abs[]): number[] {
  const found = new Set<number>();
  for (const value of about) {
    if (value.kind === 'obj') {
      const { draft } = state.obj(value);
      if (draft && !draft.roles.has('event')) found.add(value.id);
      continue;
    }
    if (value.kind === 'sym' && value.from) {
      const owner = state.heap.get(value.from.obj);
      const isIdentity = owner?.draft && identityRank(value.from.field, owner.draft.name) !== undefined;
      if (isIdentity) found.add(value.from.obj);
    }
    if (value.kind === 'const' && typeof value.value !== 'string' && typeof value.value !== 'number') continue;
    const text = identityOf(value);
    for (const obj of state.heap.values()) {
      if (!obj.draft || obj.draft.roles.has('event') || obj.draft.roles.has('command')) continue;
      if (obj.key && identityOf(obj.key) === text) found.add(obj.id);
      else if (obj.fresh && value.kind === 'sym') {
        for (const [name, held] of obj.fields) {
          if (identityOf(held) === text && (identityRank(name, obj.draft.name) ?? 99) <= 1) found.add(obj.id);
        }
      }
    }
  }
  return [...found];
}

/** The program decides here and applies elsewhere: the event's effect happens to its subject now. */
function applyEvent(m: Machine, state: State, name: string, subjects: readonly number[], node: ts.Node): void {
  if (m.applying !== undefined) return;
  const creations = new Map<string, Map<string, ReturnType<State['valuesOf']>>>();
  for (const effect of m.applications.get(name) ?? []) {
    const draft = m.table.drafts.get(effect.draftKey);
    if (!draft) continue;
    if (effect.creates) {
      const fields = creations.get(effect.draftKey) ?? new Map<string, ReturnType<State['valuesOf']>>();
      creations.set(effect.draftKey, fields.set(effect.field, effect.after));
      continue;
    }
    const subject = subjectOfDraft(m, state, draft, subjects);
    const before = subject ? both(beforeOf(state, subject, effect.field), effect.before) : effect.before;
    if ('in' in before && before.in.length === 0) continue;
    state.log(m, {
      kind: 'write',
      obj: subject?.id ?? -1,
      draft,
      field: effect.field,
      before,
      after: effect.after,
      node: effect.node,
      event: name,
    });
    if (subject && effect.after) {
      const [only] = effect.after;
      if (only && effect.after.length === 1) state.setField(subject, effect.field, only);
      else state.setField(subject, effect.field, { kind: 'sym', id: m.fresh(), domain: effect.after });
    }
  }
  for (const [key, fields] of creations) {
    const draft = m.table.drafts.get(key) as TypeDraft;
    const ref = makeObject(m, state, { fresh: true, draft });
    state.log(m, { kind: 'create', obj: ref.id, draft, fields, node, event: name });
  }
}

function subjectOfDraft(m: Machine, state: State, draft: TypeDraft, subjects: readonly number[]): Ref | undefined {
  const union = m.table.unionOf(draft);
  const isOne = (id: number): boolean => {
    const own = state.heap.get(id)?.draft;
    return own !== undefined && m.table.unionOf(own) === union;
  };
  const named = subjects.find(isOne);
  if (named !== undefined) return { kind: 'obj', id: named };
  const all = [...state.heap.keys()].filter(isOne);
  return all.length === 1 ? { kind: 'obj', id: all[0] as number } : undefined;
}

function both(a: Before, b: Before): Before {
  if ('in' in a && 'in' in b) return { in: a.in.filter((v) => has(b.in, v)) };
  if ('in' in a && 'any' in b) return { in: a.in.filter((v) => !has(b.not, v)) };
  if ('any' in a && 'in' in b) return { in: b.in.filter((v) => !has(a.not, v)) };
  return { any: true, not: [...('any' in a ? a.not : []), ...('any' in b ? b.not : [])] };
}
