// What is looked at to find laws: each version of each entity once, and each step from one version to the next.
import {
  canonicalText,
  isMissing,
  isRedacted,
  isTagged,
  refKey,
  type EntityInstance,
  type EntityRef,
} from '../../model/index.ts';
import type { EventPoint, Micros, Model, SemanticState, Value } from '../../model/index.ts';

export interface Sample {
  readonly time: Micros;
  readonly state: SemanticState;
}

export interface MiningInput {
  readonly model: Model;
  /** States of the service, in order. */
  readonly samples: readonly Sample[];
  readonly events: readonly EventPoint[];
}

/** One instance as it was seen, in the state around it. */
export interface Version {
  readonly instance: EntityInstance;
  readonly state: SemanticState;
  readonly time: Micros;
}

export interface Step {
  readonly before: EntityInstance;
  readonly after: EntityInstance;
}

export interface Evidence {
  readonly model: Model;
  /** By type; versions that differ in nothing are one. */
  readonly versions: ReadonlyMap<string, readonly Version[]>;
  /** Two versions of one entity that follow each other, by type. */
  readonly steps: ReadonlyMap<string, readonly Step[]>;
  readonly since: Micros;
  readonly last?: Sample;
  readonly events: readonly EventPoint[];
}

export function gatherEvidence({ model, samples, events }: MiningInput): Evidence {
  const versions = new Map<string, Version[]>();
  const steps = new Map<string, Step[]>();
  const latest = new Map<string, { readonly text: string; readonly instance: EntityInstance }>();
  for (const { state, time } of samples) {
    for (const [key, instance] of state) {
      const known = latest.get(key);
      if (known?.instance === instance) continue;
      const text = canonicalText([instance.attributes, instance.links]);
      if (known?.text === text) continue;
      latest.set(key, { text, instance });
      put(versions, instance.entity, { instance, state, time });
      if (known) put(steps, instance.entity, { before: known.instance, after: instance });
    }
  }
  const last = samples.at(-1);
  return { model, versions, steps, since: samples[0]?.time ?? 0, events, ...(last && { last }) };
}

function put<T>(into: Map<string, T[]>, key: string, value: T): void {
  const list = into.get(key);
  if (list) list.push(value);
  else into.set(key, [value]);
}

export type Scalar = string | number | boolean | null;

/** A value that laws can be about; undefined: not known, or no single value. Absent is null. */
export function scalarOf(instance: EntityInstance, name: string): Scalar | undefined {
  const value: Value | undefined = Object.hasOwn(instance.attributes, name) ? instance.attributes[name] : null;
  if (value === undefined || isMissing(value) || isRedacted(value)) return undefined;
  if (!isTagged(value)) return value;
  if (value.$type === 'undefined') return null;
  return undefined;
}

/** A number, or a time as its milliseconds; undefined: neither, or not known. */
export function magnitudeOf(instance: EntityInstance, name: string): number | undefined {
  const value = Object.hasOwn(instance.attributes, name) ? instance.attributes[name] : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (value !== undefined && isTagged(value) && value.$type === 'date' && typeof value.value === 'string')
    return Date.parse(value.value);
  return undefined;
}

export function isDate(instance: EntityInstance, name: string): boolean {
  const value = Object.hasOwn(instance.attributes, name) ? instance.attributes[name] : undefined;
  return value !== undefined && isTagged(value) && value.$type === 'date';
}

export function linked(version: Version, predicate: string): readonly EntityInstance[] | undefined {
  const targets: readonly EntityRef[] | undefined = version.instance.links[predicate];
  if (!targets) return undefined;
  const found = targets.flatMap((target) => version.state.get(refKey(target)) ?? []);
  return found.length === targets.length ? found : undefined;
}

/** Words of a name: `paidAt` is paid, at. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
}
