// Things whose states are variables that the functions of a factory share: `let sealed = false; ... return { seal() { sealed = true } }`.
// No object has them, so what is told is told of an object that the probe keeps for each key. Pure, knows syntax only.
import ts from 'typescript';
import { assignsTo } from './forms.ts';
import { PROBE } from './plan.ts';
import type { Close, Planning } from './planning.ts';
import { tailOf } from './tails.ts';

const UNWATCHED = 'a variable that functions share is seen by an edit only';

/** `sealed = true` becomes `sealed = probe.V(1, true, sealed, { no })`. */
export function shared(p: Planning, node: ts.BinaryExpression): Close {
  const { left, right, operatorToken } = node;
  if (!ts.isIdentifier(left) || operatorToken.kind !== ts.SyntaxKind.EqualsToken || !p.states.has(left.text))
    return undefined;
  const found = ownerOf(p, node, left);
  if (!found) return undefined;
  const { factory, entity, phase } = found;
  const keys = p.nomination.entities[entity]?.identity ?? [];
  const declared = declaredIn(factory);
  if (phase === 'initial' || keys.length === 0 || !keys.every((key) => declared.has(key))) return undefined;
  const id = p.site('write', node, [entity], phase, left.text);
  p.watch({ site: id, ways: [], why: UNWATCHED });
  if (tailOf(node)) p.edits.isMuted = true;
  p.edits.open(right.getStart(), `${PROBE}.V(${id},`);
  return () => p.edits.close(right.end, `,${left.text},{${keys.join()}})`);
}

/** What the factory gives: `return { seal }` becomes `return probe.W(1, { seal }, { no, sealed })`. */
export function sharing(p: Planning, node: ts.ObjectLiteralExpression): Close {
  const factory = ts.findAncestor(node, ts.isFunctionLike);
  if (!factory || !isResult(node, factory) || tailOf(node)) return undefined;
  const declared = declaredIn(factory);
  const entity = entityIn(p, factory, declared);
  const watched = entity === undefined ? undefined : p.nomination.entities[entity];
  if (entity === undefined || !watched?.identity.every((key) => declared.has(key))) return undefined;
  const names = new Set(
    [...watched.identity, ...watched.states, ...watched.properties].filter((name) => declared.has(name)),
  );
  const id = p.site('create', node, [entity], p.places.isHydration(node) ? 'hydrate' : 'initial');
  p.watch({ site: id, ways: [], why: UNWATCHED });
  p.edits.open(node.getStart(), `${PROBE}.W(${id},`);
  return () => p.edits.close(node.end, `,{${[...names].join()}})`);
}

interface Owner {
  readonly factory: ts.SignatureDeclaration;
  readonly entity: number;
  readonly phase: 'initial' | 'change' | 'hydrate';
}

/** The function that declares the variable, where the source says whose state it is. */
function ownerOf(p: Planning, node: ts.BinaryExpression, name: ts.Identifier): Owner | undefined {
  const place = p.places.of(name, name.text, [node, name, node.right]);
  const [entity, other] = place === 'other' ? [] : place.entities;
  if (place === 'other' || !place.nominated || entity === undefined || other !== undefined) return undefined;
  for (let at = ts.findAncestor(node.parent, ts.isFunctionLike); at; at = ts.findAncestor(at.parent, ts.isFunctionLike))
    if (declaredIn(at).has(name.text)) return { factory: at, entity, phase: place.phase };
  return undefined;
}

/** Whose states the functions within write. */
function entityIn(p: Planning, factory: ts.SignatureDeclaration, declared: ReadonlySet<string>): number | undefined {
  if (![...declared].some((name) => p.states.has(name))) return undefined;
  let found: number | undefined;
  const look = (node: ts.Node): void => {
    if (found !== undefined) return;
    if (ts.isBinaryExpression(node) && assignsTo(node) && ts.isIdentifier(node.left) && p.states.has(node.left.text)) {
      const owner = ownerOf(p, node, node.left);
      if (owner?.factory === factory) found = owner.entity;
    }
    ts.forEachChild(node, look);
  };
  look(factory);
  return found;
}

function isResult(node: ts.Node, factory: ts.Node): boolean {
  let at = node.parent;
  while (ts.isParenthesizedExpression(at) || ts.isAsExpression(at) || isFreeze(at)) at = at.parent;
  return ts.isReturnStatement(at) && ts.findAncestor(at, ts.isFunctionLike) === factory;
}

function isFreeze(node: ts.Node): boolean {
  return ts.isCallExpression(node) && /^Object\.(?:freeze|seal)$/.test(node.expression.getText());
}

/** Names of parameters and of variables that stand in its body. */
function declaredIn(factory: ts.SignatureDeclaration): Set<string> {
  const names = new Set<string>();
  const add = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const each of name.elements) if (ts.isBindingElement(each)) add(each.name);
  };
  for (const parameter of factory.parameters) add(parameter.name);
  const { body } = factory as { readonly body?: ts.Node };
  if (body && ts.isBlock(body))
    for (const statement of body.statements)
      if (ts.isVariableStatement(statement)) for (const each of statement.declarationList.declarations) add(each.name);
  return names;
}
