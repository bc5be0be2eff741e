// Objects made, replaced, merged and removed: what is edited and what then is told. Pure.
import ts from 'typescript';
import { watchAssign, watchMade, watchRemoval, watchValue } from './breakpointForms.ts';
import { enclosingClass, isInPattern, isOptional, namedProperties, privateFields, skipOut } from './forms.ts';
import { formerOf } from './formers.ts';
import { PROBE, type SiteKind } from './plan.ts';
import type { Close, Planning } from './planning.ts';
import { isStore, taking } from './planRemovals.ts';
import { isSave, saving } from './planSaves.ts';
import { isSend, sending } from './planSends.ts';
import { safeText } from './safeText.ts';
import { atCall } from './standing.ts';
import { isDistinct, tailOf, takesAssignment } from './tails.ts';

export function literal(p: Planning, node: ts.ObjectLiteralExpression): Close {
  if (isInPattern(node) || ts.isSpreadAssignment(skipOut(node))) return undefined;
  const named = namedProperties(node).filter(({ property }) => p.states.has(property));
  const spreads = node.properties.filter(ts.isSpreadAssignment);
  const places = named.map(({ property, each }) => p.places.of(each, property, [each]));
  const known = places.filter((place) => place !== 'other' && place.nominated);
  const byName = !p.nomination.hasCode || spreads.length > 0;
  const isNext = named.length === 0 && spreads.length > 0 && p.isOwn(node) && isAmongVersions(p, node);
  if (known.length === 0 && !isNext && !(byName && named.length > 0 && places.some((p) => p !== 'other')))
    return undefined;
  const all = known.flatMap((place) => (place === 'other' ? [] : place.entities));
  const phases = known.flatMap((place) => (place === 'other' ? [] : place.phase));
  const phase = phases.includes('hydrate') ? 'hydrate' : phases.includes('initial') ? 'initial' : 'change';
  const isVersion = known.length > 0 ? phase === 'change' : spreads.length > 0;
  const kind: SiteKind = isVersion ? 'version' : 'create';
  const id = p.site(
    kind,
    named[0]?.each ?? node,
    [...new Set(all)],
    known.length > 0 ? phase : isVersion ? 'change' : 'initial',
  );
  const concerned = [...new Set(all)];
  const former = formerOf(node, identityOf(p, concerned), p.states);
  const needed = new Set([...identityOf(p, concerned), ...named.map(({ property }) => property)]);
  p.watch(watchValue(id, node, former, needed));
  return told(p, node, id, former);
}

/** `{ ...order, note }` beside `{ ...order, status }`: a version too, though no state of it changes. */
function isAmongVersions(p: Planning, node: ts.Node): boolean {
  const around = ts.findAncestor(node, ts.isFunctionLike);
  const look = (each: ts.Node): boolean => {
    if (ts.isObjectLiteralExpression(each) && each.properties.some(ts.isSpreadAssignment))
      if (namedProperties(each).some(({ property }) => p.states.has(property))) return true;
    return ts.forEachChild(each, look) ?? false;
  };
  return around !== undefined && look(around);
}

/** The object is given to the probe on its way; where nothing may be put after it, by an assignment. */
function told(p: Planning, node: ts.Expression, id: number, former: string | undefined): Close {
  const rest = former === undefined ? '' : `,${former}`;
  const tail = tailOf(node);
  if (!tail) {
    p.edits.open(node.getStart(), `${PROBE}.n(${id},`);
    return () => p.edits.close(node.end, `${rest})`);
  }
  const put = `${PROBE}.b(${id}${rest}).v=`;
  if (!takesAssignment(node) || !isDistinct(put, tail, node.getStart())) p.edits.isMuted = true;
  p.edits.open(node.getStart(), put);
  return undefined;
}

export function construction(p: Planning, node: ts.NewExpression): Close {
  const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText();
  const place = p.places.of(node, undefined, [node]);
  if (place === 'other') return undefined;
  const isOwn = name === 'this' && p.names.has(enclosingClass(node)?.name?.text ?? '');
  if (!place.nominated && !p.names.has(name) && !isOwn) return undefined;
  const phase = p.places.isHydration(node) ? 'hydrate' : 'initial';
  const id = p.site('create', node, place.nominated ? place.entities : [], phase);
  p.watch(watchValue(id, node, undefined, new Set()));
  return told(p, node, id, undefined);
}

/** What is private can only be read within the class: at the end of its constructor. */
export function madeInside(p: Planning, node: ts.ConstructorDeclaration): Close {
  const { body, parent } = node;
  if (!body || !ts.isClassLike(parent)) return undefined;
  const watched = new Set(p.nomination.entities.flatMap((e) => [...e.states, ...e.identity, ...e.properties]));
  const wanted = privateFields(parent).filter((name) => watched.has(name));
  if (wanted.length === 0) return undefined;
  const id = p.site('private', node, [], 'initial');
  // No braces: V8 compares texts by tokens, and would take one of them for the end of the constructor.
  const pairs = wanted.map((name) => `${JSON.stringify(name)},this.${name}`).join();
  p.watch(watchMade(id, body, pairs));
  return () => p.edits.close(body.end - 1, `;${PROBE}.c(${id},this,${pairs});`);
}

export function call(p: Planning, node: ts.CallExpression): Close {
  const callee = node.expression;
  if (isSend(node)) return sending(p, node);
  if (!ts.isPropertyAccessExpression(callee) || callee.questionDotToken || node.questionDotToken) return undefined;
  if (callee.getText() === 'Object.assign') {
    if (node.arguments.length < 2 || !p.isOwn(node)) return undefined;
    const id = p.site('assign', node, [], p.places.isHydration(node) ? 'hydrate' : 'change');
    p.watch(watchAssign(id, node));
    p.edits.open(node.getStart(), `${PROBE}.g(${id},`);
    p.edits.close(callee.end, ')');
    return undefined;
  }
  if (isStoring(node, callee.name.text) && p.isOwn(node)) return stored(p, node);
  if (taking(p, node, callee)) return undefined;
  if (isSave(node)) return saving(p, node);
  const isRemoval = callee.name.text === 'delete' && node.arguments.length > 0;
  if (!isRemoval || callee.expression.kind === ts.SyntaxKind.SuperKeyword || isOptional(callee) || !p.isOwn(node))
    return undefined;
  const [first] = node.arguments;
  if (!first) return undefined;
  const id = p.site('remove', node, [], 'change');
  p.watch(watchRemoval(id, node, callee.expression, first));
  p.edits.open(node.getStart(), `${PROBE}.d(${id},`);
  p.edits.replace(callee.expression.end, first.getStart(), ',');
  return undefined;
}

export function deletion(p: Planning, node: ts.DeleteExpression): Close {
  const target = node.expression;
  if (!ts.isElementAccessExpression(target) || isOptional(target) || !p.isOwn(node)) return undefined;
  if (target.expression.kind === ts.SyntaxKind.SuperKeyword) return undefined;
  const id = p.site('remove', node, [], 'change');
  p.watch(watchRemoval(id, node, target.expression, target.argumentExpression));
  if (tailOf(node)) p.edits.isMuted = true;
  p.edits.replace(node.getStart(), target.getStart(), `${PROBE}.${p.isStrict(node) ? 'x' : 'y'}(${id},`);
  p.edits.replace(target.expression.end, target.argumentExpression.getStart(), ',');
  p.edits.replace(target.argumentExpression.end, target.end, ')');
  return undefined;
}

function identityOf(p: Planning, entities: readonly number[]): ReadonlySet<string> {
  const known = entities.flatMap((each) => p.nomination.entities[each] ?? []);
  return new Set((known.length > 0 ? known : p.nomination.entities).flatMap((entity) => entity.identity));
}

/** `map.set(key, thing)` and `list.push(thing)`: what is kept is what counts, wherever it was made. */
function isStoring(node: ts.CallExpression, method: string): boolean {
  const last = node.arguments.at(-1);
  if (!last || ts.isLiteralExpression(last) || ts.isFunctionLike(last) || ts.isSpreadElement(last)) return false;
  return (method === 'set' && node.arguments.length === 2) || (method === 'push' && node.arguments.length === 1);
}

function stored(p: Planning, node: ts.CallExpression): Close {
  const last = node.arguments.at(-1);
  if (!last) return undefined;
  const id = p.site('store', node, [], p.places.isHydration(node) ? 'hydrate' : 'change');
  const text = safeText(last, 'after');
  const way = { steps: [[atCall(node, `${PROBE}.h(${id},${text ?? ''})`)]] };
  p.watch({ site: id, ways: text === undefined ? [] : [way], why: 'what it keeps can be evaluated only once' });
  const tail = tailOf(node);
  const { expression: callee } = node;
  const isNamed = !tail && ts.isPropertyAccessExpression(callee) && isStore(p, callee.expression);
  const put = `${PROBE}.b(${id}${isNamed ? `,void 0,${callee.expression.getText()}` : ''}).v=`;
  if (tail && !isDistinct(put, tail, last.getStart())) p.edits.isMuted = true;
  p.edits.open(last.getStart(), put);
  return undefined;
}
