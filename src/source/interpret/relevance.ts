// Which functions are worth running: those in which something is made, changed, removed or said, and all that lead to them.
import ts from 'typescript';
import type { Flow } from '../flow.ts';
import { isFunctionNode, type FunctionNode } from '../functions.ts';
import type { Project } from '../program.ts';
import type { TypeTable } from '../typeTable.ts';
import { accessedName, isAssignment } from '../writes.ts';

export function findRelevant(project: Project, table: TypeTable, flow: Flow): Set<FunctionNode> {
  const names = stateNames(table);
  const relevant = new Set<FunctionNode>();
  const queue: FunctionNode[] = [];
  const mark = (fn: FunctionNode | undefined): void => {
    let current = fn;
    // What is inside a function is reached through it.
    while (current && !relevant.has(current)) {
      relevant.add(current);
      queue.push(current);
      current = ts.findAncestor(current.parent, isFunctionNode) as FunctionNode | undefined;
    }
  };
  const visit = (node: ts.Node, owner: FunctionNode | undefined): void => {
    const inner = isFunctionNode(node) ? node : owner;
    if (isOfInterest(node, names)) mark(inner);
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  for (const file of project.files) visit(file, undefined);
  for (let fn = queue.pop(); fn; fn = queue.pop()) {
    for (const call of flow.callsOf(fn)) mark(ts.findAncestor(call, isFunctionNode) as FunctionNode | undefined);
  }
  return relevant;
}

/** Names of fields that can be states: of finite domain, or of no stated type. */
function stateNames(table: TypeTable): Set<string> {
  const names = new Set<string>();
  for (const draft of table.drafts.values()) {
    for (const field of draft.fields.values()) {
      const { kind, domain } = field.type;
      if (
        domain ||
        kind === 'unknown' ||
        (kind === 'string' && field.writes.some((w) => w.phase === 'change')) ||
        kind === 'reference'
      )
        names.add(field.name);
    }
  }
  return names;
}

function isOfInterest(node: ts.Node, names: ReadonlySet<string>): boolean {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
    const name = accessedName(node.left);
    return name !== undefined && names.has(name);
  }
  if (ts.isDeleteExpression(node)) return true;
  if (ts.isNewExpression(node))
    return !/^(?:Map|Set|Date|Promise|Error|\w*Error|RegExp|Array|URL)$/.test(node.expression.getText());
  if (ts.isCallExpression(node) && isLookUp(node)) return true;
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression))
    return /^(?:delete|emit|publish|splice)$/.test(node.expression.name.text);
  return (
    ts.isObjectLiteralExpression(node) &&
    node.properties.some((p) => p.name !== undefined && names.has(p.name.getText()))
  );
}

/** `vets.get(visit.seenBy)`: says whose id a field holds. */
function isLookUp(node: ts.CallExpression): boolean {
  const callee = node.expression;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
  return /^(?:get|find|load|by)/i.test(name) && node.arguments.some(ts.isPropertyAccessExpression);
}
