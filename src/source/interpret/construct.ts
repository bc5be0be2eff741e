// Making instances: field initialisers and constructors along the bases, with the thing complete only at the end.
import ts from 'typescript';
import { bare } from '../expressions.ts';
import { isFunctionNode, plainName } from '../functions.ts';
import type { TypeDraft } from '../typeTable.ts';
import { callFn } from './calls.ts';
import { announceClass } from './emit.ts';
import { DEEPEST_CALL, one, type Machine, type Result } from './machine.ts';
import { created, makeObject, symbolicOf, writeField } from './objects.ts';
import type { State } from './state.ts';
import type { Abs, Frame, Ref } from './values.ts';

function instance(
  m: Machine,
  node: ts.NewExpression,
  callee: Abs,
  args: readonly Abs[],
  state: State,
  frame: Frame,
): Result[] {
  const draft = callee.kind === 'class' ? callee.draft : m.table.bySymbol(m.flow.symbolOf(bare(node.expression)));
  if (draft?.form === 'schema') return record(m, node, draft, args, state);
  if (!draft || draft.form !== 'class') return foreign(m, node, args, state, frame);
  const type = m.checker.getTypeAtLocation(node);
  const ref = makeObject(m, state, { fresh: true, building: true, draft, type, node });
  const results =
    frame.depth >= DEEPEST_CALL || draft.roles.has('error')
      ? one(state, ref)
      : build(m, draft.node, ref, args, state, frame, 0);
  return results.map(({ state: after }) => {
    created(m, after, ref, node);
    announceClass(m, after, ref, args, node);
    return { state: after, value: ref };
  });
}

/** `new Order({...})` of a model: the library fills in what is not given. */
function record(m: Machine, node: ts.NewExpression, draft: TypeDraft, args: readonly Abs[], state: State): Result[] {
  const [first] = args;
  const fields = first?.kind === 'obj' ? state.obj(first).fields : new Map<string, Abs>();
  const ref = makeObject(m, state, { fresh: true, draft, fields: new Map(fields), node });
  created(m, state, ref, node);
  return one(state, ref);
}

/** Runs what makes an instance of this class: bases first, then its own initialisers, then the written constructor. */
function build(
  m: Machine,
  node: ts.Node | undefined,
  self: Ref,
  args: readonly Abs[],
  state: State,
  frame: Frame,
  depth: number,
): Result[] {
  if (!node) return one(state, self);
  if (isFunctionNode(node)) return m.invoke({ fn: node, self, args, state, caller: frame });
  if (!ts.isClassLike(node) || depth > 6) return one(state, self);
  const written = node.members.find((x): x is ts.ConstructorDeclaration => ts.isConstructorDeclaration(x) && !!x.body);
  const hasBase = node.heritageClauses?.some((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword) ?? false;
  if (written && hasBase) return m.invoke({ fn: written, self, args, state, caller: frame });
  if (written)
    return initialise(m, node, self, state, frame).flatMap((r) =>
      m.invoke({ fn: written, self, args, state: r.state, caller: frame }),
    );
  return base(m, node, self, args, state, frame, depth);
}

/** What `super(...)` does, and then the class' own initialisers. */
function base(
  m: Machine,
  node: ts.ClassLikeDeclaration,
  self: Ref,
  args: readonly Abs[],
  state: State,
  frame: Frame,
  depth = 0,
): Result[] {
  const draft = m.table.bySymbol((node as ts.Node & { readonly symbol?: ts.Symbol }).symbol);
  const parent = [...(draft?.bases ?? [])]
    .map((key) => m.table.drafts.get(key))
    .find((d) => d?.form === 'class' && d !== draft);
  const started = parent ? build(m, parent.node, self, args, state, frame, depth + 1) : one(state, self);
  return started.flatMap((r) => initialise(m, node, self, r.state, frame));
}

function initialise(m: Machine, node: ts.ClassLikeDeclaration, self: Ref, state: State, frame: Frame): Result[] {
  const inner: Frame = { id: m.fresh(), node, self, depth: frame.depth + 1, caller: frame };
  let paths: Result[] = one(state, self);
  for (const member of node.members) {
    if (!ts.isPropertyDeclaration(member) || !member.initializer) continue;
    if (ts.getModifiers(member)?.some((x) => x.kind === ts.SyntaxKind.StaticKeyword)) continue;
    const name = ts.isPrivateIdentifier(member.name) ? member.name.text : plainName(member.name);
    if (name === undefined) continue;
    const { initializer } = member;
    paths = paths.flatMap((path) =>
      m.eval(initializer, path.state, inner).map((r) => {
        writeField(m, r.state, self, name, r.value, member);
        return { state: r.state, value: self };
      }),
    );
  }
  return paths;
}

/** The language's own classes and those of libraries. */
function foreign(m: Machine, node: ts.NewExpression, args: readonly Abs[], state: State, frame: Frame): Result[] {
  const name = node.expression.getText();
  const [first] = args;
  const type = m.checker.getTypeAtLocation(node);
  const items = first?.kind === 'obj' ? state.obj(first).items : undefined;
  if (name === 'Set') return one(state, makeObject(m, state, { fresh: true, type, ...(items && { items }) }));
  if (name === 'Map') {
    const pairs = items?.map((item) => (item.kind === 'obj' ? state.obj(item).items : undefined));
    const entries = pairs?.every((pair) => pair?.length === 2)
      ? pairs.map((pair) => [pair?.[0] as Abs, pair?.[1] as Abs] as const)
      : undefined;
    return one(state, makeObject(m, state, { fresh: true, type, ...(entries && { entries }) }));
  }
  if (name === 'Promise' && first?.kind === 'fn') {
    const after = callFn(m, first, [], state.fork(), frame, undefined).map((r) => r.state);
    return [...after, state].map((s) => ({ state: s, value: symbolicOf(m, s, node) }));
  }
  if (/^[\w$.]+$/.test(name) && /(?:Event|Created|Changed)$/.test(name))
    return one(state, makeObject(m, state, { fresh: true, type }));
  return one(state, symbolicOf(m, state, node));
}

export function ownClass(m: Machine, node: ts.Node): TypeDraft | undefined {
  const owner = ts.findAncestor(node, ts.isClassLike);
  return owner && m.table.bySymbol((owner as ts.Node & { readonly symbol?: ts.Symbol }).symbol);
}

export const construct = { instance, base };
