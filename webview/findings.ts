// What stands out when nothing is in focus: entities with a broken law, an undeclared transition, or a stay far above the
// median of their state. Ranked by law, then by the factor. Built from lanes and search, as of the cursor.
import { median } from 'd3';
import type { EntityRef, Lane, Micros, Overview, PanelHost } from './contract.ts';
import { refKey } from './format.ts';
import { t } from './texts.ts';

export interface Finding {
  readonly ref: EntityRef;
  readonly state?: string;
  readonly stay?: Micros;
  /** How many times the median stay; absent where fewer than three stays ended. */
  readonly factor?: number;
  readonly laws: readonly string[];
  readonly undeclared: boolean;
}

export interface Findings {
  readonly rows: readonly Finding[];
  /** Entities looked at, of all. */
  readonly seen: number;
  readonly of: number;
}

/** How many lanes are read to find what stands out; what lies beyond is found by its broken laws only. */
const LANES_READ = 200;
/** A stay is unusual from this factor on. */
const UNUSUAL = 3;
const FEWEST_STAYS = 3;
const MOST_SHOWN = 200;

export async function findStanding(host: PanelHost, overview: Overview | undefined): Promise<Findings> {
  const { lanes, total } = await host.request('semantic/lanes', { all: true, limit: LANES_READ });
  const rows = standing(lanes, overview);
  const known = new Set(rows.map((row) => refKey(row.ref)));
  for (const type of overview?.types ?? []) {
    if (type.broken === 0 || total <= lanes.length) continue;
    const { hits } = await host.request('semantic/search', { query: `type:${type.entity}`, limit: 50 });
    for (const { ref, broken } of hits) {
      if (ref && broken && !known.has(refKey(ref))) rows.push({ ref, laws: [t('law')], undeclared: false });
    }
  }
  return { rows: rows.slice(0, MOST_SHOWN), seen: lanes.length, of: total };
}

function standing(lanes: readonly Lane[], overview: Overview | undefined): Finding[] {
  const now = overview?.cursor.time ?? Number.POSITIVE_INFINITY;
  const stays = new Map<string, number[]>();
  for (const { ref, segments } of lanes) {
    for (const { state, from, to, unobserved } of segments) {
      if (to === undefined || unobserved || to > now) continue;
      const key = `${ref.entity}\u0000${state}`;
      stays.set(key, [...(stays.get(key) ?? []), to - from]);
    }
  }
  return lanes
    .map((lane) => findingOf(lane, now, stays))
    .filter((one): one is Finding => one !== undefined)
    .sort((a, b) => Number(b.laws.length > 0) - Number(a.laws.length > 0) || (b.factor ?? 0) - (a.factor ?? 0));
}

function findingOf(lane: Lane, now: Micros, stays: ReadonlyMap<string, number[]>): Finding | undefined {
  const laws = lane.broken.filter((one) => one.from <= now && (one.to ?? Infinity) >= now).map((one) => one.law);
  const undeclared = lane.marks.some((mark) => mark.undeclared && mark.time <= now);
  const current = lane.segments.find((one) => one.from <= now && (one.to ?? Infinity) > now && !one.unobserved);
  const known = current && stays.get(`${lane.ref.entity}\u0000${current.state}`);
  const usual = known && known.length >= FEWEST_STAYS ? median(known) : undefined;
  const stay = current && !current.final ? now - current.from : undefined;
  const factor = usual && stay !== undefined ? stay / usual : undefined;
  if (laws.length === 0 && !undeclared && (factor ?? 0) < UNUSUAL) return undefined;
  return {
    ref: lane.ref,
    laws: [...new Set(laws)],
    undeclared,
    ...(current && { state: current.state }),
    ...(stay !== undefined && { stay }),
    ...(factor !== undefined && { factor }),
  };
}
