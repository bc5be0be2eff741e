// The pages of the recorded host, each as of its cursor.
import type { Details, GraphPage, Overview, StatesPage, TypeSummary } from '../../src/present/index.ts';
import type { EntityRef } from '../../src/model/index.ts';
import { attributeOf } from './recordedDiff.ts';
import { neighbours, stateAt, touching, type Standing } from './recordedLanes.ts';
import { keyOf, type Recorded, type Recording } from './recording.ts';

const BINS = 240;
/** What the story's order waits for. */
const HELD = [{ text: 'line.held', value: '0', ref: { entity: 'Stock', id: 'TEA-9' } }];

/** Slots as the product gives them out: a name keeps its colour, hues within a type differ. */
export function colourSlots(recording: Recording): { [state: string]: number } {
  const slots: { [state: string]: number } = {};
  const uses = Array<number>(8).fill(0);
  for (const type of recording.types) {
    const own = new Set<number>();
    for (const state of type.states) {
      if (Object.hasOwn(slots, state)) continue;
      const start = [...state].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7) % 8;
      const costs = uses.map(
        (used, hue) => (own.has(hue) ? 100 : 0) + used * 10 + ((hue - start + 8) % 8) + (hue === 7 ? 15 : 0),
      );
      const hue = costs.indexOf(Math.min(...costs));
      own.add(hue);
      slots[state] = hue + 8 * ((uses[hue] ?? 0) % 4);
      uses[hue] = (uses[hue] ?? 0) + 1;
    }
  }
  return slots;
}

function typesAt(host: Standing): TypeSummary[] {
  const counts = new Map<string, Map<string, number>>();
  const [all, broken] = [new Map<string, number>(), new Map<string, number>()];
  for (const one of host.recording.entities.values()) {
    const { entity } = one.ref;
    const state = stateAt(one, host.time);
    if (state === undefined) continue;
    all.set(entity, (all.get(entity) ?? 0) + 1);
    const states = counts.get(entity) ?? new Map<string, number>();
    counts.set(entity, states.set(state, (states.get(state) ?? 0) + 1));
    if (one.broken.some((law) => law.from <= host.time)) broken.set(entity, (broken.get(entity) ?? 0) + 1);
  }
  return host.recording.types.map((type) => ({
    entity: type.entity,
    count: all.get(type.entity) ?? 0,
    stateAttribute: type.attribute,
    states: type.states.map((state) => ({
      state,
      count: counts.get(type.entity)?.get(state) ?? 0,
      final: type.final.includes(state),
    })),
    broken: broken.get(type.entity) ?? 0,
  }));
}

export function overviewOf(host: Standing): Overview {
  const { recording } = host;
  const density = Array<number>(BINS).fill(0);
  for (const { time } of recording.events) {
    const at = Math.min(
      BINS - 1,
      Math.max(0, Math.floor(((time - recording.first) / (recording.last - recording.first)) * BINS)),
    );
    density[at] = (density[at] ?? 0) + 1;
  }
  const all = [...recording.entities.values()];
  const laws = ['paid-is-held', 'declared-transitions', 'references-resolve'];
  return {
    phase: 'ready',
    targets: [{ name: 'tea-shop', image: 'tea-shop:4', pid: 7 }],
    first: recording.first,
    last: recording.last,
    events: recording.events.length,
    entities: all.length,
    lost: recording.gaps.reduce((sum, gap) => sum + (gap.lost ?? 0), 0),
    cursor: host.cursor(),
    ...(host.focus && { focus: host.focus }),
    types: typesAt(host),
    snapshots: recording.snapshots,
    gaps: recording.gaps,
    density,
    colours: host.colours,
    laws: laws.map((id) => ({
      id,
      title: `law ${id}`,
      broken: all.filter((one) => one.broken.some((law) => law.law === id)).length,
    })),
  };
}

export function detailsOf(host: Standing, ref: EntityRef): Details {
  const { recording } = host;
  const one = recording.entities.get(keyOf(ref));
  const spec = recording.types.find((type) => type.entity === ref.entity);
  const state = one && stateAt(one, host.time);
  const stay = one?.stays.findLast((each) => each.from <= host.time);
  const rows = touching(recording, ref).filter((row) => row.seq <= host.seq);
  const ownRows = rows.filter((row) => row.ref && keyOf(row.ref) === keyOf(ref));
  const cause = ownRows.findLast((row) => row.after === state && row.time === stay?.from);
  const at = rows.at(-1)?.seq === host.seq ? rows.at(-1) : undefined;
  const steps = ownRows.filter((row) => row.before !== undefined && row.type !== 'LineAdded').slice(-5);
  const stays = [...recording.entities.values()]
    .filter((each) => each.ref.entity === ref.entity)
    .flatMap((each) => each.stays)
    .filter((each) => each.state === state && each.to !== undefined);
  const lengths = stays.map((each) => (each.to ?? 0) - each.from).sort((a, b) => a - b);
  const plain = Object.entries(one?.values ?? {}).map(([name, text]) => {
    const before = attributeOf(at) === (name === spec?.attribute ? '' : name) ? at?.before : undefined;
    return {
      name,
      value: text,
      text,
      role: name === spec?.attribute ? ('state' as const) : ('plain' as const),
      ...(before !== undefined && { before }),
    };
  });
  const links = Map.groupBy(one?.links ?? [], (link) => link.predicate);
  return {
    ref,
    present: state !== undefined,
    ...(state !== undefined && { state }),
    ...(stay && { since: { time: stay.from, unobserved: false, ...(cause && { event: cause }) } }),
    ...(lengths.length >= 3 && { medianStay: lengths[lengths.length >> 1] ?? 0 }),
    next: (spec?.declared ?? [])
      .filter(([from]) => from === state)
      .map(([, to, guard]) => ({
        to,
        source: { file: 'orders/packing.ts', line: 31 },
        ...(guard !== undefined && { guard }),
        ...(guard?.startsWith('lines') && one?.values['hold'] === 'abandoned' && { heldBack: HELD }),
      })),
    steps,
    values: [
      ...plain,
      {
        name: 'contactEmail',
        value: { $type: 'truncated', value: { length: 0, head: '' }, why: 'redacted' },
        text: 'redacted',
        role: 'plain',
      },
      ...[...links].map(([name, all]) => ({
        name,
        value: undefined,
        text: '',
        role: 'relation' as const,
        links: all.map((link) => link.to),
      })),
    ],
    ...(at && {
      event: {
        ...at,
        effects: [],
        stack: [{ name: `${at.type}.apply`, source: { file: 'stock/retry.ts', line: 44 } }, { name: 'Queue.process' }],
        context: {
          space: [{ name: 'container', value: 'tea-shop' }],
          time: [],
          subject: [{ name: 'worker', value: 'retry-2' }],
          device: [],
        },
      },
    }),
    laws: (one?.broken ?? [])
      .filter((law) => law.from <= host.time)
      .map((law) => ({ id: law.law, message: law.message, since: law.from })),
    evidence: [
      { by: 'declaration', source: { file: 'orders/order.ts', line: 12 } },
      { by: 'instance', snapshot: 'S6', count: 20 },
    ],
    source: { file: 'src/orders/order.ts', line: 12 },
  };
}

export function graphOf(host: Standing): GraphPage {
  const { focus, recording } = host;
  const relations = (
    [
      ['Customer', 'places', 'Order', '*'],
      ['Order', 'contains', 'Stock', '*'],
      ['Order', 'paidBy', 'Payment', '0..1'],
      ['Order', 'sentBy', 'Shipment', '0..1'],
    ] as const
  ).map(([subject, predicate, object, cardinality]) => ({
    subject,
    predicate,
    object,
    cardinality,
    status: 'confirmed' as const,
    count: 20,
  }));
  const found = new Map<string, { one: Recorded; hop: 0 | 1 | 2 }>();
  const own = focus && recording.entities.get(keyOf(focus));
  if (own) {
    found.set(keyOf(own.ref), { one: own, hop: 0 });
    for (const { one } of neighbours(host, own.ref)) found.set(keyOf(one.ref), { one, hop: 1 });
    const stock = [...found.values()].filter(({ one }) => one.ref.entity === 'Stock').map(({ one }) => one);
    for (const each of stock)
      for (const { one } of neighbours(host, each.ref).slice(0, 4))
        if (!found.has(keyOf(one.ref))) found.set(keyOf(one.ref), { one, hop: 2 });
  } else for (const one of [...recording.entities.values()].slice(0, 20)) found.set(keyOf(one.ref), { one, hop: 1 });
  const links = [...found.values()].flatMap(({ one }) =>
    one.links
      .filter((link) => found.has(keyOf(link.to)))
      .map((link) => ({ from: one.ref, predicate: link.predicate, to: link.to })),
  );
  const instances = [...found.values()].map(({ one, hop }) => {
    const state = stateAt(one, host.time);
    return {
      ref: one.ref,
      hop,
      broken: one.broken.some((law) => law.from <= host.time),
      ...(state !== undefined && { state }),
    };
  });
  return { types: typesAt(host), relations, instances, links };
}

export function statesOf(host: Standing, entity: string): StatesPage {
  const { recording } = host;
  const spec = recording.types.find((type) => type.entity === entity);
  const summary = typesAt(host).find((type) => type.entity === entity);
  const seen = new Map<string, number>();
  for (const row of recording.events) {
    if (
      row.ref?.entity !== entity ||
      row.before === undefined ||
      row.after === undefined ||
      !spec?.states.includes(row.after)
    )
      continue;
    const key = `${row.before}>${row.after}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const declared = (spec?.declared ?? []).map(([from, to]) => {
    const count = seen.get(`${from}>${to}`) ?? 0;
    seen.delete(`${from}>${to}`);
    return {
      from,
      to,
      count,
      status: count ? ('confirmed' as const) : ('declared' as const),
      undeclared: false,
      source: { file: 'orders/order.ts', line: 74 },
    };
  });
  const other = [...seen].map(([key, count]) => {
    const [from = '', to = ''] = key.split('>');
    return {
      from,
      to,
      count,
      status: 'observed' as const,
      undeclared: true,
      source: { file: 'payments/refund.ts', line: 57 },
    };
  });
  const states = (summary?.states ?? []).map((state) => ({
    state: state.state,
    status: 'confirmed' as const,
    final: state.final,
    now: state.count,
    ...(!state.final && { medianStay: 93e6 }),
  }));
  return { entity, attribute: spec?.attribute ?? '', states, transitions: [...declared, ...other] };
}
