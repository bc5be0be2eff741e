// Entities as variables: a type lists its instances in pages, an instance its attributes and relations, a reference the entity it leads to.
import { showRef, showValue, type EntityInstance, type EntityRef, type Value } from '../model/index.ts';
import { instancesByType, writeName } from '../present/index.ts';
import type { DataTarget, View } from '../session/index.ts';
import type { ValueFormat } from './literals.ts';
import {
  announced,
  listOf,
  NOTHING,
  pagedContainer,
  type Container,
  type References,
  type Variable,
} from './references.ts';
import { valueVariable } from './valueTree.ts';

export interface Tree {
  readonly view: View;
  readonly references: References;
  /** The state that is shown: the place of the cursor, or the moment a query named. */
  readonly seq: number;
}

/** `Order["1042"]`: what finds the entity again. */
export function queryOf(ref: EntityRef): string {
  return `${writeName(ref.entity)}[${JSON.stringify(ref.id)}]`;
}

function instanceOf({ view, seq }: Tree, ref: EntityRef): EntityInstance | undefined {
  return view.session.store.instanceAt(ref, seq);
}

function momentOf({ view, seq }: Tree): string {
  return seq === view.cursor().seq ? '' : ` @ ${seq}`;
}

/** `Order 1042 · paid`: with its states, where its type has any. */
export function entityLine(tree: Tree, ref: EntityRef, instance = instanceOf(tree, ref)): string {
  if (!instance) return `${showRef(ref)} (not there)`;
  const states = declaredOf(tree, ref.entity)
    .filter(({ role, name }) => role === 'state' && Object.hasOwn(instance.attributes, name))
    .map(({ name }) => showValue(instance.attributes[name], 40));
  return [showRef(ref), ...states].join(' · ');
}

function declaredOf({ view }: Tree, entity: string): readonly { readonly name: string; readonly role?: string }[] {
  return view.session.model().entities.find((one) => one.name === entity)?.attributes ?? [];
}

export function entityVariable(tree: Tree, name: string, ref: EntityRef, more: Partial<Variable> = {}): Variable {
  const instance = instanceOf(tree, ref);
  return {
    name,
    value: entityLine(tree, ref, instance),
    type: ref.entity,
    evaluateName: `${queryOf(ref)}${momentOf(tree)}`,
    presentationHint: { kind: 'data', attributes: ['readOnly', 'hasObjectId'] },
    ...announced(tree.references, instance && entityContainer(tree, instance)),
    ...more,
  };
}

/** Attributes in the model's order, what only memory showed after them, then relations. */
export function entityContainer(tree: Tree, instance: EntityInstance): Container {
  const declared = declaredOf(tree, instance.entity).map(({ name }) => name);
  const own = Object.keys(instance.attributes);
  const names = [...new Set([...declared.filter((name) => own.includes(name)), ...own])];
  const query = queryOf(instance);
  const attribute = (name: string) => (format: ValueFormat) =>
    valueVariable(tree.references, name, instance.attributes[name], format, {
      evaluateName: `${query}.${writeName(name)}${momentOf(tree)}`,
    });
  const relation = (predicate: string) => () => relationVariable(tree, instance, predicate);
  const predicates = Object.keys(instance.links);
  return {
    ...pagedContainer(listOf([...names.map(attribute), ...predicates.map(relation)])),
    watch: (name) =>
      names.includes(name) || predicates.includes(name)
        ? { kind: 'data', entity: instance.entity, id: instance.id, attribute: name }
        : undefined,
  };
}

function relationVariable(tree: Tree, instance: EntityInstance, predicate: string): Variable {
  const targets = instance.links[predicate] ?? [];
  const evaluateName = `${queryOf(instance)}.${writeName(predicate)}${momentOf(tree)}`;
  const many = tree.view.session
    .model()
    .relations.some((one) => one.subject === instance.entity && one.predicate === predicate && one.cardinality === '*');
  const [only, another] = targets;
  if (only && !another && !many) return entityVariable(tree, predicate, only, { evaluateName });
  return {
    name: predicate,
    value: entitiesLine(targets),
    type: 'relation',
    evaluateName,
    presentationHint: { kind: 'data', attributes: ['readOnly'] },
    ...announced(tree.references, entitiesContainer(tree, targets)),
  };
}

const FIRST_SHOWN = 3;

export function entitiesLine(refs: readonly EntityRef[]): string {
  if (refs.length === 0) return 'none';
  const first = refs.slice(0, FIRST_SHOWN).map(showRef).join(', ');
  return `(${refs.length}) ${first}${refs.length > FIRST_SHOWN ? ', …' : ''}`;
}

export function entitiesContainer(tree: Tree, refs: readonly EntityRef[]): Container {
  return pagedContainer(NOTHING, {
    total: refs.length,
    page: (start, count) => refs.slice(start, start + count).map((ref) => entityVariable(tree, showRef(ref), ref)),
  });
}

export function instancesContainer(tree: Tree, entity: string): Container {
  const instances = instancesByType(tree.view.session.store.stateAt(tree.seq)).get(entity) ?? [];
  return {
    ...pagedContainer(NOTHING, {
      total: instances.length,
      page: (start, count) =>
        instances.slice(start, start + count).map((ref) => entityVariable(tree, String(ref.id), ref)),
    }),
    watch: (name) => {
      const instance = instances.find(({ id }) => String(id) === name);
      return instance && stateTarget(tree, entity, instance.id);
    },
  };
}

/** Watching a thing as a whole means watching its state; undefined: its type has none. */
export function stateTarget(tree: Tree, entity: string, id?: EntityRef['id']): DataTarget | undefined {
  const state = declaredOf(tree, entity).find(({ role }) => role === 'state');
  return state && { kind: 'data', entity, attribute: state.name, ...(id !== undefined && { id }) };
}

export function typeVariable(tree: Tree, entity: string): Variable {
  const container = instancesContainer(tree, entity);
  return {
    name: entity,
    value: typeLine(container.indexed),
    type: 'entity',
    evaluateName: `${writeName(entity)}${momentOf(tree)}`,
    presentationHint: { kind: 'class', attributes: ['readOnly'] },
    ...announced(tree.references, container),
  };
}

export function typeLine(count: number): string {
  return `${count} ${count === 1 ? 'instance' : 'instances'}`;
}

export function valuesContainer(references: References, values: readonly (Value | undefined)[]): Container {
  return pagedContainer(NOTHING, {
    total: values.length,
    page: (start, count, format) =>
      values.slice(start, start + count).map((value, i) => valueVariable(references, String(start + i), value, format)),
  });
}
