// Differences and search of the recorded host.
import type { DiffPage, EventRow, Result, SearchHit } from '../../src/present/index.ts';
import { stateAt, type Standing } from './recordedLanes.ts';
import { keyOf } from './recording.ts';

/** The attribute that a row's sentence names; empty for that of the state. */
export function attributeOf(row: EventRow | undefined): string {
  return /^.*?: (\w+) .* -> /.exec(row?.text ?? '')?.[1] ?? '';
}

export function diffOf(host: Standing, from?: number): DiffPage {
  const { recording } = host;
  const start =
    recording.snapshots.findLast((mark) =>
      from === undefined ? mark.consistency === 'consistent' && mark.seq < host.seq : mark.seq === from,
    ) ?? recording.snapshots[0];
  const first = start?.seq ?? 1;
  const changed = new Map<string, DiffPage['rows'][number]>();
  for (const row of recording.events.slice(first, host.seq)) {
    if (!row.ref || row.after === undefined) continue;
    const attribute =
      attributeOf(row) || (recording.types.find((type) => type.entity === row.ref?.entity)?.attribute ?? '');
    const key = `${keyOf(row.ref)} ${attribute}`;
    const before = changed.has(key) ? changed.get(key)?.before : row.before;
    const kind = changed.get(key)?.kind ?? (row.before === undefined ? 'created' : 'attribute');
    changed.set(key, {
      ref: row.ref,
      kind,
      attribute,
      after: row.after,
      event: row,
      ...(before !== undefined && { before }),
    });
  }
  const rows = [...changed.values()];
  return {
    from: { seq: first, time: start?.time ?? recording.first },
    to: { seq: host.seq, time: host.time },
    total: rows.length,
    rows,
  };
}

export function searchFor(host: Standing, query: string): Result<'semantic/search'> {
  const [, kind, rest] = /^(state|type):(.*)$/.exec(query) ?? [undefined, undefined, query];
  const hits: SearchHit[] = [];
  for (const one of host.recording.entities.values()) {
    const state = stateAt(one, host.time);
    const text = `${one.ref.entity} ${one.ref.id}`;
    const matches =
      kind === 'state'
        ? state === rest
        : kind === 'type'
          ? one.ref.entity === rest
          : text.toLowerCase().includes(query.toLowerCase());
    if (matches && state !== undefined)
      hits.push({
        kind: 'entity',
        text,
        detail: state,
        ref: one.ref,
        broken: one.broken.some((law) => law.from <= host.time),
      });
  }
  hits.sort((a, b) => Number(b.broken) - Number(a.broken));
  return { hits: hits.slice(0, 40) };
}
