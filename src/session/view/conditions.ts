// What is asked of one event: conditions (`object.total > 100`) and the texts of log points (`{object.total}`), in the query form.
// Names: object, subject, preState, postState, type, attribute, seq, time; a bare name is an attribute of the object.
import { showRef, showValue, toIso, type EntityRef, type Model, type Point, type Value } from '../../model/index.ts';
import {
  evaluateExpression,
  parseQuery,
  queryWorld,
  truthOf,
  type Found,
  type Expression,
} from '../../present/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import { stateValue } from './patterns.ts';

export interface EventScene {
  readonly store: TimelineStore;
  readonly model: Model;
}

export type Compiled<T> = { readonly run: (point: Point, scene: EventScene) => T } | { readonly problem: string };

/** A condition that names something that is not there does not hold. */
export function compileCondition(text: string): Compiled<boolean> {
  const parsed = expressionOf(text);
  if ('problem' in parsed) return parsed;
  return {
    run: (point, scene) => {
      const answer = ask(parsed.expression, point, scene);
      return 'found' in answer && truthOf(answer.found) === true;
    },
  };
}

/** `{...}` is filled in; a brace that is meant is written twice. */
export function compileMessage(text: string): Compiled<string> {
  const parts: (string | Expression)[] = [];
  for (const match of text.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[^{}]+|[{}]/g)) {
    const [whole, inner] = match;
    if (inner === undefined) parts.push(whole === '{{' ? '{' : whole === '}}' ? '}' : whole);
    else {
      const parsed = expressionOf(inner);
      if ('problem' in parsed) return parsed;
      parts.push(parsed.expression);
    }
  }
  return {
    run: (point, scene) =>
      parts
        .map((part) => {
          if (typeof part === 'string') return part;
          const answer = ask(part, point, scene);
          return 'found' in answer ? showFound(answer.found) : `<${answer.problem.message}>`;
        })
        .join(''),
  };
}

function expressionOf(text: string): { readonly expression: Expression } | { readonly problem: string } {
  const parsed = parseQuery(text);
  if ('problem' in parsed) return { problem: `${parsed.problem.message} (column ${parsed.problem.start + 1})` };
  if (parsed.query.moment) return { problem: 'The condition is asked of the event itself: "@" has no place in it.' };
  return { expression: parsed.query.expression };
}

function ask(
  expression: Expression,
  point: Point,
  { store, model }: EventScene,
): ReturnType<typeof evaluateExpression> {
  const world = queryWorld(store.stateAt(point.seq), model);
  const given = new Map<string, Found>([
    ['seq', { kind: 'value', value: point.seq }],
    ['time', { kind: 'value', value: { $type: 'date', value: toIso(point.time) } }],
  ]);
  if (point.kind !== 'event') return evaluateExpression(expression, world, { given });
  const entity = (ref: EntityRef): Found & { kind: 'entity' } => ({
    kind: 'entity',
    ref,
    instance: world.instance(ref) ?? store.instanceAt(ref, point.seq - 1),
  });
  const value = (of: Value | undefined): Found => ({ kind: 'value', value: of });
  const state = (of: Value | undefined): Found => ({
    kind: 'value',
    value: of,
    of: point.object,
    ...(point.attribute !== undefined && { attribute: point.attribute }),
  });
  const object = entity(point.object);
  given.set('object', object);
  given.set('subject', point.subject ? entity(point.subject) : value(undefined));
  given.set('preState', state(stateValue(point.preState)));
  given.set('postState', state(stateValue(point.postState)));
  given.set('type', value(point.type));
  given.set('attribute', value(point.attribute));
  return evaluateExpression(expression, world, { given, current: object });
}

function showFound(found: Found): string {
  switch (found.kind) {
    case 'value':
      return showValue(found.value);
    case 'entity':
      return showRef(found.ref);
    case 'entities':
      return found.refs.map(showRef).join(', ');
    case 'values':
      return found.values.map((value) => showValue(value)).join(', ');
    case 'type':
      return found.entity;
  }
}
