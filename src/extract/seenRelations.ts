// Relations as the data show them: how many links each instance has, and those that lead to nothing or are not there.
import { refKey, type Problem, type Relation, type SemanticState } from '../model/index.ts';
import { fromMemory } from './evidence.ts';

export interface SeenRelation {
  readonly min: number;
  readonly max: number;
  /** Instances without a link. */
  readonly empty: number;
  /** Links to what is not in memory, though others of its type are: where none is, the type lives elsewhere. */
  readonly broken: number;
}

/** By `entity` and `predicate`, as {@link relationKey} joins them. */
export type SeenRelations = ReadonlyMap<string, SeenRelation>;

export function relationKey(entity: string, predicate: string): string {
  return `${entity}\u0000${predicate}`;
}

export function seenRelations(state: SemanticState): SeenRelations {
  const present = new Set([...state.values()].map(({ entity }) => entity));
  const seen = new Map<string, SeenRelation>();
  for (const { entity, links } of state.values()) {
    for (const [predicate, refs] of Object.entries(links)) {
      const at = relationKey(entity, predicate);
      const known = seen.get(at);
      const broken = refs.filter((ref) => present.has(ref.entity) && !state.has(refKey(ref))).length;
      seen.set(at, {
        min: Math.min(known?.min ?? Infinity, refs.length),
        max: Math.max(known?.max ?? 0, refs.length),
        empty: (known?.empty ?? 0) + Number(refs.length === 0),
        broken: (known?.broken ?? 0) + broken,
      });
    }
  }
  return seen;
}

/** What the model says of a relation and the data do not keep. */
export function brokenRelations(relations: readonly Relation[], seen: SeenRelations, snapshot?: string): Problem[] {
  return relations.flatMap((relation) => {
    const { subject, predicate, object, cardinality, status, evidence = [] } = relation;
    const found = seen.get(relationKey(subject, predicate));
    if (!found) return [];
    const source = evidence.find((reason) => reason.source)?.source;
    const broken = (count: number, message: string): Problem => ({
      code: 'drift-broken-relation',
      message,
      ...(source && { source }),
      entity: subject,
      attribute: predicate,
      count,
      evidence: [fromMemory('reference', snapshot, count)],
    });
    const dangling = `${subject}.${predicate} -> ${object}: ${found.broken} references lead to nothing in memory.`;
    const missing = `${subject}.${predicate} -> ${object} is declared to be always there and is missing in ${found.empty} instances.`;
    return [
      ...(found.broken > 0 ? [broken(found.broken, dangling)] : []),
      ...(cardinality === '1' && status === 'confirmed' && found.empty > 0 ? [broken(found.empty, missing)] : []),
    ];
  });
}
