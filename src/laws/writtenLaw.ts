// Laws that a person wrote: of each entity of a type, of each step of one, or of the state as a whole.
// Where a value is not known, or is not of the type the expression needs, the law claims nothing there.
import {
  applyChanges,
  refKey,
  showRef,
  showValue,
  type EntityInstance,
  type EntityRef,
  type EventPoint,
  type LawText,
  type Model,
  type Problem,
  type SemanticState,
  type WrittenLaw,
} from '../model/index.ts';
import { compileExpression, isFault, type Expression, type ExpressionFault, type Scope } from './expression.ts';
import type { Broken, Law } from './law.ts';
import { createViews, type Views } from './views.ts';

/** Where the text of a law is wrong; undefined: nowhere. */
export function lawFault({ holds, for: entity, on }: LawText): ExpressionFault | undefined {
  const made = compileExpression(holds);
  if (isFault(made)) return made;
  if (on === 'step' && entity === undefined)
    return { what: 'a law of steps needs the type it is for (`for`)', start: 0, end: holds.length };
  const own = namesFor(entity, on);
  if (entity === undefined || own.some((name) => made.variables.has(name))) return undefined;
  return { what: `it says nothing of ${entity}: write ${own.join(' or ')}`, start: 0, end: holds.length };
}

function namesFor(entity: string | undefined, on: 'step' | undefined): readonly string[] {
  if (on === 'step') return ['before', 'after', 'event', 'self'];
  return entity === undefined ? [] : ['self'];
}

/** What the laws name and the model does not have. */
export function lawProblems(model: Model): Problem[] {
  return (model.laws ?? []).flatMap((law) => {
    const message = misnamed(law, model);
    return message === undefined ? [] : [{ code: 'law-unclear', message: `Law ${law.id}: ${message}` }];
  });
}

function misnamed({ holds, for: name, on }: WrittenLaw, model: Model): string | undefined {
  const made = compileExpression(holds);
  if (isFault(made)) return `${made.what}, at character ${made.start + 1}.`;
  const types = new Set(model.entities.map((entity) => entity.name));
  if (name !== undefined && !types.has(name)) return `there is no entity ${name}.`;
  const own = new Set(namesFor(name, on));
  for (const variable of made.variables)
    if (!own.has(variable) && !types.has(variable)) return `there is no ${variable}.`;
  const entity = model.entities.find((each) => each.name === name);
  const known = new Set([
    ...['id', ...(entity?.attributes.map((attribute) => attribute.name) ?? [])],
    ...model.relations.filter(({ subject }) => subject === name).map(({ predicate }) => predicate),
  ]);
  for (const [root = '', attribute = ''] of made.paths)
    if (own.has(root) && root !== 'event' && !known.has(attribute)) return `${name} has no ${attribute}.`;
  return undefined;
}

const compiled = new WeakMap<Model, readonly Law[]>();

/** The model's own laws, ready to be checked. Those that cannot be read are left out: `lawProblems` tells of them. */
export function writtenLaws(model: Model): readonly Law[] {
  let laws = compiled.get(model);
  if (laws) return laws;
  laws = (model.laws ?? []).flatMap((law) => {
    const expression = compileExpression(law.holds);
    return isFault(expression) ? [] : [lawOf(law, expression)];
  });
  compiled.set(model, laws);
  return laws;
}

function lawOf(law: WrittenLaw, expression: Expression): Law {
  const { id, title = law.holds, for: entity } = law;
  if (entity === undefined)
    return { id, title, state: (state, model) => wholeState(law, expression, createViews(state, model)) };
  if (law.on === 'step')
    return { id, title, step: (event, before, model) => step(law, expression, event, before, model) };
  return { id, title, state: (state, model) => eachOf(law, expression, state, createViews(state, model)) };
}

function scopeOf(expression: Expression, views: Views, own: Scope): Scope {
  const scope: { [name: string]: unknown } = { ...own };
  for (const name of expression.variables) if (!(name in scope)) scope[name] = views.all(name);
  return scope;
}

function wholeState(law: WrittenLaw, expression: Expression, views: Views): Broken[] {
  if (expression.evaluate(scopeOf(expression, views, {})).value !== false) return [];
  return [{ message: `${law.title ?? law.id} does not hold: ${law.holds}.`, subjects: [] }];
}

function eachOf(law: WrittenLaw, expression: Expression, state: SemanticState, views: Views): Broken[] {
  const broken: Broken[] = [];
  const rest = scopeOf(expression, views, { self: undefined });
  for (const instance of state.values()) {
    if (instance.entity !== law.for) continue;
    if (expression.evaluate({ ...rest, self: views.of(instance) }).value === false)
      broken.push(told(law, expression, instance, { self: instance }));
  }
  return broken;
}

function step(
  law: WrittenLaw,
  expression: Expression,
  event: EventPoint,
  state: SemanticState,
  model: Model,
): Broken[] {
  const { change, object } = event;
  if (object.entity !== law.for || !change) return [];
  const before = state.get(refKey(object));
  const near = new Map(before ? [[refKey(object), before]] : []);
  applyChanges(near, [change]);
  const after = near.get(refKey(object));
  // A creation and a removal are no step of an entity from one condition to another.
  if (!before || !after) return [];
  const views = createViews(state, model);
  const later = createViews(state, model, after);
  const scope = scopeOf(expression, views, {
    before: views.of(before),
    after: later.of(after),
    self: later.of(after),
    event: { type: event.type ?? null, attribute: event.attribute ?? null, at: new Date(event.time / 1000) },
  });
  if (expression.evaluate(scope).value !== false) return [];
  return [told(law, expression, after, { before, after, self: after })];
}

/** `Order 1042: a paid order has a payment. (total 12, paid 0)` */
function told(
  law: WrittenLaw,
  { paths }: Expression,
  about: EntityInstance,
  instances: { readonly [variable: string]: EntityInstance },
): Broken {
  const values = new Set<string>();
  const links: EntityRef[] = [];
  for (const [root = '', name = ''] of paths) {
    const instance = instances[root];
    const value = instance && Object.hasOwn(instance.attributes, name) ? instance.attributes[name] : undefined;
    if (value !== undefined) values.add(`${root === 'self' ? '' : `${root} `}${name} ${showValue(value, 40)}`);
    for (const target of instance?.links[name] ?? []) if (links.length < 3) links.push(target);
  }
  const seen = values.size > 0 ? ` (${[...values].slice(0, 4).join(', ')})` : '';
  const { entity, id } = about;
  return {
    message: `${showRef(about)}: ${law.title ?? `${law.id} does not hold: ${law.holds}`}${seen}`,
    subjects: [{ entity, id }, ...links],
  };
}
