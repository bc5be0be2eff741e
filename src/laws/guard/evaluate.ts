// A condition of the program, judged on the entities of a state as JavaScript would. What cannot be known stays unknown, and only
// what is certain is answered: `false && unknown` is false. Calls of the program's own functions are unknown.
import { isTagged, refKey, type EntityInstance, type EntityRef, type Micros, type Value } from '../../model/index.ts';
import { isInstance, ordered, same, unary, UNKNOWN, type Result } from './operators.ts';
import { plainValue } from '../plainValue.ts';
import { rootOf, type Surroundings } from './roots.ts';
import { isMember, parseGuard, type Expression } from './syntax.ts';

export interface Reading {
  /** As the program writes it: `payment.status`. */
  readonly text: string;
  readonly value: Value;
  /** Whose attribute it is. */
  readonly ref: EntityRef;
  readonly attribute: string;
}

export interface GuardAnswer {
  readonly holds: boolean;
  /** What makes it so: of a conjunction that is false, what its false parts read. */
  readonly because: readonly Reading[];
}

interface Judging extends Surroundings {
  readonly guard: Expression;
  readonly now: Micros;
  readonly names: ReadonlyMap<string, unknown>;
  readings: Reading[];
}

/** undefined: it cannot be judged on what is known. @param now the time at which it is judged, for `Date.now()` */
export function evaluateGuard(text: string, around: Surroundings, now: Micros): GuardAnswer | undefined {
  const guard = parseGuard(text);
  if (!guard) return undefined;
  const judging: Judging = { ...around, guard, now, names: new Map(), readings: [] };
  const result = evaluate(guard, judging);
  if (result === UNKNOWN) return undefined;
  const holds = Boolean(result);
  return { holds, because: distinct(reasons(guard, holds, judging)) };
}

/** What the parts read that make the whole what it is. */
function reasons(node: Expression, holds: boolean, judging: Judging): Reading[] {
  if (node.type === 'UnaryExpression' && node['operator'] === '!')
    return reasons(node['argument'] as Expression, !holds, judging);
  if (node.type === 'BinaryExpression' && (node['operator'] === '&&' || node['operator'] === '||')) {
    const sides = [node['left'], node['right']] as Expression[];
    // One side decides where it has the result of the whole and the other need not.
    const deciding = sides.filter((side) => {
      const result = evaluate(side, { ...judging, readings: [] });
      return result !== UNKNOWN && Boolean(result) === holds;
    });
    return deciding.flatMap((side) => reasons(side, holds, judging));
  }
  const apart: Judging = { ...judging, readings: [] };
  evaluate(node, apart);
  return apart.readings;
}

function distinct(readings: readonly Reading[]): Reading[] {
  return [...new Map(readings.map((each) => [`${each.text} ${refKey(each.ref)}`, each])).values()];
}

function evaluate(node: Expression, judging: Judging): Result {
  switch (node.type) {
    case 'Literal':
      return node['value'];
    case 'ThisExpression':
      return judging.self;
    case 'Identifier':
      return identifier(String(node['name']), judging);
    case 'MemberExpression':
      return member(node, judging);
    case 'UnaryExpression':
      return unary(String(node['operator']), evaluate(node['argument'] as Expression, judging));
    case 'BinaryExpression':
      return binary(node, judging);
    case 'ConditionalExpression': {
      const test = evaluate(node['test'] as Expression, judging);
      if (test === UNKNOWN) return UNKNOWN;
      return evaluate((test ? node['consequent'] : node['alternate']) as Expression, judging);
    }
    case 'ArrayExpression': {
      const all = (node['elements'] as Expression[]).map((each) => evaluate(each, judging));
      return all.includes(UNKNOWN) ? UNKNOWN : all;
    }
    case 'CallExpression':
      return call(node, judging);
    default:
      return UNKNOWN;
  }
}

function identifier(name: string, judging: Judging): Result {
  if (judging.names.has(name)) return judging.names.get(name);
  return rootOf(name, judging.guard, judging) ?? UNKNOWN;
}

function member(node: Expression, judging: Judging): Result {
  if (!isMember(node)) return UNKNOWN;
  const constant = constantOf(node, judging);
  if (constant !== UNKNOWN) return constant;
  const object = evaluate(node.object, judging);
  if (object === UNKNOWN) return UNKNOWN;
  const key = node.computed ? evaluate(node.property, judging) : String(node.property['name']);
  if (key === UNKNOWN) return UNKNOWN;
  // The program would have thrown, or went on with `?.`: either way the condition did not become true by it.
  if (object === null || object === undefined) return node.optional ? undefined : UNKNOWN;
  if (isInstance(object)) return ofInstance(object, String(key), node, judging);
  if (Array.isArray(object)) {
    if (key === 'length' || key === 'size') return counted(object, node, judging);
    return typeof key === 'number' ? (object[key] as unknown) : UNKNOWN;
  }
  if (typeof object === 'string') return key === 'length' ? object.length : UNKNOWN;
  if (object instanceof Map) return key === 'size' ? object.size : UNKNOWN;
  return typeof object === 'object' && Object.hasOwn(object, String(key))
    ? (object as { readonly [name: string]: unknown })[String(key)]
    : UNKNOWN;
}

/** `Status.Paid`: the state that the program calls so, where only one is. */
function constantOf(node: Expression, { model, names }: Judging): Result {
  if (!isMember(node) || node.computed || node.object.type !== 'Identifier') return UNKNOWN;
  const [owner, label] = [String(node.object['name']), String(node.property['name'])];
  if (!/^[A-Z]/.test(owner) || names.has(owner)) return UNKNOWN;
  const values = new Set<unknown>();
  for (const { attributes } of model.entities)
    for (const { states = [] } of attributes)
      for (const state of states)
        if (state.label === label || state.label === `${owner}.${label}`) values.add(state.value);
  const [value] = values;
  return values.size === 1 ? value : UNKNOWN;
}

/** How many there are is read of whoever has them. */
function counted(
  list: readonly unknown[],
  node: Expression & { readonly object: Expression },
  judging: Judging,
): number {
  const owner = isMember(node.object) ? evaluate(node.object.object, { ...judging, readings: [] }) : undefined;
  if (isInstance(owner) && isMember(node.object)) {
    const { entity, id } = owner;
    const attribute = String(node.object.property['name']);
    judging.readings.push({ text: textOf(node), value: list.length, ref: { entity, id }, attribute });
  }
  return list.length;
}

function ofInstance(instance: EntityInstance, name: string, node: Expression, judging: Judging): Result {
  const links = Object.hasOwn(instance.links, name) ? instance.links[name] : undefined;
  const value = Object.hasOwn(instance.attributes, name) ? instance.attributes[name] : undefined;
  const read = (seen: Value): void => {
    const { entity, id } = instance;
    judging.readings.push({ text: textOf(node), value: seen, ref: { entity, id }, attribute: name });
  };
  if (value !== undefined && !(links && isTagged(value))) {
    if (isTagged(value) && value.$type === 'truncated') return UNKNOWN;
    read(value);
    return plainValue(value, { absent: undefined, unreadable: UNKNOWN });
  }
  if (links) {
    const { relations } = judging.model;
    const isMany = relations.some(
      (each) => each.subject === instance.entity && each.predicate === name && each.cardinality === '*',
    );
    if (links.length === 0) {
      read(isMany ? { $type: 'list', value: [] } : null);
      return isMany ? [] : null;
    }
    const found = links.map((ref) => judging.state.get(refKey(ref)));
    if (found.includes(undefined)) return UNKNOWN;
    return isMany ? found : found[0];
  }
  const entity = judging.model.entities.find((each) => each.name === instance.entity);
  if (!entity?.attributes.some((each) => each.name === name)) return UNKNOWN;
  read({ $type: 'undefined' });
  return undefined;
}

function binary(node: Expression, judging: Judging): Result {
  const operator = String(node['operator']);
  const left = evaluate(node['left'] as Expression, judging);
  const right = (): Result => evaluate(node['right'] as Expression, judging);
  if (operator === '&&' || operator === '||') {
    const decides = operator === '||';
    if (left !== UNKNOWN && Boolean(left) === decides) return left;
    const other = right();
    if (other !== UNKNOWN && Boolean(other) === decides) return other;
    return left === UNKNOWN || other === UNKNOWN ? UNKNOWN : other;
  }
  if (operator === '??') {
    if (left === UNKNOWN) return UNKNOWN;
    return left ?? right();
  }
  const other = right();
  if (left === UNKNOWN || other === UNKNOWN) return UNKNOWN;
  switch (operator) {
    case '===':
    case '==':
      return same(left, other, operator === '==');
    case '!==':
    case '!=':
      return !same(left, other, operator === '!=');
    default:
      return ordered(operator, left, other);
  }
}

/** The few calls whose meaning is JavaScript's own. */
function call(node: Expression, judging: Judging): Result {
  const callee = node['callee'] as Expression;
  const given = node['arguments'] as Expression[];
  if (!isMember(callee) || callee.computed) return UNKNOWN;
  const name = String(callee.property['name']);
  if (callee.object['name'] === 'Date' && name === 'now') return judging.now / 1000;
  const on = evaluate(callee.object, judging);
  if (on === UNKNOWN || on === null || on === undefined) return UNKNOWN;
  if (name === 'getTime' && on instanceof Date) return on.getTime();
  const [first] = given;
  if (!first) return UNKNOWN;
  if (Array.isArray(on) && ['every', 'some', 'filter', 'find'].includes(name))
    return overElements(name, on, first, judging);
  const value = evaluate(first, judging);
  if (value === UNKNOWN) return UNKNOWN;
  if (Array.isArray(on) && (name === 'includes' || name === 'has')) return on.some((each) => same(each, value, false));
  if (on instanceof Map && name === 'has') return on.has(value);
  if (typeof on === 'string' && (name === 'includes' || name === 'startsWith' || name === 'endsWith'))
    return on[name](String(value));
  return UNKNOWN;
}

function overElements(name: string, list: readonly unknown[], of: Expression, judging: Judging): Result {
  const [parameter] = (of['params'] as Expression[] | null) ?? [];
  if (of.type !== 'ArrowFunctionExpression' || parameter?.type !== 'Identifier') return UNKNOWN;
  const results = list.map((each) => {
    const names = new Map([...judging.names, [String(parameter['name']), each]]);
    const inner: Judging = { ...judging, names, readings: [] };
    const result = evaluate(of['body'] as Expression, inner);
    return { result: result === UNKNOWN ? UNKNOWN : Boolean(result), readings: inner.readings };
  });
  const wanted = name === 'every' ? false : true;
  const decided = results.filter(({ result }) => result === wanted);
  // Whoever decides is told: the line that is not reserved, not the nine that are.
  for (const { readings } of decided.length > 0 ? decided : results) judging.readings.push(...readings);
  if (results.some(({ result }) => result === UNKNOWN) && (decided.length === 0 || name === 'filter')) return UNKNOWN;
  if (name === 'every') return decided.length === 0;
  if (name === 'some') return decided.length > 0;
  const kept = list.filter((_, n) => results[n]?.result === true);
  return name === 'find' ? kept[0] : kept;
}

function textOf(node: Expression): string {
  if (node.type === 'ThisExpression') return 'this';
  if (node.type === 'Identifier') return String(node['name']);
  if (isMember(node))
    return node.computed ? `${textOf(node.object)}[…]` : `${textOf(node.object)}.${textOf(node.property)}`;
  if (node.type === 'CallExpression') return `${textOf(node['callee'] as Expression)}(…)`;
  return '…';
}
