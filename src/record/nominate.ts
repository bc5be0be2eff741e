// What the model and the code say is to be recorded: entities with their state attributes, and the places that write them. Pure.
import { isSecret, type Model, type SourcePosition, type WorkspaceFile } from '../model/index.ts';
import { isPassing, type CodeModel, type CodeType } from '../source/index.ts';
import type { SitePhase, WatchedEntity } from './plan.ts';

/** A write or construction in the source, by the entity it concerns. */
export interface Nominated {
  readonly entity: number;
  /** Absent: a construction. */
  readonly property?: string;
  readonly at: SourcePosition;
  readonly phase: SitePhase;
}

export interface Nomination {
  readonly entities: readonly WatchedEntity[];
  /** By file, then line. */
  readonly places: ReadonlyMap<string, ReadonlyMap<number, readonly Nominated[]>>;
  readonly files: readonly string[];
  /** Names of the collections that keep things of which the program declares a removal; of a private member without `#`. */
  readonly stores: ReadonlySet<string>;
  /** Some entity may be an object of no class. */
  readonly hasPlain: boolean;
  /** Some entity is taken out of a collection of the program, or comes into being by being put there. */
  readonly hasStores: boolean;
  /** False: there is no source, so names alone decide. */
  readonly hasCode: boolean;
}

export function nominate(model: Model, code: CodeModel | undefined, file: WorkspaceFile = {}): Nomination {
  const entities: WatchedEntity[] = [];
  const places = new Map<string, Map<number, Nominated[]>>();
  const stores = new Set<string>();
  let [hasPlain, hasStores] = [code === undefined, code === undefined];
  const add = (place: Nominated): void => {
    const lines = places.get(place.at.file) ?? new Map<number, Nominated[]>();
    places.set(place.at.file, lines);
    lines.set(place.at.line, [...(lines.get(place.at.line) ?? []), place]);
  };
  for (const entity of model.entities) {
    const states = entity.attributes.filter((each) => each.role === 'state').map((each) => each.name);
    const identity = entity.identity ?? [];
    if (states.length === 0 || identity.length === 0) continue;
    const types = typesOf(code, entity.name, entity.source);
    const arePlain = types.length === 0 || types.some((type) => !isOfClass(type));
    hasPlain ||= arePlain;
    // Of a class: seen where it is made, so that only what takes it out by its key is of interest.
    hasStores ||= arePlain || types.some(({ stores }) => stores.some(({ keyField }) => keyField !== undefined));
    const index = entities.length;
    const property = propertyNames(types);
    const tags = new Map<string, string>();
    for (const field of types.flatMap((type) => type.fields))
      if (field.type.tag !== undefined) tags.set(field.name, field.type.tag);
    entities.push({
      name: entity.name,
      identity: identity.map(property),
      states: states.filter((name) => !isSecret(entity.name, name, file)).map(property),
      properties: entity.attributes.filter((a) => !isSecret(entity.name, a.name, file)).map((a) => property(a.name)),
      secrets: entity.attributes.filter((a) => isSecret(entity.name, a.name, file)).map((a) => property(a.name)),
      tags: Object.fromEntries(tags),
    });
    const watched = new Set(states.map(property));
    for (const type of types) {
      for (const at of type.constructions) add({ entity: index, at, phase: 'initial' });
      for (const field of type.fields)
        if (watched.has(field.name))
          for (const { source, phase } of field.writes) add({ entity: index, property: field.name, at: source, phase });
    }
    const isGone = model.transitions.some(
      ({ object, postState }) =>
        object === entity.name && typeof postState === 'object' && postState !== null && '$gone' in postState,
    );
    if (isGone) for (const name of keeping(types)) stores.add(name);
    hasStores ||= isGone;
  }
  const files = new Set(code?.types.flatMap((type) => [type.source.file, ...type.constructions.map((c) => c.file)]));
  for (const name of places.keys()) files.add(name);
  return { entities, places, files: [...files], stores, hasPlain, hasStores, hasCode: code !== undefined };
}

/** The type an entity was made from, and the members where it is a union. */
function typesOf(code: CodeModel | undefined, name: string, at: SourcePosition | undefined): CodeType[] {
  if (!code) return [];
  const found = code.types.filter(
    (type) => (at && type.source.file === at.file && type.source.line === at.line) || (!at && type.name === name),
  );
  const own = found.length > 0 ? found : code.types.filter((type) => type.name === name);
  const members = new Set(own.flatMap((type) => type.members ?? []));
  return [...own, ...code.types.filter((type) => members.has(type.key) && !own.includes(type))];
}

/** Where a thing is kept and not only listed: under its key where it is so anywhere, else in no list that it passes through. */
function keeping(types: readonly CodeType[]): string[] {
  const all = types.flatMap((type) => type.stores);
  const keyed = all.filter(({ keyField }) => keyField !== undefined);
  return (keyed.length > 0 ? keyed : all.filter(({ name }) => !isPassing(name))).map(({ name }) =>
    name.replace(/^#/, ''),
  );
}

/** A class, or a name for something that the program makes nowhere by itself: no literal is one. */
function isOfClass({ form, constructions, stores }: CodeType): boolean {
  if (form === 'class') return true;
  return (form === 'alias' || form === 'union') && constructions.length === 0 && stores.length === 0;
}

/** Model names are without `#`; the program's property has it where it is private. */
function propertyNames(types: readonly CodeType[]): (name: string) => string {
  const stored = new Set(types.flatMap((type) => type.fields.filter((f) => !f.derived).map((f) => f.name)));
  return (name) => (!stored.has(name) && stored.has(`#${name}`) ? `#${name}` : name);
}
