// A folder of its own for each test, removed after it, and points as short lines.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Change, EntityInstance, EntityRef, EventPoint, NewPoint, Value } from '../../src/model/index.ts';
import { NEW, GONE } from '../../src/model/index.ts';
import { openTimeline, type TimelineStore } from '../../src/timeline/index.ts';

export type NewEvent = Omit<EventPoint, 'seq'>;

export function scratchFile(t: TestContext, name = 'timeline.semstate'): string {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-timeline-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

export function scratchTimeline(t: TestContext): TimelineStore {
  const store = openTimeline(scratchFile(t));
  t.after(() => store.dispose());
  return store;
}

export const order = (id: string | number): EntityRef => ({ entity: 'Order', id });

export function instance(ref: EntityRef, attributes: Record<string, Value>): EntityInstance {
  return { entity: ref.entity, id: ref.id, attributes, links: {} };
}

export function created(time: number, one: EntityInstance): NewEvent {
  const { status } = one.attributes;
  return {
    ...{ kind: 'event', time, object: { entity: one.entity, id: one.id }, preState: NEW, observed: 'recorded' },
    ...(status !== undefined && { attribute: 'status' }),
    postState: status ?? { $type: 'undefined' },
    change: { kind: 'created', instance: one },
  };
}

export function removed(time: number, one: EntityInstance): NewEvent {
  const { status } = one.attributes;
  return {
    ...{ kind: 'event', time, object: { entity: one.entity, id: one.id }, postState: GONE, observed: 'recorded' },
    ...(status !== undefined && { attribute: 'status' }),
    preState: status ?? { $type: 'undefined' },
    change: { kind: 'removed', instance: one },
  };
}

export function changed(time: number, ref: EntityRef, attribute: string, before: Value, after: Value): NewEvent {
  const change: Change = { kind: 'attribute', ref, attribute, before, after };
  return {
    kind: 'event',
    time,
    object: ref,
    attribute,
    preState: before,
    postState: after,
    observed: 'recorded',
    change,
  };
}

export function snapshot(time: number, id: string, more: Partial<NewPoint> = {}): NewPoint {
  return {
    ...{ kind: 'snapshot', time, id, method: 'heap', bytes: 1000, pauseMs: 31, consistency: 'consistent' },
    ...{ entities: 0, problems: 0 },
    ...more,
  } as NewPoint;
}
