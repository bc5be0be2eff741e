// What several threads and processes tell, in the one order in which it happened. Each tells its own in order but late, so what is told
// is held back until every other has told what was before it. Who is silent for too long is waited for no more. Knows no process.
import type { Micros } from '../model/index.ts';
import type { ProbeRecord } from './probeAnswer.ts';

/** A span of which something is missing. */
export interface Missing {
  readonly since: Micros;
  /** Absent: until now. */
  readonly until?: Micros;
  readonly lost: number;
  /** Nobody was asked or listened to: all of it may be missing. */
  readonly isSilent: boolean;
  /** Absent: the recorder knows no more than that. */
  readonly reason?: string;
}

/** What may be told in one go: of the missing spans at most one, which belongs before the records that follow it. */
export interface Ordered {
  readonly records: readonly ProbeRecord[];
  /** Everything before this has been told. */
  readonly until: Micros;
  readonly missing?: Missing;
  readonly more: boolean;
}

/** One that tells: everything of it up to here has been told. */
export interface Voice {
  until: Micros;
}

export class OneOrder {
  readonly #voices = new Set<Voice>();
  #records: ProbeRecord[] = [];
  #missing: Missing[] = [];

  /** From now on it may tell what happened since then, so that nothing later goes ahead of that. */
  join(since: Micros): Voice {
    const voice = { until: since };
    this.#voices.add(voice);
    return voice;
  }

  /** It is waited for again. */
  rejoin(voice: Voice): void {
    this.#voices.add(voice);
  }

  /** It is waited for no more; what it told stays. */
  leave(voice: Voice): void {
    this.#voices.delete(voice);
  }

  /** The latest of what anybody has told. */
  get latest(): Micros {
    return [...this.#voices].reduce((latest, { until }) => Math.max(latest, until), 0);
  }

  /** @param keys of things whose earlier records had none: object, key */
  add(
    records: readonly ProbeRecord[],
    keys: ReadonlyMap<number, string | number> = new Map(),
    missing: readonly Missing[] = [],
  ): void {
    if (keys.size > 0)
      this.#records = this.#records.map((record) => {
        const k = record.k === undefined ? keys.get(record.o) : undefined;
        return k === undefined ? record : { ...record, k };
      });
    this.#records.push(...records);
    this.#missing.push(...missing);
  }

  /** @param isLate whether somebody is not waited for */
  take(isLate: (voice: Voice) => boolean): Ordered {
    const awaited = [...this.#voices].filter((voice) => !isLate(voice));
    const told = awaited.length > 1 || this.#voices.size > awaited.length ? awaited.map(({ until }) => until) : [];
    const limit = Math.min(Infinity, ...told);
    this.#records.sort((a, b) => a.t - b.t);
    this.#missing.sort((a, b) => a.since - b.since);
    const [missing, next] = this.#missing;
    const isRipe = missing !== undefined && missing.since <= limit;
    // The next one belongs before what follows it.
    const isMore = isRipe && next !== undefined && next.since <= limit;
    const end = isMore ? next.since : limit;
    const at = this.#records.findIndex(({ t }) => t > end);
    const records = at < 0 ? this.#records : this.#records.slice(0, at);
    this.#records = at < 0 ? [] : this.#records.slice(at);
    if (isRipe) this.#missing.shift();
    const until = Number.isFinite(end) ? end : Math.max(this.latest, records.at(-1)?.t ?? 0);
    return { records, until, ...(isRipe && { missing }), more: isMore };
  }
}
