// Which functions are worth running. Roots: those in which a thing that can have states is made, changed or removed, or looked up by
// what another holds, and all that lead to them. Followed when called: also those that say events.
import ts from 'typescript';
import type { Flow } from '../flow.ts';
import { isFunctionNode, type FunctionNode } from '../functions.ts';
import type { Project } from '../program.ts';
import { accessedName, isAssignment, isObjectAssign } from '../writes.ts';
import { findSubjects, type Subjects } from './subjects.ts';
import type { TypeDraft, TypeTable } from '../typeTable.ts';
import type { Inference } from '../inference.ts';

export interface Relevance {
  /** Functions that are run where they are called. */
  readonly followed: ReadonlySet<FunctionNode>;
  /** Functions that are run by themselves. */
  readonly roots: ReadonlySet<FunctionNode>;
  readonly subjects: Subjects;
}

/** Programs of so many functions are run whole. */
const WHOLE = 1_500;

export function findRelevant(project: Project, table: TypeTable, flow: Flow, inference: Inference): Relevance {
  const subjects = findSubjects(table, flow);
  if (flow.functions.length <= WHOLE) {
    const all = new Set(flow.functions);
    // There any field may turn out to hold states: untyped code does not say which.
    return { subjects: { ...subjects, canChange: () => true }, roots: all, followed: all };
  }
  const roots = new Set<FunctionNode>();
  const followed = new Set<FunctionNode>();
  const visit = (node: ts.Node, owner: FunctionNode | undefined): void => {
    const inner = isFunctionNode(node) ? node : owner;
    if (inner && !roots.has(inner)) {
      if (isOfInterest(node, subjects, inference, flow, table)) roots.add(inner);
      else if (isSaying(node, flow, table)) followed.add(inner);
    }
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  for (const file of project.files) visit(file, undefined);
  const all = leadingTo(flow, roots);
  return { subjects, roots: all, followed: leadingTo(flow, new Set([...followed, ...all])) };
}

/** Calls upwards from where something happens; the guards of handlers further up are about other things. */
const HIGHEST_CALLER = 50;

/** These functions, those around them and those that call them. */
function leadingTo(flow: Flow, start: ReadonlySet<FunctionNode>): Set<FunctionNode> {
  const found = new Set<FunctionNode>();
  const mark = (fn: FunctionNode | undefined, next: FunctionNode[]): void => {
    let current = fn;
    // What is inside a function is reached through it.
    while (current && !found.has(current)) {
      found.add(current);
      next.push(current);
      current = ts.findAncestor(current.parent, isFunctionNode) as FunctionNode | undefined;
    }
  };
  let level: FunctionNode[] = [];
  for (const fn of start) mark(fn, level);
  for (let height = 0; height < HIGHEST_CALLER && level.length > 0; height += 1) {
    const next: FunctionNode[] = [];
    for (const fn of level) {
      for (const call of flow.callsOf(fn))
        mark(ts.findAncestor(call, isFunctionNode) as FunctionNode | undefined, next);
    }
    level = next;
  }
  return found;
}

function isOfInterest(node: ts.Node, subjects: Subjects, inference: Inference, flow: Flow, table: TypeTable): boolean {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
    if (empties(node)) return subjects.has(inference.elementOf(empties(node) as ts.Expression));
    const name = accessedName(node.left);
    if (name === undefined || !subjects.canChange(undefined, name)) return false;
    const owner = inference.typeOf((node.left as ts.PropertyAccessExpression).expression);
    return subjects.canChange(owner, name);
  }
  if (ts.isDeleteExpression(node))
    return ts.isElementAccessExpression(node.expression) && isKept(subjects, inference, node.expression.expression);
  if (ts.isNewExpression(node)) {
    const made = table.bySymbol(flow.symbolOf(node.expression));
    return made !== undefined && (subjects.has(made) || isEvent(table, made));
  }
  if (ts.isCallExpression(node)) {
    if (isObjectAssign(node) && node.arguments[0]) return subjects.has(inference.typeOf(node.arguments[0]));
    const callee = node.expression;
    if (!ts.isPropertyAccessExpression(callee)) return false;
    if (/^(?:pop|shift|clear)$/.test(callee.name.text)) return subjects.has(inference.elementOf(callee.expression));
    if (/^(?:delete|splice|remove)$/.test(callee.name.text)) return isKept(subjects, inference, callee.expression);
    return isLookUp(node, callee.name.text, subjects, inference);
  }
  if (!ts.isObjectLiteralExpression(node)) return false;
  const made = inference.typeOf(node);
  if (!made) return false;
  if (isEvent(table, made)) return true;
  return node.properties.some((p) => p.name !== undefined && subjects.canChange(made, p.name.getText()));
}

/** The collection that `list = list.filter(...)` or `list.length = 0` takes things out of. */
function empties({ left, right }: ts.BinaryExpression): ts.Expression | undefined {
  if (ts.isPropertyAccessExpression(left) && left.name.text === 'length') return left.expression;
  if (!ts.isCallExpression(right) || !ts.isPropertyAccessExpression(right.expression)) return undefined;
  const { name, expression } = right.expression;
  return name.text === 'filter' && expression.getText() === left.getText() ? left : undefined;
}

/** What an event does may be written elsewhere. */
function isEvent(table: TypeTable, draft: TypeDraft): boolean {
  return draft.roles.has('event') || table.unionOf(draft).roles.has('event');
}

/** Says an event, or keeps one to be said. */
function isSaying(node: ts.Node, flow: Flow, table: TypeTable): boolean {
  if (ts.isNewExpression(node)) {
    const made = table.bySymbol(flow.symbolOf(node.expression));
    return made !== undefined && isEvent(table, made);
  }
  if (!ts.isCallExpression(node)) return false;
  const callee = node.expression;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  if (name === 'push') return /(?:events?|changes|facts|outbox)\.push$/i.test(callee.getText());
  return /^(?:emit|publish|dispatch|raise|record|notify|apply|fire|announce|trigger|addDomainEvent)/.test(name);
}

function isKept(subjects: Subjects, inference: Inference, container: ts.Expression): boolean {
  const kept = inference.elementOf(container);
  return kept === undefined || subjects.has(kept);
}

/** `vets.get(visit.seenBy)`: says whose id a field holds. */
function isLookUp(call: ts.CallExpression, name: string, subjects: Subjects, inference: Inference): boolean {
  if (!/^(?:get|find|load|by)/i.test(name)) return false;
  return call.arguments.some((argument) => {
    if (!ts.isPropertyAccessExpression(argument)) return false;
    const owner = inference.typeOf(argument.expression);
    const found = inference.typeOf(call);
    // Untyped code does not say what either is: the run may.
    return (!owner || subjects.isThing(owner)) && (!found || subjects.isThing(found)) && (owner ?? found) !== undefined;
  });
}
