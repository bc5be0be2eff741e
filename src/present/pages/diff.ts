// Two places compared: what changed, and for each change the event that explains it, where one was observed.
import {
  changedRef,
  diffStates,
  isStop,
  type Change,
  type Model,
  type Point,
  type SemanticState,
} from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import type { Arguments, DiffPage } from '../requests.ts';
import { eventRow, shortValue } from './describe.ts';
import { clamp, MOST_ROWS } from './events.ts';
import { machineOf, shownState } from './machines.ts';
import { pointOf, type Scene } from './scene.ts';

const USUAL_ROWS = 200;
const kept = new WeakMap<SemanticState, WeakMap<SemanticState, readonly Change[]>>();

/** From the last consistent snapshot before the cursor (else the first point) to the cursor, unless said otherwise. */
export function diffPage(scene: Scene, args: Arguments<'semantic/diff'>): DiffPage {
  const { store, model } = scene;
  const to = args.to === undefined ? pointOf(scene) : store.previous(args.to + 1);
  const from = args.from === undefined ? startOf(store, to) : store.previous(args.from + 1);
  const [a, b] = [from?.seq ?? 0, to?.seq ?? 0];
  const changes = changesBetween(store.stateAt(a), store.stateAt(b));
  const offset = clamp(args.offset, 0, changes.length);
  const rows = changes.slice(offset, offset + clamp(args.limit ?? USUAL_ROWS, 0, MOST_ROWS));
  return {
    from: { seq: a, time: from?.time ?? 0 },
    to: { seq: b, time: to?.time ?? 0 },
    total: changes.length,
    rows: rows.map((change) => rowOf(store, model, change, Math.min(a, b), Math.max(a, b))),
  };
}

/** Back from the cursor, snapshot by snapshot; the one the cursor stands at would compare it with itself. */
function startOf(store: TimelineStore, to: Point | undefined): Point | undefined {
  const snapshots = { kinds: ['snapshot'] as const };
  let point = store.previous(to?.seq ?? 0, snapshots);
  while (point?.kind === 'snapshot' && point.consistency !== 'consistent') point = store.previous(point.seq, snapshots);
  return point ?? store.next(0);
}

function changesBetween(a: SemanticState, b: SemanticState): readonly Change[] {
  const known = kept.get(a) ?? new WeakMap<SemanticState, readonly Change[]>();
  kept.set(a, known);
  const changes = known.get(b) ?? diffStates(a, b);
  known.set(b, changes);
  return changes;
}

function rowOf(store: TimelineStore, model: Model, change: Change, a: number, b: number): DiffPage['rows'][number] {
  const { entity, id } = changedRef(change);
  const event = explains(store, change, a, b);
  return {
    ...{ ref: { entity, id }, kind: change.kind },
    ...sides(change, model),
    ...(event && { event: eventRow(event) }),
  };
}

function sides(change: Change, model: Model): { attribute?: string; before?: string; after?: string } {
  switch (change.kind) {
    case 'created':
    case 'removed': {
      const machine = machineOf(model, change.instance.entity);
      const state = shownState(change.instance, machine);
      if (!machine || state === undefined) return {};
      return { attribute: machine.attribute, ...(change.kind === 'created' ? { after: state } : { before: state }) };
    }
    case 'attribute':
      return {
        attribute: change.attribute,
        ...(change.before !== undefined && { before: shortValue(change.before) }),
        ...(change.after !== undefined && { after: shortValue(change.after) }),
      };
    case 'link': {
      const text = (refs: typeof change.before): string =>
        shortValue({ $type: 'list', value: refs.map(({ id }) => id) });
      return { attribute: change.predicate, before: text(change.before), after: text(change.after) };
    }
  }
}

/** The last event in between that touched the same thing; nothing is said where none did. */
function explains(store: TimelineStore, change: Change, a: number, b: number): Point | undefined {
  const { entity, id } = changedRef(change);
  const attribute =
    change.kind === 'attribute' ? change.attribute : change.kind === 'link' ? change.predicate : undefined;
  const filter = { object: { entity, id }, ...(attribute !== undefined && { attribute }) };
  let point = store.previous(b + 1, filter);
  const edge = attribute === undefined;
  while (edge && point?.kind === 'event' && point.seq > a && !isEdge(point)) point = store.previous(point.seq, filter);
  return point && point.seq > a && isStop(point) ? point : undefined;
}

function isEdge(point: Point): boolean {
  return point.kind === 'event' && (point.change?.kind === 'created' || point.change?.kind === 'removed');
}
