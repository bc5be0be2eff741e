// Lanes of the time axis: the focus, what stands around it or shares the trace of its event, and the relations nobody fills; or
// all entities, part by part.
import { refKey, showRef, type EntityRef, type EventPoint, type Violation } from '../../model/index.ts';
import type { Arguments, Lane, Mark, Result } from '../requests.ts';
import { brokenSince, stepViolations, violationsOf } from './broken.ts';
import { censusOf } from './census.ts';
import { describeChange, isGone, isNew } from './describe.ts';
import { clamp } from './events.ts';
import { machineOf, shownState } from './machines.ts';
import { pointOf, stateOf, type Scene } from './scene.ts';
import { segmentsOf } from './segments.ts';
import { ghostsOf, instanceNear, neighboursOf } from './surroundings.ts';
import { tracedWith } from './traces.ts';

const MOST_LANES = 200;
const USUAL_LANES = 60;
/** Marks of one lane at most; more could not be told apart. */
const MOST_MARKS = 2000;
/** Violations told for one lane: each needs a look back. */
const MOST_BROKEN = 8;

interface Wanted {
  readonly ref: EntityRef;
  readonly because?: string;
}

/** Around the focus; without one, or with `all` or `entity`, the entities there are, in the order of the state. */
export function lanesPage(scene: Scene, args: Arguments<'semantic/lanes'>): Result<'semantic/lanes'> {
  const { focus } = scene;
  const offset = clamp(args.offset, 0, Number.MAX_SAFE_INTEGER);
  const limit = clamp(args.limit ?? USUAL_LANES, 0, MOST_LANES);
  const { first, last } = scene.store.summary();
  const window = { from: args.from ?? first?.time ?? 0, to: args.to ?? last?.time ?? 0 };
  const draw = (wanted: Wanted): Lane => laneOf(scene, wanted, window);
  if (!focus || args.all || args.entity !== undefined) {
    const all = allOf(scene, args.entity);
    return { lanes: all.slice(offset, offset + limit).map((ref) => draw({ ref })), total: all.length };
  }
  const state = stateOf(scene);
  const instance = instanceNear(scene.store, state, focus, scene.seq) ?? { ...focus, attributes: {}, links: {} };
  const near = neighboursOf(state, instance);
  const nearKeys = new Set(near.map(({ ref }) => refKey(ref)));
  const here = pointOf(scene);
  const traced = here?.kind === 'event' && refKey(here.object) === refKey(focus) ? tracedWith(scene.store, here) : [];
  const ghosts = ghostsOf(state, instance, scene.model).map(({ entity, because, text }): Lane => ({
    ref: { entity, id: '' },
    ...{ present: false, because, ghost: { text }, segments: [], marks: [], broken: [] },
  }));
  // The ghosts stand before the second hop: what is missing of the focus matters more than who else is there.
  const order: (Wanted | Lane)[] = [
    { ref: { entity: focus.entity, id: focus.id } },
    ...near.filter(({ hop }) => hop === 1),
    ...traced
      .filter((ref) => !nearKeys.has(refKey(ref)))
      .map((ref) => ({ ref, because: `same trace ← ${showRef(focus)}` })),
    ...ghosts,
    ...near.filter(({ hop }) => hop === 2),
  ];
  const lanes = order.slice(offset, offset + limit).map((each) => ('marks' in each ? each : draw(each)));
  return { lanes, total: order.length };
}

function allOf(scene: Scene, entity: string | undefined): readonly EntityRef[] {
  const { byType } = censusOf(stateOf(scene), scene.model, pointOf(scene)?.time ?? 0);
  const instances = entity === undefined ? [...byType.values()].flat() : (byType.get(entity) ?? []);
  return instances.map(({ entity: type, id }) => ({ entity: type, id }));
}

function laneOf(scene: Scene, { ref, because }: Wanted, window: { readonly from: number; readonly to: number }): Lane {
  const { store, model, seq } = scene;
  const machine = machineOf(model, ref.entity);
  const instance = stateOf(scene).get(refKey(ref));
  const state = shownState(instance, machine);
  const { violations } = censusOf(stateOf(scene), model, pointOf(scene)?.time ?? 0);
  const events = store.page({ object: ref, ...window }, 0, MOST_MARKS).points.filter((point) => point.kind === 'event');
  return {
    ref,
    ...(state !== undefined && { state }),
    present: instance !== undefined,
    ...(because !== undefined && { because }),
    segments: machine ? segmentsOf(store, ref, machine, window) : [],
    marks: events.map((event) => markOf(scene, event, machine?.attribute)),
    broken: [
      ...violationsOf(violations, ref)
        .slice(0, MOST_BROKEN)
        .map((violation) => {
          const { law, message } = violation;
          return { law, message, from: brokenSince(store, model, violation, seq) };
        }),
      ...events.flatMap((event) =>
        stepViolations(event, scene.model).map((violation) => stretch(scene, event, violation)),
      ),
    ],
  };
}

function markOf(scene: Scene, event: EventPoint, stateAttribute: string | undefined): Mark {
  const { seq, time, attribute } = event;
  const kind = isNew(event.preState)
    ? 'created'
    : isGone(event.postState)
      ? 'removed'
      : attribute !== undefined && attribute === stateAttribute
        ? 'transition'
        : 'change';
  const text = event.type ?? describeChange(event);
  return { seq, time, kind, text, ...(stepViolations(event, scene.model).length > 0 && { undeclared: true }) };
}

/** A step that should not have been leaves a state that should not be, until the next step. */
function stretch({ store }: Scene, event: EventPoint, { law, message }: Violation): Lane['broken'][number] {
  const { object, attribute } = event;
  const next = store.next(event.seq, { object, ...(attribute !== undefined && { attribute }), companions: true });
  return { law, message, from: event.time, ...(next && { to: next.time }) };
}
