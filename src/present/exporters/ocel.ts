// The whole timeline as an object-centric event log, for process mining.
import {
  refKey,
  toIso,
  type Change,
  type EntityInstance,
  type EntityRef,
  type EventPoint,
  type LinkChange,
  type Micros,
  type Model,
  type Point,
} from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import { valueOf } from '../pages/describe.ts';
import { activityOf } from './activity.ts';
import { cleanText, exactText } from './text.ts';
import { OcelObjects, OcelTypes, type OcelEvent, type OcelLog, type OcelRelationship } from './ocelLog.ts';

export function ocelOf(store: TimelineStore, points: Iterable<Point>): OcelLog {
  const objects = new OcelObjects(new OcelTypes());
  const eventTypes = new OcelTypes();
  const model = store.model();
  for (const { name } of model?.entities ?? []) objects.types.add(cleanText(name));
  const events: OcelEvent[] = [];
  for (const point of points) {
    if (point.kind === 'snapshot') {
      // A recording may begin anew at a snapshot: what it shows and no event told is known from here on.
      for (const instance of store.stateAt(point.seq).values()) show(objects, instance, point.time);
    } else if (point.kind === 'event') {
      const related = point.change ? apply(objects, point.change, point.time) : [];
      events.push(eventOf(point, objects, eventTypes, model, related));
    }
  }
  return { objectTypes: objects.types.list(), eventTypes: eventTypes.list(), objects: objects.list(), events };
}

interface Related {
  readonly ref: EntityRef;
  readonly predicate: string;
}

function show(objects: OcelObjects, instance: EntityInstance, time: Micros): void {
  objects.object(instance);
  for (const [name, value] of Object.entries(instance.attributes)) objects.set(instance, name, value, time);
  for (const [predicate, targets] of Object.entries(instance.links)) objects.relate(instance, predicate, targets);
}

/** Carries a change into the objects; returns what it linked to or unlinked from. */
function apply(objects: OcelObjects, change: Change, time: Micros): Related[] {
  switch (change.kind) {
    case 'created':
    case 'removed': {
      show(objects, change.instance, time);
      return Object.entries(change.instance.links).flatMap(([predicate, refs]) =>
        refs.map((ref) => ({ ref, predicate })),
      );
    }
    case 'attribute':
      objects.set(change.ref, change.attribute, change.after, time);
      return change.link ? relink(objects, change.ref, change.attribute, change.link) : [];
    case 'link':
      return relink(objects, change.ref, change.predicate, change);
  }
}

function relink(objects: OcelObjects, ref: EntityRef, predicate: string, { before, after }: LinkChange): Related[] {
  objects.relate(ref, predicate, after);
  const kept = new Set(after.filter((one) => before.some((each) => refKey(each) === refKey(one))).map(refKey));
  const touched = [...before, ...after].filter((one) => !kept.has(refKey(one)));
  return touched.map((one) => ({ ref: one, predicate }));
}

function eventOf(
  event: EventPoint,
  objects: OcelObjects,
  types: OcelTypes,
  model: Model | undefined,
  related: readonly Related[],
): OcelEvent {
  const type = cleanText(event.type ?? activityOf(event, model));
  types.add(type);
  const attributes: { name: string; value: string }[] = [];
  const add = (
    name: string,
    value: string | undefined,
    kind: 'string' | 'time' | 'boolean' | 'integer' = 'string',
  ): void => {
    if (value === undefined) return;
    attributes.push({ name, value });
    types.note(type, name, kind);
  };
  add('attribute', event.attribute === undefined ? undefined : cleanText(event.attribute));
  add('preState', exactText(valueOf(event.preState)));
  add('postState', exactText(valueOf(event.postState)));
  add('observed', event.observed);
  add('since', event.since === undefined ? undefined : toIso(event.since), 'time');
  add('likely', event.likely === undefined ? undefined : String(event.likely), 'boolean');
  add('file', event.source && cleanText(event.source.file));
  add('line', event.source && String(event.source.line), 'integer');
  add('breaks', event.breaks?.join(' '));
  const relationships = new Map<string, OcelRelationship>();
  const relate = (ref: EntityRef, qualifier: string): void => {
    const relationship = { objectId: objects.object(ref).id, qualifier: cleanText(qualifier) };
    relationships.set(JSON.stringify(relationship), relationship);
  };
  relate(event.object, 'object');
  if (event.subject) relate(event.subject, 'subject');
  for (const { ref, predicate } of related) relate(ref, predicate);
  return { id: `e${event.seq}`, type, time: toIso(event.time), attributes, relationships: [...relationships.values()] };
}
