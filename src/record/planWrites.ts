// Writes of single properties: what is edited and what then is told. Every operand is evaluated once and in its order. Pure.
import ts from 'typescript';
import { watchWrite } from './breakpointForms.ts';
import { isFreshLocal, isInPattern, isPlainReceiver, keyOf, nameNode, propertyOf, type Access } from './forms.ts';
import { PROBE } from './plan.ts';
import type { Close, Planning } from './planning.ts';
import { isDistinct, tailOf } from './tails.ts';
import { plainWrite, replaceKey } from './writeForms.ts';

export function assignment(p: Planning, node: ts.BinaryExpression): Close {
  const target = node.left;
  if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target)) return undefined;
  if (target.expression.kind === ts.SyntaxKind.SuperKeyword) return undefined;
  const property = propertyOf(target);
  if (property === undefined) return keyed(p, node, target as ts.ElementAccessExpression);
  if (!p.states.has(property)) return undefined;
  const place = p.places.of(target, property, [node, nameNode(target), node.right]);
  if (place === 'other') return undefined;
  // What a constructor assigns is read when it is done.
  if (place.phase === 'initial') return undefined;
  const phase = isFreshLocal(target.expression) && place.phase === 'change' ? 'initial' : place.phase;
  const id = p.site('write', node, place.entities, phase, property);
  p.watch(watchWrite(id, node, target));
  const operator = node.operatorToken;
  const tail = tailOf(node);
  if (tail) return tailWrite(p, node, target, id, tail);
  if (property.startsWith('#') && !isPlainReceiver(target.expression)) return privateWrite(p, node, id);
  if (isPlainReceiver(target.expression)) return plainWrite(p.edits, node, target, id, property);
  if (operator.kind !== ts.SyntaxKind.EqualsToken) {
    p.refuse(node, `\`${operator.getText()}\` on the result of an expression`);
    return undefined;
  }
  return wholeWrite(p, node, target, id);
}

/** `e => e.status = v` becomes `e => e.status = probe.a(1, e).v = v`: nothing is put after it. Other forms are watched. */
function tailWrite(p: Planning, node: ts.BinaryExpression, target: Access, id: number, tail: ts.ArrowFunction): Close {
  const before = propertyOf(target)?.startsWith('#') === true ? `,${target.getText()}` : '';
  const put = `${PROBE}.a(${id},${target.expression.getText()}${before}).v=`;
  const from = node.right.getStart();
  const isPlain = isPlainReceiver(target.expression) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if (!isPlain || !isDistinct(put, tail, from)) p.edits.isMuted = true;
  p.edits.open(from, put);
  return undefined;
}

/** `f().status = v` becomes `probe.s(1, f(), "status", v)`, where the probe assigns. */
function wholeWrite(p: Planning, node: ts.BinaryExpression, target: Access, id: number): () => void {
  p.edits.open(node.getStart(), `${PROBE}.${p.isStrict(node) ? 's' : 'z'}(${id},`);
  replaceKey(p.edits, target, node.right.getStart());
  return () => p.edits.close(node.right.end, ')');
}

function privateWrite(p: Planning, node: ts.BinaryExpression, id: number): Close {
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) {
    p.refuse(node, 'a compound assignment to a private member of the result of an expression');
    return undefined;
  }
  const target = node.left as ts.PropertyAccessExpression;
  const name = target.name.text;
  p.edits.open(node.getStart(), `${PROBE}.p(${id},`);
  p.edits.replace(target.expression.end, node.right.getStart(), `,(o)=>o.${name},(o,v)=>o.${name}=v,`);
  return () => p.edits.close(node.right.end, ')');
}

/** A key that is known when the program runs: recorded where it then is a state attribute's. */
function keyed(p: Planning, node: ts.BinaryExpression, target: ts.ElementAccessExpression): Close {
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  if (!keyOf(target.argumentExpression) || !p.isOwn(node)) return undefined;
  const id = p.site('keyed', node, [], p.places.isHydration(node) ? 'hydrate' : 'change');
  p.watch(watchWrite(id, node, target));
  if (tailOf(node)) p.edits.isMuted = true;
  return wholeWrite(p, node, target, id);
}

export function step(p: Planning, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): Close {
  const { operand, operator } = node;
  if (operator !== ts.SyntaxKind.PlusPlusToken && operator !== ts.SyntaxKind.MinusMinusToken) return undefined;
  if (!ts.isPropertyAccessExpression(operand)) return undefined;
  const property = operand.name.text;
  if (!p.states.has(property)) return undefined;
  const place = p.places.of(operand, property, [node, operand.name]);
  if (place === 'other') return undefined;
  if (property.startsWith('#')) {
    p.refuse(node, 'a step of a private member');
    return undefined;
  }
  const id = p.site('write', node, place.entities, place.phase, property);
  p.watch(watchWrite(id, node, operand));
  if (tailOf(node)) p.edits.isMuted = true;
  const by = operator === ts.SyntaxKind.PlusPlusToken ? 1 : -1;
  const isPrefix = ts.isPrefixUnaryExpression(node);
  const call = `${PROBE}.${p.isStrict(node) ? 'u' : 'v'}(${id},`;
  if (isPrefix) p.edits.replace(node.getStart(), operand.getStart(), call);
  else p.edits.open(node.getStart(), call);
  p.edits.replace(operand.expression.end, node.end, `,${JSON.stringify(property)},${by},${isPrefix})`);
  return undefined;
}

/** `({ status: a.status } = x)`: the target becomes a setter that assigns and tells. */
export function target(p: Planning, node: Access): Close {
  if (!isInPattern(node)) return undefined;
  const property = propertyOf(node);
  if (property === undefined || !p.states.has(property)) return undefined;
  const place = p.places.of(node, property, [node, nameNode(node)]);
  if (place === 'other') return undefined;
  if (property.startsWith('#')) {
    p.refuse(node, 'destructuring into a private member');
    return undefined;
  }
  const id = p.site('write', node, place.entities, place.phase, property);
  p.watch(watchWrite(id, node, node));
  p.edits.open(node.getStart(), `${PROBE}.t(${id},`);
  p.edits.replace(node.expression.end, node.end, `,${JSON.stringify(property)},${p.isStrict(node)}).v`);
  return undefined;
}
