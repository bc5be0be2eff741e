// What holds after a condition: each outcome as the paths on which it is so, with what the values then can be.
import ts from 'typescript';
import { bare } from '../expressions.ts';
import type { TypeDraft } from '../typeTable.ts';
import { type Machine, type Outcome } from './machine.ts';
import type { State } from './state.ts';
import { isNothing, sameConst, type Abs, type Const, type Frame } from './values.ts';

const EQUAL = new Set([ts.SyntaxKind.EqualsEqualsToken, ts.SyntaxKind.EqualsEqualsEqualsToken]);
const UNEQUAL = new Set([ts.SyntaxKind.ExclamationEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken]);
const ORDER = new Set([
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);

export function testCondition(m: Machine, given: ts.Expression, state: State, frame: Frame): Outcome {
  const node = bare(given);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const { yes, no } = m.test(node.operand, state, frame);
    return { yes: no, no: yes };
  }
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return both(m, node, state, frame);
    if (kind === ts.SyntaxKind.BarBarToken) return either(m, node, state, frame);
    if (EQUAL.has(kind)) return compare(m, node, state, frame);
    if (UNEQUAL.has(kind)) {
      const { yes, no } = compare(m, node, state, frame);
      return { yes: no, no: yes };
    }
    if (ORDER.has(kind)) return order(m, node, state, frame);
    if (kind === ts.SyntaxKind.InstanceOfKeyword) return instance(m, node, state, frame);
  }
  const out: Outcome = { yes: [], no: [] };
  for (const { state: after, value } of m.eval(node, state, frame)) {
    const other = after.fork();
    if (after.assumeTruth(value, true)) out.yes.push(after);
    if (other.assumeTruth(value, false)) out.no.push(other);
  }
  return out;
}

function both(m: Machine, node: ts.BinaryExpression, state: State, frame: Frame): Outcome {
  const left = m.test(node.left, state, frame);
  const out: Outcome = { yes: [], no: [...left.no] };
  for (const path of left.yes) {
    const right = m.test(node.right, path, frame);
    out.yes.push(...right.yes);
    out.no.push(...right.no);
  }
  return out;
}

function either(m: Machine, node: ts.BinaryExpression, state: State, frame: Frame): Outcome {
  const left = m.test(node.left, state, frame);
  const out: Outcome = { yes: [...left.yes], no: [] };
  for (const path of left.no) {
    const right = m.test(node.right, path, frame);
    out.yes.push(...right.yes);
    out.no.push(...right.no);
  }
  return out;
}

function compare(m: Machine, node: ts.BinaryExpression, state: State, frame: Frame): Outcome {
  const out: Outcome = { yes: [], no: [] };
  for (const left of m.eval(node.left, state, frame)) {
    for (const right of m.eval(node.right, left.state, frame)) {
      const { yes, no } = testEqual(right.state, left.value, right.value);
      out.yes.push(...yes);
      out.no.push(...no);
    }
  }
  return out;
}

/** `state` is used up: it, and a fork of it, are the outcome. */
export function testEqual(state: State, a: Abs, b: Abs): Outcome {
  const [left, right] = [state.valuesOf(a), state.valuesOf(b)];
  const no = state.fork();
  if (a.kind === 'sym' && b.kind === 'sym' && a.id === b.id) return { yes: [state], no: [] };
  if (a.kind === 'obj' && b.kind === 'obj') {
    if (a.id === b.id) return { yes: [state], no: [] };
    const different = state.obj(a).fresh !== state.obj(b).fresh;
    return { yes: different ? [] : [state], no: [no] };
  }
  // `constructor === Open`
  if (a.kind === 'class' && b.kind === 'class')
    return a.draft === b.draft ? { yes: [state], no: [] } : { yes: [], no: [no] };
  const possible = (right ? state.assumeIn(a, right) : true) && (left ? state.assumeIn(b, left) : true);
  const excludable =
    (single(right) ? no.assumeNotIn(a, right) : true) && (single(left) ? no.assumeNotIn(b, left) : true);
  const freshlyNothing = (x: Abs, y: Abs): boolean => isNothing(x) && y.kind === 'obj' && state.obj(y).fresh;
  const yes = possible && !freshlyNothing(a, b) && !freshlyNothing(b, a) ? [state] : [];
  return { yes, no: excludable ? [no] : [] };
}

function single(values: readonly Const[] | undefined): values is readonly [Const] {
  return values?.length === 1;
}

function order(m: Machine, node: ts.BinaryExpression, state: State, frame: Frame): Outcome {
  const out: Outcome = { yes: [], no: [] };
  for (const left of m.eval(node.left, state, frame)) {
    for (const right of m.eval(node.right, left.state, frame)) {
      const [a, b] = [left.value, right.value];
      if (a.kind === 'const' && b.kind === 'const' && typeof a.value === 'number' && typeof b.value === 'number') {
        (holds(node.operatorToken.kind, a.value, b.value) ? out.yes : out.no).push(right.state);
        continue;
      }
      orderBySide(node.operatorToken.kind, right.state, a, b, out);
    }
  }
  return out;
}

/** A numeric state against a number: the values on either side. */
function orderBySide(kind: ts.SyntaxKind, state: State, a: Abs, b: Abs, out: Outcome): void {
  const other = state.fork();
  const values = state.valuesOf(a);
  if (values && b.kind === 'const' && typeof b.value === 'number') {
    const limit = b.value;
    const fit = values.filter((v) => typeof v.value === 'number' && holds(kind, v.value, limit));
    if (fit.length > 0 && state.assumeIn(a, fit)) out.yes.push(state);
    if (fit.length < values.length && other.assumeNotIn(a, fit)) out.no.push(other);
    return;
  }
  out.yes.push(state);
  out.no.push(other);
}

function holds(kind: ts.SyntaxKind, a: number, b: number): boolean {
  if (kind === ts.SyntaxKind.LessThanToken) return a < b;
  if (kind === ts.SyntaxKind.LessThanEqualsToken) return a <= b;
  return kind === ts.SyntaxKind.GreaterThanToken ? a > b : a >= b;
}

function instance(m: Machine, node: ts.BinaryExpression, state: State, frame: Frame): Outcome {
  const out: Outcome = { yes: [], no: [] };
  const wanted = m.table.bySymbol(m.flow.symbolOf(bare(node.right)));
  for (const { state: after, value } of m.eval(node.left, state, frame)) {
    const draft = value.kind === 'obj' ? after.obj(value).draft : undefined;
    if (!wanted || !draft || value.kind !== 'obj') {
      out.no.push(after.fork());
      out.yes.push(after);
    } else if (extendsFrom(m, draft, wanted)) {
      out.yes.push(after);
    } else if (extendsFrom(m, wanted, draft) && !after.obj(value).fresh) {
      out.no.push(after.fork());
      after.update(value, { draft: wanted });
      out.yes.push(after);
    } else out.no.push(after);
  }
  return out;
}

export function extendsFrom(m: Machine, draft: TypeDraft, base: TypeDraft, depth = 0): boolean {
  if (draft === base || m.table.unionOf(draft) === base) return true;
  if (depth > 6) return false;
  return [...draft.bases].some((key) => {
    const next = m.table.drafts.get(key);
    return next !== undefined && extendsFrom(m, next, base, depth + 1);
  });
}

/** A list's or set's contents against a value: in it, or not. */
export function testMember(state: State, items: readonly Abs[], value: Abs): Outcome {
  const consts = items.filter((item): item is Const => item.kind === 'const');
  if (consts.length < items.length) return { yes: [state], no: [state.fork()] };
  const no = state.fork();
  const yes = consts.length > 0 && state.assumeIn(value, consts) ? [state] : [];
  return { yes, no: no.assumeNotIn(value, consts) ? [no] : [] };
}

export function onlyConst(values: readonly Const[] | undefined): Const | undefined {
  const [first] = values ?? [];
  return first && values?.every((v) => sameConst(v, first)) ? first : undefined;
}
