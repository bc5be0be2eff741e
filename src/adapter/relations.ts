// R as variables: the relations of the entity in focus, both ways, then every kind of relation with its links in pages.
import { sameRef, showRef, type EntityInstance, type EntityRef, type SemanticState } from '../model/index.ts';
import { entitiesContainer, entitiesLine, entityVariable, type Tree } from './entityTree.ts';
import { announced, listOf, NOTHING, pagedContainer, type Container, type Variable } from './references.ts';

interface Links {
  readonly subject: string;
  readonly predicate: string;
  /** Those that have at least one link. */
  readonly holders: readonly EntityInstance[];
  readonly count: number;
}

const COUNTED = new WeakMap<SemanticState, readonly Links[]>();

/** All links of a state by type and predicate. States never change: each is counted once. */
function linksOf(state: SemanticState): readonly Links[] {
  const known = COUNTED.get(state);
  if (known) return known;
  const all = new Map<string, { subject: string; predicate: string; holders: EntityInstance[]; count: number }>();
  for (const instance of state.values()) {
    for (const [predicate, targets] of Object.entries(instance.links)) {
      if (targets.length === 0) continue;
      const key = `${instance.entity}\0${predicate}`;
      const links = all.get(key) ?? { subject: instance.entity, predicate, holders: [], count: 0 };
      links.holders.push(instance);
      links.count += targets.length;
      all.set(key, links);
    }
  }
  const links = [...all.values()];
  COUNTED.set(state, links);
  return links;
}

export function relationsContainer(tree: Tree): Container {
  const { view, seq } = tree;
  const { relations } = view.session.model();
  const links = linksOf(view.session.store.stateAt(seq));
  const declared = relations.map(({ subject, predicate, object, cardinality }) => {
    const found = links.find((one) => one.subject === subject && one.predicate === predicate);
    return () => kindVariable(tree, found, `${subject}.${predicate}`, `${cardinality} ${object}`);
  });
  const others = links
    .filter((one) => !relations.some((r) => r.subject === one.subject && r.predicate === one.predicate))
    .map((one) => () => kindVariable(tree, one, `${one.subject}.${one.predicate}`, 'observed'));
  const { focus } = view;
  const focused = focus ? [() => focusVariable(tree, focus, links)] : [];
  return pagedContainer(listOf([...focused, ...declared, ...others]));
}

function kindVariable(tree: Tree, links: Links | undefined, name: string, type: string): Variable {
  const count = links?.count ?? 0;
  const holders = links?.holders ?? [];
  return {
    name,
    value: `${count} ${count === 1 ? 'link' : 'links'} (${type})`,
    type: 'relation',
    ...announced(
      tree.references,
      pagedContainer(NOTHING, {
        total: holders.length,
        page: (start, most) =>
          holders
            .slice(start, start + most)
            .map((holder) => targetsVariable(tree, showRef(holder), holder.links[links?.predicate ?? ''] ?? [])),
      }),
    ),
  };
}

function targetsVariable(tree: Tree, name: string, targets: readonly EntityRef[]): Variable {
  const [only, another] = targets;
  if (only && !another) return entityVariable(tree, name, only);
  return { name, value: entitiesLine(targets), ...announced(tree.references, entitiesContainer(tree, targets)) };
}

/** What the entity leads to by name, and what leads to it, as `← Payment.order`. */
function focusVariable(tree: Tree, focus: EntityRef, links: readonly Links[]): Variable {
  const instance = tree.view.session.store.instanceAt(focus, tree.seq);
  const rows = Object.entries(instance?.links ?? {}).map(
    ([predicate, targets]) =>
      () =>
        targetsVariable(tree, predicate, targets),
  );
  for (const { subject, predicate, holders } of links) {
    const from = holders.filter((one) => one.links[predicate]?.some((target) => sameRef(target, focus)));
    const refs = from.map(({ entity, id }) => ({ entity, id }));
    if (refs.length > 0) rows.push(() => targetsVariable(tree, `← ${subject}.${predicate}`, refs));
  }
  return {
    name: `of ${showRef(focus)}`,
    value: `${rows.length} ${rows.length === 1 ? 'relation' : 'relations'}`,
    ...announced(tree.references, pagedContainer(listOf(rows))),
  };
}
