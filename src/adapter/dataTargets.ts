// What data breakpoints watch: found by name, described for people, and kept as a text between sessions.
import { Failure } from '../model/index.ts';
import { parseQuery } from '../present/index.ts';
import type { DataTarget, View } from '../session/index.ts';
import { queryOf } from './entityTree.ts';

/** Reads `Order.status` and `Order["1042"].status`; undefined: it names neither. */
export function dataTargetByName(text: string, view: View): DataTarget | undefined {
  const parsed = parseQuery(text);
  if ('problem' in parsed || parsed.query.moment || parsed.query.expression.kind !== 'member') return undefined;
  const { of, name: attribute } = parsed.query.expression;
  if (of.kind === 'name')
    return known(view, of.name, attribute) ? { kind: 'data', entity: of.name, attribute } : undefined;
  if (of.kind !== 'index' || of.of.kind !== 'name' || of.index.kind !== 'literal') return undefined;
  const { name: entity } = of.of;
  const { value: id } = of.index;
  if (typeof id !== 'string' && typeof id !== 'number') return undefined;
  if (!known(view, entity, attribute)) return undefined;
  // The entity may have its id as a number where a text was written; one that is not there yet is taken as written.
  const found = view.evaluate(`${queryOf({ entity, id })}`);
  return { kind: 'data', entity, id: found.kind === 'entity' ? found.ref.id : id, attribute };
}

function known(view: View, entity: string, attribute: string): boolean {
  const model = view.session.model();
  const type = model.entities.find(({ name }) => name === entity);
  if (!type) return false;
  return (
    type.attributes.some(({ name }) => name === attribute) ||
    model.relations.some(({ subject, predicate }) => subject === entity && predicate === attribute)
  );
}

export function describeTarget({ entity, id, attribute }: DataTarget): string {
  return id === undefined ? `${entity}.${attribute} of every ${entity}` : `${queryOf({ entity, id })}.${attribute}`;
}

export function dataIdOf({ entity, id, attribute }: DataTarget): string {
  return JSON.stringify(id === undefined ? [entity, attribute] : [entity, attribute, id]);
}

/** @throws Failure `bad-arguments` */
export function targetOfDataId(text: string): DataTarget {
  const parts = parsedJson(text);
  if (Array.isArray(parts) && (parts.length === 2 || parts.length === 3)) {
    const [entity, attribute, id] = parts as unknown[];
    if (typeof entity === 'string' && typeof attribute === 'string') {
      if (parts.length === 2) return { kind: 'data', entity, attribute };
      if (typeof id === 'string' || typeof id === 'number') return { kind: 'data', entity, attribute, id };
    }
  }
  throw new Failure('bad-arguments', `${JSON.stringify(text)} is no data id of this debugger.`, 'Set it again.');
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
