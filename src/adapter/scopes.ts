// The five scopes of a frame: what changed at this point, what there is, how it is related, what happened to it, and where.
import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  changedRef,
  showRef,
  showValue,
  toIso,
  type Change,
  type Context,
  type ContextParameter,
  type EntityRef,
  type EventPoint,
  type Point,
  type Value,
} from '../model/index.ts';
import { describePoint, instancesByType } from '../present/index.ts';
import { entitiesLine, entityVariable, stateTarget, typeVariable, type Tree } from './entityTree.ts';
import type { ValueFormat } from './literals.ts';
import { literalLine } from './literals.ts';
import {
  announced,
  lazyContainer,
  listOf,
  NOTHING,
  pagedContainer,
  type Container,
  type Variable,
} from './references.ts';
import { relationsContainer } from './relations.ts';
import { valueVariable } from './valueTree.ts';

export function scopesOf(tree: Tree, point: Point | undefined): DebugProtocol.Scope[] {
  // Stepping must not cost what looking costs: a scope is made when it is opened.
  const scope = (name: string, make: () => Container, expensive = false): DebugProtocol.Scope => ({
    name,
    variablesReference: tree.references.add(lazyContainer(make)),
    expensive,
  });
  return [
    scope('Changed', () => changedContainer(tree, point)),
    scope('Entities', () => typesContainer(tree)),
    // Counting links looks at every entity.
    scope('Relations', () => relationsContainer(tree), true),
    scope('Events', () => eventsContainer(tree)),
    scope('Context', () => contextContainer(tree, point)),
  ];
}

function typesContainer(tree: Tree): Container {
  const present = instancesByType(tree.view.session.store.stateAt(tree.seq));
  const names = [...new Set([...tree.view.session.model().entities.map(({ name }) => name), ...present.keys()])];
  return {
    ...pagedContainer(listOf(names.map((name) => () => typeVariable(tree, name)))),
    watch: (name) => stateTarget(tree, name),
  };
}

/** What the point did: one change of an event; of a snapshot, the values that it could read and none before it. */
function changedContainer(tree: Tree, point: Point | undefined): Container {
  const changes = changesOf(point);
  const byName = new Map(changes.map((change) => [changeName(change), change]));
  return {
    ...pagedContainer(listOf(changes.map((change) => (format) => changeVariable(tree, change, format)))),
    watch: (name) => {
      const change = byName.get(name);
      if (!change || change.kind === 'created' || change.kind === 'removed') return undefined;
      const { entity, id } = change.ref;
      return { kind: 'data', entity, id, attribute: change.kind === 'link' ? change.predicate : change.attribute };
    },
  };
}

function changesOf(point: Point | undefined): readonly Change[] {
  if (point?.kind === 'event') return point.change ? [point.change] : [];
  return point?.kind === 'snapshot' ? (point.learned ?? []) : [];
}

function changeName(change: Change): string {
  const whose = showRef(changedRef(change));
  if (change.kind === 'attribute') return `${whose}.${change.attribute}`;
  return change.kind === 'link' ? `${whose}.${change.predicate}` : whose;
}

function changeVariable(tree: Tree, change: Change, format: ValueFormat): Variable {
  const name = changeName(change);
  const ref: EntityRef = changedRef(change);
  if (change.kind === 'created') return { ...entityVariable(tree, name, ref), value: 'created' };
  if (change.kind === 'removed') {
    // It is gone here: what is shown is what it was at the point before.
    return { ...entityVariable({ ...tree, seq: tree.seq - 1 }, name, ref), value: 'removed' };
  }
  const entity = (): Variable => entityVariable(tree, showRef(ref), ref);
  if (change.kind === 'link') {
    const side = (label: string, refs: readonly EntityRef[]) => () => linkSide(tree, label, refs);
    return {
      name,
      value: `${entitiesLine(change.before)} -> ${entitiesLine(change.after)}`,
      type: 'relation',
      ...announced(
        tree.references,
        pagedContainer(listOf([side('before', change.before), side('after', change.after), entity])),
      ),
    };
  }
  const { link } = change;
  const ends = link
    ? [() => linkSide(tree, 'refers to', link.after), () => linkSide(tree, 'referred to', link.before)]
    : [];
  const side = (label: string, value: Value | undefined) => (shown: ValueFormat) =>
    valueVariable(tree.references, label, value, shown);
  return {
    name,
    value: `${literalLine(change.before, format)} -> ${literalLine(change.after, format)}`,
    type: 'change',
    presentationHint: { kind: 'data', attributes: ['readOnly'] },
    ...announced(
      tree.references,
      pagedContainer(listOf([side('before', change.before), side('after', change.after), ...ends, entity])),
    ),
  };
}

function linkSide(tree: Tree, name: string, refs: readonly EntityRef[]): Variable {
  return {
    name,
    value: entitiesLine(refs),
    ...announced(
      tree.references,
      pagedContainer(NOTHING, {
        total: refs.length,
        page: (start, count) => refs.slice(start, start + count).map((ref) => entityVariable(tree, showRef(ref), ref)),
      }),
    ),
  };
}

const LATEST = 100;

/** Up to the cursor, the latest first: of the entity in focus, else of everything. */
function eventsContainer(tree: Tree): Container {
  const { store } = tree.view.session;
  const { focus } = tree.view;
  const events: EventPoint[] = [];
  const filter = { kinds: ['event'] as const, ...(focus && { object: focus }) };
  let point = store.previous(tree.seq + 1, filter);
  while (point?.kind === 'event' && events.length < LATEST) {
    events.push(point);
    point = store.previous(point.seq, filter);
  }
  return pagedContainer(listOf(events.map((event) => () => eventVariable(tree, event))));
}

function eventVariable(tree: Tree, event: EventPoint): Variable {
  const { references } = tree;
  const text = (name: string, value: string) => (): Variable => ({ name, value, variablesReference: 0 });
  const rows: ((format: ValueFormat) => Variable)[] = [
    () => entityVariable({ ...tree, seq: event.seq }, 'object', event.object),
    ...(event.attribute === undefined ? [] : [text('attribute', event.attribute)]),
    (format) => valueVariable(references, 'preState', valueOrEdge(event.preState), format),
    (format) => valueVariable(references, 'postState', valueOrEdge(event.postState), format),
    ...(event.type === undefined ? [] : [text('type', event.likely ? `${event.type} (likely)` : event.type)]),
    ...(event.subject ? [() => entityVariable(tree, 'subject', event.subject as EntityRef)] : []),
    ...(event.source ? [text('source', `${event.source.file}:${event.source.line}`)] : []),
    text('observed', event.since === undefined ? event.observed : `${event.observed}, after ${toIso(event.since)}`),
    ...(event.method ? [text('method', event.method)] : []),
    ...(event.thread === undefined ? [] : [text('thread', event.thread)]),
    ...(event.trace ? [text('trace', event.trace.traceId)] : []),
    ...(event.breaks?.length ? [text('breaks', event.breaks.join(', '))] : []),
  ];
  return {
    name: `#${event.seq} ${toIso(event.time).slice(11, -1)}`,
    value: describePoint(event),
    type: event.type ?? 'event',
    ...announced(references, pagedContainer(listOf(rows))),
  };
}

function valueOrEdge(state: EventPoint['preState'] | EventPoint['postState']): Value | undefined {
  return typeof state === 'object' && state !== null && ('$new' in state || '$gone' in state)
    ? undefined
    : (state as Value);
}

const DIMENSIONS = ['space', 'time', 'subject', 'device'] as const;

/** The event's own context first; what the attach knows fills the rest. */
function contextContainer(tree: Tree, point: Point | undefined): Container {
  const general = tree.view.session.model().context;
  const own: Context | undefined = point?.kind === 'event' ? point.context : undefined;
  const measured: readonly ContextParameter[] = point
    ? [
        { name: 'observed', value: toIso(point.time), from: 'clock' },
        ...('since' in point && point.since !== undefined ? [{ name: 'after', value: toIso(point.since) }] : []),
      ]
    : [];
  const rows = DIMENSIONS.map((dimension) => () => {
    const particular = [...(dimension === 'time' ? measured : []), ...(own?.[dimension] ?? [])];
    const names = new Set(particular.map(({ name }) => name));
    const all = [...particular, ...general[dimension].filter(({ name }) => !names.has(name))];
    const subject = dimension === 'subject' && point?.kind === 'event' ? point.subject : undefined;
    return dimensionVariable(tree, dimension, all, subject);
  });
  return pagedContainer(listOf(rows));
}

function dimensionVariable(
  tree: Tree,
  name: string,
  parameters: readonly ContextParameter[],
  subject: EntityRef | undefined,
): Variable {
  const rows: ((format: ValueFormat) => Variable)[] = [
    ...(subject ? [() => entityVariable(tree, 'by', subject)] : []),
    ...parameters.map((one) => (format: ValueFormat) => ({
      ...valueVariable(tree.references, one.name, one.value, format),
      ...(one.from !== undefined && { type: one.from }),
    })),
  ];
  const shown = [
    ...(subject ? [showRef(subject)] : []),
    ...parameters.map((one) => `${one.name} ${showValue(one.value, 60)}`),
  ];
  return {
    name,
    value: shown.join(', ') || 'not known',
    ...announced(tree.references, pagedContainer(listOf(rows))),
  };
}
