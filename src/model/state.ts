// S: what is at one moment. Entities by type and business key, and the changes that lead from one state to another.
import { canonicalText, isMissing, sameValue, type Value } from './value.ts';

/** Identity is type and business key, never an address: one Order is many objects in an ORM service. */
export interface EntityRef {
  readonly entity: string;
  readonly id: string | number;
}

export interface EntityInstance extends EntityRef {
  /** Own values; redacted and missing ones are marked, see `Value`. */
  readonly attributes: { readonly [name: string]: Value };
  /** Relations that start here, by predicate; an absent target is an empty list. */
  readonly links: { readonly [predicate: string]: readonly EntityRef[] };
  /** V8's object id within one attach; no part of equality. */
  readonly heapId?: number;
  /** The attached service that told of it, where a timeline has several; no part of equality. */
  readonly target?: string;
}

/** Instances by `refKey`. */
export type SemanticState = ReadonlyMap<string, EntityInstance>;

/** A key that no two references share, whatever their names hold: type, then id with its kind. */
export function refKey(ref: EntityRef): string {
  return `${ref.entity}\u0000${typeof ref.id === 'number' ? '#' : '$'}${ref.id}`;
}

export function sameRef(a: EntityRef, b: EntityRef): boolean {
  return a.entity === b.entity && a.id === b.id;
}

/** `Order 1042`, as people write it. */
export function showRef(ref: EntityRef): string {
  return `${ref.entity} ${ref.id}`;
}

/** The ends of one relation of an entity, before and after. */
export interface LinkChange {
  readonly before: readonly EntityRef[];
  readonly after: readonly EntityRef[];
}

/** One invertible step between two states. */
export type Change =
  | { readonly kind: 'created'; readonly instance: EntityInstance }
  | { readonly kind: 'removed'; readonly instance: EntityInstance }
  | {
      readonly kind: 'attribute';
      readonly ref: EntityRef;
      readonly attribute: string;
      /** undefined: the attribute was, or will be, absent. */
      readonly before?: Value;
      readonly after?: Value;
      /** Where the value refers to another entity: the relation of the same name, which changed with it. */
      readonly link?: LinkChange;
    }
  | ({ readonly kind: 'link'; readonly ref: EntityRef; readonly predicate: string } & LinkChange);

export function changedRef(change: Change): EntityRef {
  return change.kind === 'created' || change.kind === 'removed' ? change.instance : change.ref;
}

export function invert(change: Change): Change {
  switch (change.kind) {
    case 'created':
      return { kind: 'removed', instance: change.instance };
    case 'removed':
      return { kind: 'created', instance: change.instance };
    case 'attribute': {
      const { before, after, link, ...rest } = change;
      return {
        ...rest,
        ...(after !== undefined && { before: after }),
        ...(before !== undefined && { after: before }),
        ...(link && { link: { before: link.after, after: link.before } }),
      };
    }
    case 'link':
      return { ...change, before: change.after, after: change.before };
  }
}

/** Applies changes in order to a state in place; a change of an unknown instance is left out. */
export function applyChanges(state: Map<string, EntityInstance>, changes: Iterable<Change>): void {
  for (const change of changes) {
    const key = refKey(changedRef(change));
    if (change.kind === 'created') state.set(key, change.instance);
    else if (change.kind === 'removed') state.delete(key);
    else {
      const instance = state.get(key);
      if (!instance) continue;
      state.set(
        key,
        change.kind === 'link' ? relinked(instance, change.predicate, change) : rewritten(instance, change),
      );
    }
  }
}

function relinked(instance: EntityInstance, predicate: string, { after }: LinkChange): EntityInstance {
  return { ...instance, links: { ...instance.links, [predicate]: after } };
}

function rewritten(instance: EntityInstance, change: Extract<Change, { kind: 'attribute' }>): EntityInstance {
  const { attribute, after, link } = change;
  const attributes =
    after === undefined ? without(instance.attributes, attribute) : { ...instance.attributes, [attribute]: after };
  const changed = { ...instance, attributes };
  return link ? relinked(changed, attribute, link) : changed;
}

function without<T>(object: { readonly [name: string]: T }, name: string): { readonly [name: string]: T } {
  const { [name]: _, ...others } = object;
  return others;
}

/**
 * What changed from `a` to `b`, removed first, then changed, then created, each in the order of its state.
 * A value that either side could not read is no change: nothing is claimed that was not seen. A reference that changed is one change:
 * the value and the relation of the same name that follows it.
 */
export function diffStates(a: SemanticState, b: SemanticState): Change[] {
  const changes: Change[] = [];
  for (const [key, instance] of a) if (!b.has(key)) changes.push({ kind: 'removed', instance });
  for (const [key, after] of b) {
    const before = a.get(key);
    if (before) changes.push(...diffInstances(before, after));
  }
  for (const [key, instance] of b) if (!a.has(key)) changes.push({ kind: 'created', instance });
  return changes;
}

function diffInstances(before: EntityInstance, after: EntityInstance): Change[] {
  const changes: Change[] = [];
  const ref: EntityRef = { entity: after.entity, id: after.id };
  const links = diffLinks(before, after);
  for (const attribute of new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])) {
    const [from, to] = [own(before.attributes, attribute), own(after.attributes, attribute)];
    if (isMissing(from) || isMissing(to) || sameValue(from, to)) continue;
    const link = links.get(attribute);
    links.delete(attribute);
    changes.push({
      kind: 'attribute',
      ref,
      attribute,
      ...(from !== undefined && { before: from }),
      ...(to !== undefined && { after: to }),
      ...(link && { link }),
    });
  }
  for (const [predicate, link] of links) changes.push({ kind: 'link', ref, predicate, ...link });
  return changes;
}

/** Relations whose ends differ, by predicate. */
function diffLinks(before: EntityInstance, after: EntityInstance): Map<string, LinkChange> {
  const changed = new Map<string, LinkChange>();
  for (const predicate of new Set([...Object.keys(before.links), ...Object.keys(after.links)])) {
    const [from, to] = [own(before.links, predicate) ?? [], own(after.links, predicate) ?? []];
    if (canonicalText(from) !== canonicalText(to)) changed.set(predicate, { before: from, after: to });
  }
  return changed;
}

/** A property of the object itself: names come from programs and may be `constructor` or `__proto__`. */
function own<T>(object: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
