// An object-centric event log being gathered: objects with the values they had and when, events with what they touched.
// The form is OCEL 2.0 JSON, see https://www.ocel-standard.org; values are text there, their types stand in the type lists.
import type { EntityRef, Micros, Value } from '../../model/index.ts';
import { refKey, toIso } from '../../model/index.ts';
import { cleanText, exactText } from './text.ts';

export interface OcelLog {
  readonly objectTypes: readonly OcelType[];
  readonly eventTypes: readonly OcelType[];
  readonly objects: readonly OcelObject[];
  readonly events: readonly OcelEvent[];
}
export type OcelAttributeType = 'string' | 'time' | 'integer' | 'float' | 'boolean';
export interface OcelType {
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly type: OcelAttributeType }[];
}
export interface OcelRelationship {
  readonly objectId: string;
  readonly qualifier: string;
}
export interface OcelObject {
  readonly id: string;
  readonly type: string;
  readonly attributes: { readonly name: string; readonly value: string; readonly time: string }[];
  readonly relationships: OcelRelationship[];
}
export interface OcelEvent {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  readonly relationships: readonly OcelRelationship[];
}

/** Types by name, each with its attributes and the one type that holds all values seen. */
export class OcelTypes {
  readonly #types = new Map<string, Map<string, OcelAttributeType>>();

  add(name: string): void {
    if (!this.#types.has(name)) this.#types.set(name, new Map());
  }

  note(name: string, attribute: string, type: OcelAttributeType): void {
    this.add(name);
    const attributes = this.#types.get(name);
    const known = attributes?.get(attribute);
    attributes?.set(attribute, known === undefined ? type : wider(known, type));
  }

  list(): OcelType[] {
    return [...this.#types].map(([name, attributes]) => ({
      name,
      attributes: [...attributes].map(([attribute, type]) => ({ name: attribute, type })),
    }));
  }
}

function wider(a: OcelAttributeType, b: OcelAttributeType): OcelAttributeType {
  if (a === b) return a;
  return [a, b].every((each) => each === 'integer' || each === 'float') ? 'float' : 'string';
}

function typeOf(value: Value): OcelAttributeType {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  if (typeof value !== 'object' || value === null) return 'string';
  if (value.$type === 'bigint') return 'integer';
  return value.$type === 'date' && typeof value.value === 'string' ? 'time' : 'string';
}

/** Objects by reference: one id each, whatever their names hold. */
export class OcelObjects {
  readonly types: OcelTypes;
  readonly #objects = new Map<string, OcelObject>();
  readonly #ids = new Set<string>();
  readonly #latest = new Map<string, string>();
  readonly #related = new Set<string>();

  constructor(types: OcelTypes) {
    this.types = types;
  }

  object(ref: EntityRef): OcelObject {
    const key = refKey(ref);
    const known = this.#objects.get(key);
    if (known) return known;
    const type = cleanText(ref.entity);
    const object: OcelObject = { id: this.#idOf(ref), type, attributes: [], relationships: [] };
    this.#objects.set(key, object);
    this.types.add(type);
    return object;
  }

  /** The value from this time on; what is not known is not written, and what did not change is not written again. */
  set(ref: EntityRef, attribute: string, value: Value | undefined, time: Micros): void {
    const text = exactText(value);
    const object = this.object(ref);
    const name = cleanText(attribute);
    const key = JSON.stringify([object.id, name]);
    if (value === undefined || text === undefined || this.#latest.get(key) === text) return;
    this.#latest.set(key, text);
    const at = toIso(time);
    const same = object.attributes.findIndex((each) => each.name === name && each.time === at);
    if (same >= 0) object.attributes.splice(same, 1);
    object.attributes.push({ name, value: text, time: at });
    this.types.note(object.type, name, typeOf(value));
  }

  relate(from: EntityRef, predicate: string, to: readonly EntityRef[]): void {
    const object = this.object(from);
    for (const target of to) {
      const relationship = { objectId: this.object(target).id, qualifier: cleanText(predicate) };
      const key = JSON.stringify([object.id, relationship.objectId, relationship.qualifier]);
      if (this.#related.has(key)) continue;
      this.#related.add(key);
      object.relationships.push(relationship);
    }
  }

  list(): OcelObject[] {
    return [...this.#objects.values()];
  }

  /** `Order:1042`; a text that reads like a number is quoted, and whatever is still taken is counted on. */
  #idOf({ entity, id }: EntityRef): string {
    const key = typeof id === 'string' && String(Number(id)) === id ? JSON.stringify(id) : String(id);
    const wished = cleanText(`${entity}:${key}`);
    let free = wished;
    for (let n = 2; this.#ids.has(free); n++) free = `${wished}~${n}`;
    this.#ids.add(free);
    return free;
  }
}
