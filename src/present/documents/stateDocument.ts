// The contract's documents of a state and of what it breaks.
import { toIso, type Context, type Point, type Problem, type SemanticState } from '../../model/index.ts';
import type { StateDocument, Violation, ViolationsDocument } from '../../model/index.ts';

/** The state after a point. Entities and relations in the order of the state. */
export function stateDocument(
  state: SemanticState,
  point: Pick<Point, 'seq' | 'time'>,
  more: {
    readonly context?: Context;
    readonly problems?: readonly Problem[];
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
    problems: more.problems ?? [],
  };
}

export function violationsDocument(violations: readonly Violation[]): ViolationsDocument {
  return { document: 'violations', violations };
}
