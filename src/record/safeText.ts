// An expression of the program as text that can be evaluated once more without doing anything: names, members, literals, arithmetic,
// conditions, and methods that the probe first finds to be the language's own. Pure.
// Exact but for accessors: `a.b` is taken for a plain property.
import ts from 'typescript';
import { PROBE } from './plan.ts';

/** Whether the text is evaluated before the expression itself is, or after: `++n` then stands for another number. */
export type When = 'before' | 'after';

const ARITHMETIC = new Set([
  ts.SyntaxKind.ExclamationToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.TildeToken,
]);

/** @returns undefined: evaluating it again could change something or give something else */
export function safeText(node: ts.Expression, when: When): string | undefined {
  const again = (each: ts.Expression): string | undefined => safeText(each, when);
  if (ts.isIdentifier(node) || ts.isLiteralExpression(node) || node.kind === ts.SyntaxKind.ThisKeyword)
    return textOf(node);
  if (
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.NullKeyword
  )
    return textOf(node);
  if (ts.isParenthesizedExpression(node)) return joined`(${again(node.expression)})`;
  if (ts.isPropertyAccessExpression(node)) {
    if (node.expression.kind === ts.SyntaxKind.SuperKeyword) return undefined;
    return joined`${again(node.expression)}${node.questionDotToken ? '?.' : '.'}${node.name.text}`;
  }
  if (ts.isElementAccessExpression(node)) {
    if (node.expression.kind === ts.SyntaxKind.SuperKeyword) return undefined;
    return joined`${again(node.expression)}${node.questionDotToken ? '?.' : ''}[${again(node.argumentExpression)}]`;
  }
  if (ts.isConditionalExpression(node))
    return joined`(${again(node.condition)}?${again(node.whenTrue)}:${again(node.whenFalse)})`;
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    if (kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment) return undefined;
    if (kind === ts.SyntaxKind.CommaToken) return undefined;
    return joined`(${again(node.left)} ${node.operatorToken.getText()} ${again(node.right)})`;
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return unary(node, when);
  if (ts.isTypeOfExpression(node)) return joined`(typeof ${again(node.expression)})`;
  if (ts.isVoidExpression(node)) return joined`(void ${again(node.expression)})`;
  if (ts.isTemplateExpression(node)) return template(node, again);
  if (ts.isArrayLiteralExpression(node)) return listOf('[', node.elements, ']', again);
  if (ts.isSpreadElement(node)) return joined`...${again(node.expression)}`;
  if (ts.isObjectLiteralExpression(node)) return literalText(node, when, new Set());
  if (ts.isArrowFunction(node)) return arrow(node, again);
  if (ts.isCallExpression(node)) return call(node, again);
  return undefined;
}

/**
 * An object literal without those of its properties that cannot be evaluated again.
 * @param needed properties without which it is of no use
 */
export function literalText(
  node: ts.ObjectLiteralExpression,
  when: When,
  needed: ReadonlySet<string>,
): string | undefined {
  const parts: string[] = [];
  for (const each of node.properties) {
    if (ts.isSpreadAssignment(each)) {
      const source = safeText(each.expression, when);
      if (source === undefined) return undefined;
      parts.push(`...${source}`);
    } else if (ts.isShorthandPropertyAssignment(each)) parts.push(each.name.text);
    else if (ts.isPropertyAssignment(each) && !ts.isComputedPropertyName(each.name)) {
      const value = safeText(each.initializer, when);
      const name = each.name.getText();
      if (value !== undefined) parts.push(`${name}:${value}`);
      else if (needed.has(name.replace(/^(['"])(.*)\1$/, '$2'))) return undefined;
    }
  }
  return `({${parts.join()}})`;
}

function textOf(node: ts.Expression): string {
  return node.getText();
}

function joined(strings: TemplateStringsArray, ...parts: readonly (string | undefined)[]): string | undefined {
  let out = strings[0] ?? '';
  for (const [n, part] of parts.entries()) {
    if (part === undefined) return undefined;
    out += part + (strings[n + 1] ?? '');
  }
  return out;
}

function unary(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, when: When): string | undefined {
  const operand = safeText(node.operand, when);
  if (ARITHMETIC.has(node.operator))
    return joined`(${node.operator === ts.SyntaxKind.ExclamationToken ? '!' : sign(node)}${operand})`;
  const by = node.operator === ts.SyntaxKind.PlusPlusToken ? '+1' : '-1';
  const back = by === '+1' ? '-1' : '+1';
  if (ts.isPrefixUnaryExpression(node)) return when === 'before' ? joined`(${operand}${by})` : operand;
  return when === 'before' ? operand : joined`(${operand}${back})`;
}

function sign(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): string {
  if (node.operator === ts.SyntaxKind.MinusToken) return '-';
  return node.operator === ts.SyntaxKind.PlusToken ? '+' : '~';
}

function template(node: ts.TemplateExpression, again: (each: ts.Expression) => string | undefined): string | undefined {
  let out = node.head.getText();
  for (const span of node.templateSpans) {
    const value = again(span.expression);
    if (value === undefined) return undefined;
    out += value + span.literal.getText();
  }
  return out;
}

function listOf(
  open: string,
  nodes: readonly ts.Expression[],
  end: string,
  again: (each: ts.Expression) => string | undefined,
): string | undefined {
  const texts = nodes.map((each) => (ts.isOmittedExpression(each) ? '' : again(each)));
  return texts.includes(undefined) ? undefined : open + texts.join() + end;
}

function arrow(node: ts.ArrowFunction, again: (each: ts.Expression) => string | undefined): string | undefined {
  if (ts.isBlock(node.body) || node.modifiers) return undefined;
  if (node.parameters.some((each) => each.initializer)) return undefined;
  return joined`(${node.parameters.map((each) => each.getText()).join()})=>(${again(node.body)})`;
}

/** Names of methods of the language that change nothing; whether it is that method is seen when it is called. */
const HARMLESS = new Set([
  ...[
    'at',
    'charAt',
    'charCodeAt',
    'codePointAt',
    'concat',
    'endsWith',
    'includes',
    'indexOf',
    'lastIndexOf',
    'padEnd',
  ],
  ...[
    'padStart',
    'repeat',
    'slice',
    'split',
    'startsWith',
    'substring',
    'toLowerCase',
    'toString',
    'toUpperCase',
    'trim',
  ],
  ...['trimEnd', 'trimStart', 'valueOf', 'toFixed', 'toPrecision', 'every', 'filter', 'find', 'findIndex', 'findLast'],
  ...[
    'flat',
    'flatMap',
    'join',
    'map',
    'reduce',
    'some',
    'get',
    'has',
    'entries',
    'fromEntries',
    'keys',
    'values',
    'freeze',
  ],
  ...Object.getOwnPropertyNames(Date.prototype).filter((name) => /^(?:get|to[A-Z])/.test(name)),
  ...Object.getOwnPropertyNames(Math).filter((name) => name !== 'random'),
]);

/** A method is asked for by name and called only where it is one of the language's that changes nothing. */
function call(node: ts.CallExpression, again: (each: ts.Expression) => string | undefined): string | undefined {
  const callee = node.expression;
  const given = listOf('', node.arguments, '', again);
  if (given === undefined || node.questionDotToken) return undefined;
  const rest = given === '' ? '' : `,${given}`;
  if (ts.isIdentifier(callee) && /^(?:String|Number|Boolean|BigInt)$/.test(callee.text))
    return `${callee.text}(${given})`;
  if (!ts.isPropertyAccessExpression(callee) || callee.questionDotToken || callee.name.text.startsWith('#'))
    return undefined;
  if (!HARMLESS.has(callee.name.text)) return undefined;
  const receiver = again(callee.expression);
  return receiver === undefined ? undefined : `${PROBE}.q(${receiver},${JSON.stringify(callee.name.text)}${rest})`;
}
