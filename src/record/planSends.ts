// Events that the program sends by name: where it says them, and what is edited there so that the name which is really sent is known.
// Pure, knows syntax only.
import ts from 'typescript';
import { PROBE } from './plan.ts';
import type { Close, Planning } from './planning.ts';
import { isDistinct, tailOf, takesAssignment } from './tails.ts';

/** Methods that hardly mean anything else. */
const SAYING =
  /^(?:emit|emitAsync|publish|publishAll|publishAsync|dispatch|dispatchAll|raise|trigger|fire|broadcast|announce|recordThat|raiseEvent|recordEvent|publishEvent|emitEvent|addEvent|addDomainEvent)$/;
/** Methods that say an event where they are given one that is written out. */
const MAYBE = /^(?:send|sendEvent|record|apply|notify|signal|produce|append|enqueue|push|add)$/;
const KEEPING = /(?:^|[^a-z])(?:\w*events?|\w*Events?|outbox|facts)$/;
/** Answers to whoever asked, and streams. */
const ANSWERING = /(?:^|\.)#?(?:res|response|reply|socket|ws|stream|child|process|parentPort|logger|log|console)$/i;
const TAGS = /^(?:type|kind|name|event|eventType|eventName|_tag|tag|topic|subject)$/;

export function isSend(node: ts.CallExpression): boolean {
  const callee = node.expression;
  const [first] = node.arguments;
  if (!first || callee.kind === ts.SyntaxKind.SuperKeyword) return false;
  if (ts.isIdentifier(callee)) return SAYING.test(callee.text);
  if (!ts.isPropertyAccessExpression(callee) || callee.expression.kind === ts.SyntaxKind.SuperKeyword) return false;
  const { text } = callee.name;
  const method = text.replace(/^#/, '');
  const receiver = callee.expression.getText();
  if (ANSWERING.test(receiver)) return false;
  if (SAYING.test(method)) return true;
  if (!MAYBE.test(method) || !isWritten(first)) return false;
  return !/^(?:push|add|append|enqueue)$/.test(method) || KEEPING.test(receiver);
}

/** `new OrderPaid(id)`, `'order.paid'`, `{ type: 'paid' }`. */
function isWritten(given: ts.Expression): boolean {
  if (ts.isNewExpression(given)) return true;
  if (ts.isStringLiteralLike(given) || ts.isTemplateExpression(given)) return !/\s/.test(given.getText());
  return (
    ts.isObjectLiteralExpression(given) &&
    given.properties.some((each) => each.name !== undefined && TAGS.test(each.name.getText()))
  );
}

/** `bus.emit(name, order)` becomes `bus.emit(...probe.r(1, this, bus, name, order))`. */
export function sending(p: Planning, node: ts.CallExpression): Close {
  if (!isSend(node) || !p.isOwn(node)) return undefined;
  const [first] = node.arguments;
  const last = node.arguments.at(-1);
  if (!first || !last) return undefined;
  const tail = tailOf(node);
  const isAlone = first === last && takesAssignment(first) && !ts.isSpreadElement(first);
  const put = (id: number): string => `${PROBE}.R(${id},${speaker(node)},${receiverOf(node)}).v=`;
  // Any number of a site is as long as this one, or nearly.
  if (tail && !(isAlone && isDistinct(put(10_000), tail, first.getStart()))) return undefined;
  if (p.edits.isMuted) return undefined;
  const id = p.site('send', node, [], 'change', nameWritten(first));
  p.watch({ site: id, ways: [], why: 'an event that is sent is seen by an edit only', isHint: true });
  if (tail) {
    p.edits.open(first.getStart(), put(id));
    return undefined;
  }
  p.edits.open(first.getStart(), `...${PROBE}.r(${id},${speaker(node)},${receiverOf(node)},`);
  return () => p.edits.close(last.end, ')');
}

/** What the place itself says of the name. */
function nameWritten(given: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(given)) return given.text;
  if (ts.isNewExpression(given)) return ts.isIdentifier(given.expression) ? given.expression.text : undefined;
  if (!ts.isObjectLiteralExpression(given)) return undefined;
  for (const each of given.properties)
    if (ts.isPropertyAssignment(each) && TAGS.test(each.name.getText()) && ts.isStringLiteralLike(each.initializer))
      return each.initializer.text;
  return undefined;
}

/** The object in whose method it is said; a constructor of a derived class may not name it yet. */
function speaker(node: ts.Node): string {
  const around = ts.findAncestor(node.parent, (at) => ts.isFunctionLike(at) && !ts.isArrowFunction(at));
  if (!around || !around.parent || ts.isClassStaticBlockDeclaration(around)) return 'void 0';
  if (ts.isConstructorDeclaration(around)) return around.parent.heritageClauses ? 'void 0' : 'this';
  if (!ts.isMethodDeclaration(around) && !ts.isAccessor(around)) return 'void 0';
  const isStatic = ts.getModifiers(around)?.some((each) => each.kind === ts.SyntaxKind.StaticKeyword) === true;
  return isStatic ? 'void 0' : 'this';
}

function receiverOf({ expression }: ts.CallExpression): string {
  if (!ts.isPropertyAccessExpression(expression) || !ts.isIdentifier(expression.expression)) return 'void 0';
  return expression.expression.text;
}
