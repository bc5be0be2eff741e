// What the probe tells, in the model's terms; and what belongs to the making of a thing. Pure.
import {
  NEW,
  NO_CONTEXT,
  type Change,
  type Context,
  type EntityInstance,
  type EntityRef,
  type EventPoint,
  type StackFrame,
  type Value,
} from '../model/index.ts';
import type { Site, WatchedEntity } from './plan.ts';
import type { ProbeRecord } from './probeAnswer.ts';
import type { Happened, NamingRules } from './sentNames.ts';
import type { Thing } from './things.ts';

export type RecordedEvent = Omit<EventPoint, 'seq'>;
export type Draft = Pick<RecordedEvent, 'object' | 'attribute' | 'preState' | 'postState'> & {
  readonly change?: Change;
};

export interface LedgerOptions {
  readonly target?: string;
  /** Where the service runs: what every event carries. */
  readonly space?: Context['space'];
  readonly stack?: (text: string) => readonly StackFrame[];
  /** The declared name of what leads from one state to the other at that place. */
  readonly typeOf?: (
    event: Pick<RecordedEvent, 'object' | 'attribute' | 'preState' | 'postState' | 'source'>,
  ) => string | undefined;
  readonly admits?: NamingRules['admits'];
}

export function instanceOf(
  thing: Pick<Thing, 'ref' | 'states' | 'whole'>,
  record: ProbeRecord,
  entity: WatchedEntity,
): EntityInstance {
  const attributes: { [name: string]: Value } = {};
  for (const [property, told] of Object.entries(record.w ?? thing.whole ?? {})) {
    const value = valueOf(told);
    if (value !== undefined) attributes[plainName(property)] = value;
  }
  for (const [property, value] of thing.states) attributes[plainName(property)] = value;
  const [identity, second] = entity.identity;
  if (identity !== undefined && second === undefined) attributes[plainName(identity)] = thing.ref.id;
  return { ...thing.ref, attributes, links: {} };
}

export function plainName(property: string): string {
  return property.replace(/^#/, '');
}

/** The probe's form of a value is the contract's, but for minus zero, which JSON has no text for. */
export function valueOf(told: unknown): Value | undefined {
  if (told === undefined) return undefined;
  if (typeof told === 'object' && told !== null && '$type' in told && told.$type === 'minus-zero') return -0;
  return told as Value;
}

export function isUndefined(value: Value): boolean {
  return typeof value === 'object' && value !== null && value.$type === 'undefined';
}

/** What is set on a thing that is still being made belongs to its making, while that was not told yet. */
export function amend(
  thing: { readonly ref: EntityRef; readonly states: Map<string, Value> },
  property: string,
  after: Value,
  events: Happened[],
): boolean {
  const attribute = plainName(property);
  const isFirst = (e: Happened): e is RecordedEvent =>
    e.kind === 'event' && e.object === thing.ref && e.preState === NEW;
  const at = events.findLastIndex((e) => isFirst(e) && e.attribute === attribute);
  const made = events.findLastIndex((e) => isFirst(e) && e.change?.kind === 'created');
  const [event, first] = [events[at], events[made]];
  if (first?.kind !== 'event' || first.change?.kind !== 'created') return false;
  thing.states.set(property, after);
  const attributes = { ...first.change.instance.attributes, [attribute]: after };
  const { since: _, ...base } = first;
  events[made] = { ...base, change: { kind: 'created', instance: { ...first.change.instance, attributes } } };
  if (event?.kind === 'event')
    events[at] = { ...(at === made ? (events[made] as RecordedEvent) : event), postState: after };
  else {
    const { change: _c, ...companion } = first;
    events.splice(made + 1, 0, { ...companion, attribute, postState: after });
  }
  return true;
}

export function eventOf(draft: Draft, record: ProbeRecord, site: Site, options: LedgerOptions): RecordedEvent {
  const { target, space = [], stack, typeOf } = options;
  const { source } = site;
  const type = typeOf?.({ ...draft, ...(source && { source }) });
  const frames = record.frames ?? (record.stack === undefined ? undefined : stack?.(record.stack));
  return {
    kind: 'event',
    time: record.t,
    ...(type !== undefined && { type }),
    ...draft,
    ...(source && { source }),
    ...(frames && frames.length > 0 && { stack: frames }),
    observed: 'recorded',
    method: site.method ?? 'edit',
    ...(target !== undefined && { target }),
    ...aroundOf(record, space),
  };
}

/** The context of an event: where the service runs, in which thread, and what was told of the request. */
export function aroundOf(
  record: Pick<ProbeRecord, 'around' | 'thread'>,
  space: Context['space'],
): Pick<RecordedEvent, 'context' | 'trace' | 'thread'> {
  const { thread } = record;
  const { context, trace } = record.around ?? {};
  const where =
    space.length > 0 ? { ...(context ?? NO_CONTEXT), space: [...space, ...(context?.space ?? [])] } : context;
  return { ...(where && { context: where }), ...(trace && { trace }), ...(thread !== undefined && { thread }) };
}
