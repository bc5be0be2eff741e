// C of the code: which parameters of a request or of the environment say where, who and with what, and whether data is stamped by the clock.
import ts from 'typescript';
import type { Context, ContextParameter } from '../model/index.ts';
import { isDoer, NOBODY, TECHNICAL, TECHNICAL_ENV, WORDS, type Dimension } from './contextWords.ts';
import { bare, visitAll } from './expressions.ts';
import type { Flow } from './flow.ts';
import { isFunctionNode } from './functions.ts';
import type { Project } from './program.ts';
import { wordsOf } from './words.ts';

interface Read {
  readonly name: string;
  readonly from: 'request' | 'environment';
  readonly node: ts.Node;
}

export function collectContext(project: Project, flow: Flow): Context {
  const found: Record<Dimension, Map<string, ContextParameter>> = {
    space: new Map(),
    subject: new Map(),
    device: new Map(),
  };
  const reads: Read[] = [];
  let stamped = false;
  for (const file of project.files) {
    visitAll(file, (node) => {
      stamped ||= readsClock(node);
      const read = headerRead(project.checker, node) ?? environmentRead(node) ?? queryRead(node);
      if (read) reads.push(read);
      else reads.push(...readsThroughHelper(flow, node));
    });
  }
  const requested = new Set<string>();
  for (const read of reads) {
    const dimension = read.from === 'request' ? dimensionOf(read) : undefined;
    if (!dimension) continue;
    found[dimension].set(read.name, { name: read.name, from: read.from });
    for (const word of wordsOf(read.name)) requested.add(`${dimension} ${word}`);
  }
  for (const read of reads) {
    const dimension = read.from === 'environment' ? dimensionOf(read) : undefined;
    // the fallback, or the one permitted value, of what a request says
    if (!dimension || wordsOf(read.name).some((word) => requested.has(`${dimension} ${word}`)) || isFallback(read.node))
      continue;
    found[dimension].set(read.name, { name: read.name, from: read.from });
  }
  return {
    space: [...found.space.values()],
    time: stamped ? [{ name: 'clock', from: 'clock' }] : [],
    subject: [...found.subject.values()],
    device: [...found.device.values()],
  };
}

function dimensionOf(read: Read): Dimension | undefined {
  const fallback = fallbackOf(read.node);
  if (read.from === 'request' ? TECHNICAL.test(read.name) : isTechnical(read.name, fallback)) return undefined;
  const squeezed = read.name.toLowerCase().replace(/[^a-z]/g, '');
  if (squeezed === 'useragent') return 'device';
  const words = wordsOf(read.name);
  const said = byWords(words) ?? byWords(wordsOf(heldBy(read.node) ?? ''));
  if (said || read.from === 'environment') return said;
  if (!/^x-/i.test(read.name)) return undefined;
  if (isDoer(words.at(-1) ?? '') || (fallback !== undefined && NOBODY.test(fallback))) return 'subject';
  // A header of the program's own: a place has a place that it is without being said, who one is has not.
  const assumed = fallback ?? givenAlong(read.node);
  if (assumed === undefined) return undefined;
  return assumed === '' || NOBODY.test(assumed) ? 'subject' : A_PLACE.test(assumed) ? 'space' : undefined;
}

/** Words, and none that stand for a format, a switch or a language. */
const A_PLACE =
  /^(?!(?:json|xml|text|html|true|false|none|null|default|standard|normal|auto|en|utf-?8)$)[a-z][a-z -]{2,}$/i;

/** `header(name, 'main')` */
function givenAlong(node: ts.Node): string | undefined {
  const [, otherwise, ...more] = ts.isCallExpression(node) ? node.arguments : [];
  return otherwise && more.length === 0 && ts.isStringLiteralLike(otherwise) ? otherwise.text : undefined;
}

/** A variable of the runtime, unless it stands for the name of a place: `HOME_PORT = 'Rotterdam'`. */
function isTechnical(name: string, fallback: string | undefined): boolean {
  if (!TECHNICAL_ENV.test(name)) return false;
  const isPlace = fallback !== undefined && /^[A-Z][a-z]+(?:[ -][A-Z][a-z]+)*$/.test(fallback);
  return !(isPlace && WORDS.space.has(wordsOf(name).at(-1) ?? ''));
}

/** The text that stands in where nothing was read. */
function fallbackOf(node: ts.Node): string | undefined {
  if (ts.isBindingElement(node))
    return node.initializer && ts.isStringLiteralLike(node.initializer) ? node.initializer.text : undefined;
  let read = node;
  while (
    ts.isParenthesizedExpression(read.parent) ||
    ts.isAsExpression(read.parent) ||
    ts.isNonNullExpression(read.parent)
  )
    read = read.parent;
  const choice = read.parent;
  const isChoice =
    ts.isBinaryExpression(choice) &&
    choice.left === read &&
    /^(?:\?\?|\|\|)$/.test(ts.tokenToString(choice.operatorToken.kind) ?? '');
  return isChoice && ts.isStringLiteralLike(choice.right) ? choice.right.text : undefined;
}

/** `header(headers, 'x-clinician')` of a function that reads `headers[name]`. */
function readsThroughHelper(flow: Flow, node: ts.Node): Read[] {
  if (!ts.isElementAccessExpression(node) || !HEADERS.test(bare(node.expression).getText())) return [];
  const key = bare(node.argumentExpression);
  const inner =
    ts.isCallExpression(key) && ts.isPropertyAccessExpression(key.expression) ? key.expression.expression : key;
  const declaration = ts.isIdentifier(inner) ? flow.symbolOf(inner)?.valueDeclaration : undefined;
  if (!declaration || !ts.isParameter(declaration) || !isFunctionNode(declaration.parent)) return [];
  const index = declaration.parent.parameters.indexOf(declaration);
  return flow.callsOf(declaration.parent).flatMap((call): Read[] => {
    const argument = call.arguments?.[index];
    return argument && ts.isStringLiteralLike(argument)
      ? [{ name: argument.text.toLowerCase(), from: 'request', node: call }]
      : [];
  });
}

/** The last word that says something decides: `x-device-user` is a user. */
function byWords(words: readonly string[]): Dimension | undefined {
  for (const word of [...words].reverse()) {
    for (const dimension of ['space', 'subject', 'device'] as const) if (WORDS[dimension].has(word)) return dimension;
  }
  return undefined;
}

/** The variable or property a value read is given to. */
function heldBy(node: ts.Node): string | undefined {
  const holder = ts.findAncestor(
    node,
    (n) => ts.isVariableDeclaration(n) || ts.isPropertyAssignment(n) || ts.isBlock(n),
  );
  return holder && !ts.isBlock(holder)
    ? (holder as ts.VariableDeclaration | ts.PropertyAssignment).name.getText()
    : undefined;
}

const HEADERS = /(?:^|\.)(?:headers?|rawHeaders)$/i;

function headerRead(checker: ts.TypeChecker, node: ts.Node): Read | undefined {
  const read = (name: string | undefined): Read | undefined =>
    name === undefined ? undefined : { name: name.toLowerCase(), from: 'request', node };
  if (ts.isElementAccessExpression(node) && HEADERS.test(bare(node.expression).getText()))
    return isWritten(node) ? undefined : read(textOf(checker, node.argumentExpression));
  if (
    ts.isPropertyAccessExpression(node) &&
    HEADERS.test(bare(node.expression).getText()) &&
    !ts.isCallExpression(node.parent)
  )
    return isWritten(node) ? undefined : read(node.name.text);
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.arguments.length === 1) {
    const method = node.expression.name.text;
    const receiver = bare(node.expression.expression).getText();
    const isHeaders = HEADERS.test(receiver) && method === 'get';
    const isRequest = /(?:^|\.)(?:req|request|ctx|c)$/.test(receiver) && /^(?:header|get|getHeader)$/.test(method);
    if (isHeaders || isRequest) return read(textOf(checker, node.arguments[0] as ts.Expression));
  }
  // `place(@Headers('x-clerk') clerk: string)`
  if (
    ts.isDecorator(node) &&
    ts.isCallExpression(node.expression) &&
    /^Headers?$/.test(node.expression.expression.getText())
  ) {
    const [name] = node.expression.arguments;
    return read(name && ts.isStringLiteralLike(name) ? name.text : undefined);
  }
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
    const source = (node.parent.parent as Partial<ts.VariableDeclaration>).initializer;
    if (source && HEADERS.test(bare(source).getText())) {
      const name = node.propertyName ?? node.name;
      return read(ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined);
    }
  }
  return undefined;
}

function isWritten(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}

function textOf(checker: ts.TypeChecker, node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  const type = checker.getTypeAtLocation(node);
  return type.isStringLiteral() ? type.value : undefined;
}

const ENVIRONMENT = /^(?:process\.env|Deno\.env|import\.meta\.env|env)$/;

function environmentRead(node: ts.Node): Read | undefined {
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
    const source = (node.parent.parent as Partial<ts.VariableDeclaration>).initializer;
    const name = node.propertyName ?? node.name;
    return source && ENVIRONMENT.test(bare(source).getText()) && ts.isIdentifier(name)
      ? { name: name.text, from: 'environment', node }
      : undefined;
  }
  const owner = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ? node.expression : undefined;
  if (!owner || !ENVIRONMENT.test(bare(owner).getText())) return undefined;
  const name = ts.isPropertyAccessExpression(node)
    ? node.name.text
    : ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)
      ? node.argumentExpression.text
      : undefined;
  return name === undefined ? undefined : { name, from: 'environment', node };
}

/** `?tenant=`, and parameters of a route, where they are nothing but a context's word. */
function queryRead(node: ts.Node): Read | undefined {
  if (!ts.isCallExpression(node) || !/searchParams\.get$/.test(node.expression.getText())) return undefined;
  const argument = node.arguments[0];
  const name = argument && ts.isStringLiteralLike(argument) ? argument.text : undefined;
  const isContext =
    name !== undefined && ['tenant', 'region', 'site', 'branch', 'user', 'actor', 'device', 'client'].includes(name);
  return isContext ? { name, from: 'request', node } : undefined;
}

/** Right of `??` or `||` whose left reads a request. */
function isFallback(node: ts.Node): boolean {
  const choice = ts.findAncestor(node, (n): n is ts.BinaryExpression => ts.isBinaryExpression(n));
  return choice !== undefined && choice.right.pos <= node.pos && /headers/i.test(choice.left.getText());
}

function readsClock(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0;
  if (!ts.isCallExpression(node)) return false;
  const callee = node.expression.getText();
  return /^(?:Date\.now|Temporal\.Now\.\w+|moment|dayjs|DateTime\.(?:now|utc|local))$|(?:^|\.|#|_)clock(?:\.now)?$/.test(
    callee,
  );
}
