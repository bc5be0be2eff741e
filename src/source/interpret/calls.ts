// Calls: run in place where the function is the program's own, else what its type says, callbacks run once.
import ts from 'typescript';
import { isUnknown } from '../domains.ts';
import { bare } from '../expressions.ts';
import { isFunctionNode, type FunctionNode } from '../functions.ts';
import { borrowedCall, boundCall } from './borrowing.ts';
import { builtInCall } from './builtIns.ts';
import { callCollection } from './collections.ts';
import { extendsFrom } from './conditions.ts';
import { construct } from './construct.ts';
import { announceCall } from './emit.ts';
import { isRunning } from './execute.ts';
import { isWorthRunning } from './worth.ts';
import { lookedUp, LOOKING } from './looking.ts';
import { DEEPEST_CALL, evalAll, one, then, type Machine, type Result } from './machine.ts';
import { heirsOf, memberOf } from './members.ts';
import { symbolic, symbolicOf } from './objects.ts';
import { recordCall } from './records.ts';
import { fewest } from './paths.ts';
import { removeFrom } from './removal.ts';
import { selfFor } from './selves.ts';
import type { State } from './state.ts';
import { constant, identityOf, isNothing, undefinedConst, type Abs, type Fn, type Frame } from './values.ts';

/** An interface with more implementations is a framework's. */
const MOST_IMPLEMENTATIONS = 8;

/** Paths on which a callback of a library ends that are told apart by what comes after. */
const MOST_CALLED_BACK = 4;

export function evaluateCall(m: Machine, node: ts.CallExpression, state: State, frame: Frame): Result[] {
  const callee = bare(node.expression);
  if (callee.kind === ts.SyntaxKind.SuperKeyword) return callSuper(m, node, state, frame);
  const receivers: { state: State; value: Abs | undefined }[] = ts.isPropertyAccessExpression(callee)
    ? callee.expression.kind === ts.SyntaxKind.SuperKeyword
      ? [{ state, value: selfIn(frame) ?? undefinedConst }]
      : m.eval(callee.expression, state, frame)
    : [{ state, value: undefined }];
  return receivers.flatMap((receiver) =>
    evalAll(
      m,
      node.arguments.map((a) => (ts.isSpreadElement(a) ? a.expression : a)),
      receiver.state,
      frame,
    ).flatMap((path) => {
      const args = spreadArguments(path.state, node, path.values);
      return dispatch(m, node, callee, receiver.value, args, path.state, frame).map((r) =>
        lookedUp(m, node, args, typed(m, node, r)),
      );
    }),
  );
}

function selfIn(frame: Frame): Abs | undefined {
  for (let current: Frame | undefined = frame; current; current = current.outer) if (current.self) return current.self;
  return undefined;
}

function spreadArguments(state: State, node: ts.CallExpression, values: readonly Abs[]): Abs[] {
  return values.flatMap((value, i) => {
    const isSpread = ts.isSpreadElement(node.arguments[i] as ts.Expression);
    return isSpread && value.kind === 'obj' ? (state.obj(value).items ?? [value]) : [value];
  });
}

/** What came back through a type parameter is of the type that this call gives it. */
function typed(m: Machine, node: ts.CallExpression, result: Result): Result {
  const { state, value } = result;
  if (
    value.kind === 'obj' &&
    !state.obj(value).draft &&
    !state.obj(value).items &&
    !state.obj(value).closed &&
    !state.obj(value).entries
  ) {
    const draft = m.inference.typeOf(node);
    if (draft) state.update(value, { draft, type: m.checker.getNonNullableType(m.checker.getTypeAtLocation(node)) });
  } else if (value.kind === 'obj') {
    narrow(m, node, state, value);
  } else if (value.kind === 'sym' && value.domain === undefined && !value.from) {
    // The same unknown, given a type at two calls, is one object.
    const name = `@as ${value.id}`;
    const better = state.vars.get(name) ?? symbolicOf(m, state, node);
    if (better.kind === 'obj' || (better.kind === 'sym' && better.domain)) {
      state.setVar(name, better);
      return { state, value: better };
    }
  }
  return result;
}

/** A keeper of whatever extends a base gives what this call's type says, which extends it. */
function narrow(m: Machine, node: ts.CallExpression, state: State, ref: Extract<Abs, { kind: 'obj' }>): void {
  const base = state.obj(ref).draft;
  if (base?.form !== 'class') return;
  const draft = m.table.of(m.checker.getTypeAtLocation(node));
  if (draft && draft !== base && extendsFrom(m, draft, base)) state.update(ref, { draft });
}

function dispatch(
  m: Machine,
  node: ts.CallExpression,
  callee: ts.Expression,
  receiver: Abs | undefined,
  args: readonly Abs[],
  state: State,
  frame: Frame,
): Result[] {
  const method = ts.isPropertyAccessExpression(callee) ? callee.name.text : undefined;
  const onArguments = borrowedCall(m, node, callee, args, state, frame);
  if (onArguments) return onArguments;
  // What an asynchronous function without a value gives is still a promise.
  if (receiver && isNothing(receiver) && !(method !== undefined && /^(?:then|catch|finally)$/.test(method))) {
    const isOptional = ts.isPropertyAccessExpression(callee) && callee.questionDotToken !== undefined;
    return isOptional ? one(state, undefinedConst) : [];
  }
  announceCall(m, state, node, args);
  const builtIn = builtInCall(m, node, callee, receiver, method, args, state, frame);
  if (builtIn) return builtIn;
  if (receiver && method !== undefined) {
    const ofRecords = recordCall(m, node, receiver, method, args, state, frame);
    if (ofRecords) return ofRecords;
    const inCollection = callCollection(m, state, receiver, method, args, node, frame);
    if (inCollection) return inCollection;
    const bound = boundCall(m, receiver, method, args, state, frame);
    if (bound) return bound;
    if (receiver.kind === 'obj') {
      const held = state.obj(receiver).fields.get(method);
      if (held?.kind === 'fn') return callFn(m, held, args, state, frame, receiver);
      const own = implementations(m, state, receiver, method);
      if (own.length > 0) return own.flatMap((target) => target(m, args, state.fork(), frame, node));
    }
  } else if (!receiver) {
    const values = m.eval(callee, state, frame);
    if (values.some((v) => v.value.kind === 'fn'))
      return values.flatMap((v) =>
        v.value.kind === 'fn'
          ? callFn(m, v.value, args, v.state, frame, undefined)
          : one(v.state, symbolicOf(m, v.state, node)),
      );
  }
  const targets = m.flow.targetsOf(node);
  if (targets.length === 1 || (targets.length > 1 && receiver?.kind !== 'obj')) {
    const given = receiver && receiver.kind !== 'class' ? receiver : undefined;
    return targets.flatMap((fn) =>
      run(
        m,
        fn,
        given?.kind === 'obj' ? given : (selfFor(m, fn, state) ?? given),
        args,
        targets.length > 1 ? state.fork() : state,
        frame,
        undefined,
        node,
      ),
    );
  }
  return unknownCall(m, node, receiver, method, args, state, frame);
}

type Target = (m: Machine, args: readonly Abs[], state: State, frame: Frame, node: ts.CallExpression) => Result[];

/** The method of the object's class; of an abstract one, those of all classes that stand for it, each on a path of its own. */
function implementations(m: Machine, state: State, receiver: Extract<Abs, { kind: 'obj' }>, method: string): Target[] {
  const obj = state.obj(receiver);
  const own = memberOf(m, obj, method);
  const { draft } = obj;
  const heirs = draft && !obj.fresh ? heirsOf(m, draft) : [];
  if (own && (heirs.length === 0 || heirs.length > MOST_IMPLEMENTATIONS))
    return [(mm, args, s, frame, node) => run(mm, own, receiver, args, s, frame, undefined, node)];
  return heirs.slice(0, MOST_IMPLEMENTATIONS).flatMap((heir): Target[] => {
    const fn = memberOf(m, { ...obj, draft: heir }, method);
    if (!fn) return [];
    return [
      (mm, args, s, frame, node) => {
        s.update(receiver, { draft: heir });
        return run(mm, fn, receiver, args, s, frame, undefined, node);
      },
    ];
  });
}

export function callFn(
  m: Machine,
  fn: Fn,
  args: readonly Abs[],
  state: State,
  frame: Frame,
  receiver: Abs | undefined,
): Result[] {
  const self = fn.self ?? (ts.isArrowFunction(fn.node) ? undefined : receiver);
  return run(m, fn.node, self, args, state, frame, fn.frame, undefined);
}

function run(
  m: Machine,
  fn: FunctionNode,
  self: Abs | undefined,
  args: readonly Abs[],
  state: State,
  frame: Frame,
  outer: Frame | undefined,
  node: ts.CallExpression | undefined,
): Result[] {
  if (!isWorthRunning(m, fn, self, args, state, node) || m.evolvers.has(fn))
    return one(state, node ? symbolicOf(m, state, node) : { kind: 'sym', id: m.fresh() });
  if (frame.depth >= DEEPEST_CALL || isRunning(fn, frame))
    return one(state, node ? symbolicOf(m, state, node) : { kind: 'sym', id: m.fresh() });
  return m.invoke({ fn, self, args, state, caller: frame, ...(outer && { outer }) });
}

function callSuper(m: Machine, node: ts.CallExpression, state: State, frame: Frame): Result[] {
  return evalAll(m, node.arguments, state, frame).flatMap(({ state: after, values }) =>
    superConstructor(m, values, after, frame),
  );
}

function superConstructor(m: Machine, args: readonly Abs[], state: State, frame: Frame): Result[] {
  const self = selfIn(frame);
  const owner = ts.findAncestor(frame.node, ts.isClassLike);
  if (!owner || self?.kind !== 'obj') return one(state, undefinedConst);
  return construct.base(m, owner, self, args, state, frame);
}

export function evaluateNew(m: Machine, node: ts.NewExpression, state: State, frame: Frame): Result[] {
  return then(m.eval(node.expression, state, frame), (start, callee) =>
    evalAll(m, node.arguments ?? [], start, frame).flatMap(({ state: after, values }) =>
      construct.instance(m, node, callee, values, after, frame),
    ),
  );
}

/** A function that cannot be looked into: its callbacks may run, its result is of its type. */
function unknownCall(
  m: Machine,
  node: ts.CallExpression,
  receiver: Abs | undefined,
  method: string | undefined,
  args: readonly Abs[],
  state: State,
  frame: Frame,
): Result[] {
  let paths: State[] = [state];
  for (const arg of args) {
    if (arg.kind !== 'fn' || !isFunctionNode(arg.node) || !m.relevant.has(arg.node)) continue;
    const callback = arg;
    paths = paths.flatMap((path) => {
      const [first] = args;
      // `produce(order, (draft) => {...})`: the callback works on the first argument.
      const given = first?.kind === 'obj' ? [first] : [];
      const results = callFn(m, callback, given, path.fork(), frame, undefined).map((r) => r.state);
      const changed = results.filter((s) => s.trace !== path.trace);
      return changed.length > 0 ? [...fewest(m, changed, MOST_CALLED_BACK), path] : [path];
    });
  }
  return paths.flatMap((path) => {
    if (method !== undefined && receiver && (LOOKING.test(method) || !isUnknown(m.checker.getTypeAtLocation(node)))) {
      const isLook = LOOKING.test(method);
      const name = `@call ${identityOf(receiver)}.${method}(${args.map(identityOf).join()})`;
      const known = isLook ? path.vars.get(name) : undefined;
      if (known) return one(path, known);
      const value = symbolic(m, path, m.checker.getTypeAtLocation(node), m.inference.typeOf(node));
      if (isLook) path.setVar(name, value);
      const [key] = args;
      if (isLook && value.kind === 'obj' && key && key.kind !== 'fn' && path.obj(value).draft)
        path.update(value, { key });
      return one(path, value);
    }
    return one(path, symbolicOf(m, path, node));
  });
}

export function evaluateDelete(m: Machine, node: ts.DeleteExpression, state: State, frame: Frame): Result[] {
  const target = bare(node.expression);
  if (!ts.isElementAccessExpression(target)) return one(state, constant(true));
  return then(m.eval(target.expression, state, frame), (a, container) =>
    then(m.eval(target.argumentExpression, a, frame), (b, key) => {
      if (container.kind === 'obj') removeFrom(m, b, container, key, node, frame);
      return one(b, constant(true));
    }),
  );
}
