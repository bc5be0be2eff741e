// The model as tables, for people.
import { showValue, type Model, type Transition } from '../model/index.ts';
import { plural, table } from './text.ts';

export function describeModel(model: Model): string {
  if (model.entities.length === 0) return 'No business entity was found.\n';
  const entities = model.entities.map(({ name, identity, attributes, instances, status, source }) => [
    name,
    (identity ?? []).join(', '),
    attributes
      .filter((a) => a.role === 'state')
      .map((a) => `${a.name}: ${(a.states ?? []).map((s) => showValue(s.value, 24)).join(' | ')}`)
      .join('; '),
    instances === undefined ? '' : String(instances),
    status,
    source ? `${source.file}:${source.line}` : '',
  ]);
  const relations = model.relations.map((r) => [r.subject, r.predicate, r.object, r.cardinality, r.status]);
  const transitions = model.transitions.map((t) => [
    t.object,
    `${t.attribute}: ${edge(t.preState)} -> ${edge(t.postState)}`,
    t.type ?? '',
    t.count === undefined ? '' : String(t.count),
    t.status,
  ]);
  return [
    `${plural(model.entities.length, 'entity', 'entities')}, ${plural(model.relations.length, 'relation')}, ${plural(model.transitions.length, 'transition')}\n`,
    table(['ENTITY', 'IDENTITY', 'STATES', 'INSTANCES', 'STATUS', 'SOURCE'], entities),
    ...(relations.length > 0 ? [table(['SUBJECT', 'PREDICATE', 'OBJECT', 'CARDINALITY', 'STATUS'], relations)] : []),
    ...(transitions.length > 0 ? [table(['OBJECT', 'TRANSITION', 'EVENT', 'SEEN', 'STATUS'], transitions)] : []),
  ].join('\n');
}

function edge(state: Transition['preState'] | Transition['postState']): string {
  if (typeof state === 'object' && state !== null) {
    if ('$any' in state) return '*';
    if ('$new' in state) return '(new)';
    if ('$gone' in state) return '(gone)';
  }
  return showValue(state);
}
