// Lanes of the recorded host: the focus and what it is related to, or all entities part by part.
import type { Arguments, EventRow, Lane, Result } from '../../src/present/index.ts';
import type { EntityRef } from '../../src/model/index.ts';
import type { RecordedHost } from './recordedHost.ts';
import { keyOf, type Recorded, type Recording } from './recording.ts';

export type Standing = Pick<RecordedHost, 'recording' | 'time' | 'focus' | 'colours' | 'seq'> & {
  cursor: RecordedHost['cursor'];
};

export function stateAt(one: Recorded, time: number): string | undefined {
  return one.stays.findLast((stay) => stay.from <= time)?.state;
}

export function touching(recording: Recording, ref: EntityRef): EventRow[] {
  const one = recording.entities.get(keyOf(ref));
  const places = [...(one?.own ?? []), ...(one?.touched ?? [])].sort((a, b) => a - b);
  return places.map((at) => recording.events[at]).filter((row): row is EventRow => row !== undefined);
}

function laneOf(host: Standing, one: Recorded, from: number, to: number, because?: string): Lane {
  const { recording } = host;
  const spec = recording.types.find((type) => type.entity === one.ref.entity);
  const segments = one.stays.flatMap((stay): Lane['segments'][number][] => {
    const end = stay.to ?? recording.last;
    if (end < from || stay.from > to) return [];
    const final = spec?.final.includes(stay.state) ?? false;
    const gap = recording.gaps.find((each) => each.lost === undefined && stay.from < each.since && end > each.since);
    const whole = { from: stay.from, state: stay.state, final, ...(stay.to !== undefined && { to: stay.to }) };
    if (!gap) return [whole];
    return [
      { ...whole, to: gap.since },
      { from: gap.since, to: Math.min(gap.time, end), state: stay.state, final: false, unobserved: true },
      ...(end > gap.time ? [{ ...whole, from: gap.time }] : []),
    ];
  });
  const marks = one.own.flatMap((at): Lane['marks'][number][] => {
    const row = recording.events[at];
    if (!row || row.time < from || row.time > to) return [];
    const moves = spec?.states.includes(row.after ?? '') ?? false;
    const undeclared = row.breaks?.includes('declared-transitions') ?? false;
    return [
      {
        seq: row.seq,
        time: row.time,
        kind: row.before === undefined ? 'created' : moves ? 'transition' : 'change',
        text: row.type ?? row.text,
        ...(undeclared && { undeclared }),
      },
    ];
  });
  const state = stateAt(one, host.time);
  return {
    ref: one.ref,
    present: state !== undefined,
    segments,
    marks,
    broken: one.broken.filter((law) => law.from <= to),
    ...(state !== undefined && { state }),
    ...(because !== undefined && { because }),
  };
}

interface Neighbour {
  readonly one: Recorded;
  readonly because: string;
}

type Referrers = Map<string, { readonly key: string; readonly predicate: string }[]>;
const referrers = new WeakMap<Recording, Referrers>();

/** Who refers to an entity; a recording's links stay as they are. */
function referrersOf(recording: Recording): Referrers {
  let known = referrers.get(recording);
  if (known) return known;
  referrers.set(recording, (known = new Map()));
  for (const [key, { links }] of recording.entities)
    for (const { predicate, to } of links) {
      const all = known.get(keyOf(to)) ?? [];
      known.set(keyOf(to), all);
      all.push({ key, predicate });
    }
  return known;
}

export function neighbours(host: Standing, ref: EntityRef): Neighbour[] {
  const { entities } = host.recording;
  const own = entities.get(keyOf(ref))?.links ?? [];
  const out = own.map((link) => ({ key: keyOf(link.to), because: `${link.predicate} ← ${ref.entity} ${ref.id}` }));
  const back = (referrersOf(host.recording).get(keyOf(ref)) ?? []).map(({ key, predicate }) => ({
    key,
    because: `${predicate} → ${ref.entity} ${ref.id}`,
  }));
  return [...out, ...back].flatMap(({ key, because }) => {
    const one = entities.get(key);
    return one ? [{ one, because }] : [];
  });
}

export function lanesOf(host: Standing, args: Arguments<'semantic/lanes'>): Result<'semantic/lanes'> {
  const { recording, focus } = host;
  const [from, to] = [args.from ?? -Infinity, args.to ?? Infinity];
  const own = focus && recording.entities.get(keyOf(focus));
  if (args.all || !own) {
    const all = [...recording.entities.values()].filter(
      (one) => args.entity === undefined || one.ref.entity === args.entity,
    );
    all.sort((a, b) => Number(b === own) - Number(a === own) || b.broken.length - a.broken.length);
    const start = args.offset ?? 0;
    return {
      lanes: all.slice(start, start + (args.limit ?? 50)).map((one) => laneOf(host, one, from, to)),
      total: all.length,
    };
  }
  const lanes = [
    laneOf(host, own, from, to),
    ...neighbours(host, own.ref)
      .slice(0, 8)
      .map(({ one, because }) => laneOf(host, one, from, to, because)),
  ];
  if (own.ref.entity === 'Order' && !own.links.some((link) => link.predicate === 'sentBy'))
    lanes.splice(2, 0, {
      ref: { entity: 'Shipment', id: '' },
      present: false,
      segments: [],
      marks: [],
      broken: [],
      because: `sentBy ← Order ${own.ref.id}`,
      ghost: { text: 'none yet, created by OrderPacked' },
    });
  return { lanes, total: lanes.length };
}
