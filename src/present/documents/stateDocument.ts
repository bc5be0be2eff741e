// The contract's documents of a state and of what it breaks.
import {
  isMissing,
  toIso,
  type Context,
  type EntityInstance,
  type Point,
  type Problem,
  type SemanticState,
} from '../../model/index.ts';
import type { StateDocument, Violation, ViolationsDocument } from '../../model/index.ts';

/** The state after a point, whole or of one type or instance. Entities and relations in the order of the state. */
export function stateDocument(
  state: SemanticState,
  point: Pick<Point, 'seq' | 'time'>,
  more: {
    readonly context?: Context;
    readonly entity?: string;
    readonly id?: string | number;
  } = {},
): StateDocument {
  const instances = [...state.values()].filter(
    ({ entity, id }) =>
      (more.entity === undefined || entity === more.entity) &&
      (more.id === undefined || String(id) === String(more.id)),
  );
  return {
    document: 'state',
    timestamp: toIso(point.time),
    seq: point.seq,
    entities: instances.map(({ entity, id, attributes }) => ({ entity, id, attributes })),
    relations: instances.flatMap(({ entity, id, links }) =>
      Object.entries(links).flatMap(([predicate, targets]) =>
        targets.map((object) => ({
          subject: { entity, id },
          predicate,
          object: { entity: object.entity, id: object.id },
        })),
      ),
    ),
    ...(more.context && { context: more.context }),
    problems: missingValues(instances),
  };
}

/** One problem for each attribute of which some values could not be read. */
function missingValues(instances: readonly EntityInstance[]): Problem[] {
  const counts = new Map<string, number>();
  for (const { entity, attributes } of instances)
    for (const [name, value] of Object.entries(attributes))
      if (isMissing(value)) counts.set(`${entity}.${name}`, (counts.get(`${entity}.${name}`) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({
    code: 'value-missing',
    message: `${name}: ${count} ${count === 1 ? 'value is' : 'values are'} not in the snapshot.`,
  }));
}

export function violationsDocument(violations: readonly Violation[]): ViolationsDocument {
  return { document: 'violations', violations };
}
