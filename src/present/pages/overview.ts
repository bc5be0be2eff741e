// The whole recording at a glance. Other phases than `ready` and `no-model` are the session's to say.
import type { GapPoint, Point, SnapshotPoint } from '../../model/index.ts';
import { checkStep, lawsOf } from '../../laws/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import type { GapMark, Overview, SnapshotMark } from '../requests.ts';
import { censusOf } from './census.ts';
import { coloursOf } from './colours.ts';
import { cursorOf } from './describe.ts';
import { pointOf, stateOf, type Scene } from './scene.ts';

/** Bins of the minimap: about as many as it has pairs of pixels. */
const BINS = 240;
/** Marks of one kind on the axis at most, the latest ones; more could not be told apart. */
const MOST_MARKS = 1000;

export function overviewPage(scene: Scene): Overview {
  const { store, model, focus } = scene;
  const { first, last, events, lost, targets } = store.summary();
  const state = stateOf(scene);
  const point = pointOf(scene);
  const census = censusOf(state, model, point?.time ?? 0);
  const steps = point?.kind === 'event' ? checkStep(point, store.stateAt(point.seq - 1), model) : [];
  const violations = [...census.violations, ...steps];
  return {
    phase: model.entities.length === 0 && state.size === 0 ? 'no-model' : 'ready',
    targets: targets.map((name) => ({ name })),
    first: first?.time ?? 0,
    last: last?.time ?? 0,
    ...{ events, lost, entities: state.size },
    cursor: cursorOf(scene),
    ...(focus && { focus }),
    types: census.types,
    snapshots: latest(store, 'snapshot').flatMap((each) => (each.kind === 'snapshot' ? [snapshotMark(each)] : [])),
    gaps: latest(store, 'gap').flatMap((each) => (each.kind === 'gap' ? [gapMark(each)] : [])),
    density: densityOf(store, first?.time ?? 0, last?.time ?? 0),
    colours: coloursOf(store, census.types),
    laws: lawsOf(model).map(({ id, title }) => ({
      id,
      title,
      broken: violations.filter(({ law }) => law === id).length,
    })),
  };
}

function latest(store: TimelineStore, kind: Point['kind']): readonly Point[] {
  const { total } = store.page({ kinds: [kind] }, 0, 0);
  return store.page({ kinds: [kind] }, Math.max(0, total - MOST_MARKS), MOST_MARKS).points;
}

export function snapshotMark(point: SnapshotPoint): SnapshotMark {
  const { seq, time, id, method, consistency, pauseMs, bytes, targetGrowthBytes } = point;
  return {
    ...{ seq, time, id, method, consistency, pauseMs, bytes },
    ...(targetGrowthBytes !== undefined && { targetGrowthBytes }),
  };
}

function gapMark({ since, time, reason, lost }: GapPoint): GapMark {
  return { since, time, reason, ...(lost !== undefined && { lost }) };
}

interface Density {
  readonly stops: number;
  readonly bins: readonly number[];
}

const kept = new WeakMap<TimelineStore, Density>();

/** Stops in each bin; asked again only once the timeline has grown. */
function densityOf(store: TimelineStore, first: number, last: number): readonly number[] {
  const { stops } = store.summary();
  const known = kept.get(store);
  if (known?.stops === stops) return known.bins;
  const bins = last <= first ? [] : binsOf(store, first, last);
  kept.set(store, { stops, bins });
  return bins;
}

/** By the order's own numbers at the bins' edges: the points between are never read. */
function binsOf(store: TimelineStore, first: number, last: number): number[] {
  const upTo = (time: number): number => {
    const point = store.at(time);
    return point ? store.ordinal(point.seq) : 0;
  };
  const counts: number[] = [];
  let before = 0;
  for (let bin = 1; bin <= BINS; bin++) {
    const here = Math.max(before, upTo(bin === BINS ? last : Math.floor(first + ((last - first) * bin) / BINS)));
    counts.push(here - before);
    before = here;
  }
  return counts;
}
