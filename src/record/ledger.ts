// From what the probe tells to what happened: identity by type and business key, copies and versions of one thing told apart from
// changes of it, creations and removals. Pure; it knows no clock but the records' own.
import { GONE, NEW, sameValue, UNDEFINED, type Change, type SemanticState, type Value } from '../model/index.ts';
import type { RecordingPlan, Site, WatchedEntity } from './plan.ts';
import type { ProbeAnswer, ProbeRecord } from './probeAnswer.ts';
import { corrected, learn } from './knownStates.ts';
import { SentNames, type Happened } from './sentNames.ts';
import { Things, type Copy, type Thing } from './things.ts';
import { amend, eventOf, instanceOf, isUndefined, plainName, valueOf } from './told.ts';
import type { Draft, LedgerOptions, RecordedEvent } from './told.ts';

export type { LedgerOptions, RecordedEvent };

export class Ledger {
  readonly #plan: Pick<RecordingPlan, 'entities' | 'sites'>;
  #sites: ReadonlyMap<number, Site> = new Map();
  readonly #options: LedgerOptions;
  readonly #things = new Things();
  readonly #waiting = new Map<number, ProbeRecord[]>();
  /** Entities whose making has a place in the program: what is kept of them has been made there. */
  #made: ReadonlySet<number> = new Set();
  readonly #names: SentNames;
  #heard: ReadonlySet<string> = new Set();
  #isHearing = false;
  /** Objects that are told as made further on in what is read: what is set before belongs to that. */
  readonly #making = new Set<number>();

  /** @param plan may grow */
  constructor(plan: Pick<RecordingPlan, 'entities' | 'sites'>, options: LedgerOptions = {}) {
    this.#plan = plan;
    this.#options = options;
    this.#names = new SentNames({
      heard: () => this.#heard,
      ...(options.admits && { admits: options.admits }),
    });
  }

  /** What a snapshot knows: from there on nothing of it is new. */
  know(state: SemanticState): void {
    learn(this.#things, this.#plan.entities, state);
  }

  /** A snapshot's state without copies that are older than what was recorded, and without things that are gone. */
  correct(state: SemanticState): SemanticState {
    return corrected(this.#things, state);
  }

  /**
   * The events of one answer, in the order in which they happened.
   * @param isWaiting changes whose name the program may be about to send are kept for the next answer
   */
  read(answer: ProbeAnswer, isWaiting = false): RecordedEvent[] {
    const events: Happened[] = [];
    const records = [...answer.records];
    this.#making.clear();
    for (const each of records) this.#expect(each);
    for (const [object, key] of answer.keys) {
      for (const record of this.#waiting.get(object) ?? []) this.#expect(record);
      for (const record of this.#waiting.get(object) ?? []) this.#record({ ...record, k: key }, events);
      this.#waiting.delete(object);
    }
    let missed = answer.silentSince > 0 ? answer.silentSince : answer.lost > 0 ? answer.lostSince : undefined;
    for (const record of records) {
      if (missed !== undefined && record.t >= missed) {
        this.#things.doubt();
        missed = undefined;
      }
      if (record.n !== undefined)
        events.push({ kind: 'sent', time: record.t, name: record.n, mentions: record.m ?? [] });
      else if (record.k === undefined) this.#waiting.set(record.o, [...(this.#waiting.get(record.o) ?? []), record]);
      else {
        const earlier = this.#waiting.get(record.o) ?? [];
        this.#waiting.delete(record.o);
        for (const each of earlier) this.#expect(each);
        for (const each of [...earlier, record]) this.#record({ ...each, k: record.k }, events);
      }
    }
    if (missed !== undefined) this.#things.doubt();
    if (this.#waiting.size > 5000) this.#waiting.clear();
    this.#site(-1);
    if (!this.#isHearing) return events.filter((each) => each.kind === 'event');
    return this.#names.take(events, isWaiting ? answer.until : undefined);
  }

  /** What was kept for its name, however it is named. */
  rest(): RecordedEvent[] {
    return this.#names.take([], undefined);
  }

  #expect({ s, o, p, r }: ProbeRecord): void {
    const site = this.#site(s);
    if (site?.kind === 'create' && site.phase === 'initial' && p === undefined && !r) this.#making.add(o);
  }

  #record(record: ProbeRecord, events: Happened[]): void {
    const site = this.#site(record.s);
    const entity = this.#plan.entities[record.e];
    if (!site || !entity || record.k === undefined) return;
    const thing = this.#things.thing({ entity: entity.name, id: record.k });
    if (!thing.placed && record.w) thing.whole = record.w;
    const say = (drafts: readonly Draft[]): void => {
      for (const draft of drafts) events.push(eventOf(draft, record, site, this.#options));
    };
    if (record.r) say(this.#removal(thing, record, entity));
    else if (record.p !== undefined) say(this.#write(thing, record, site, entity, events));
    else say(this.#sighting(thing, record, site, entity));
  }

  /** A property got a value. */
  #write(thing: Thing, record: ProbeRecord, site: Site, entity: WatchedEntity, events: Happened[]): Draft[] {
    const property = record.p ?? '';
    const [before, after] = [valueOf(record.a), valueOf(record.b)];
    if (after === undefined) return [];
    const copy = this.#things.copy(record.o);
    const last = copy.states.get(property);
    copy.states.set(property, after);
    if (site.phase === 'hydrate') {
      // Only what is known already is put right: a thing never seen becomes known when it changes.
      if (thing.placed || thing.states.size > 0) thing.states.set(property, after);
      if (thing.states.size === 0) thing.states.set(property, after);
      copy.replay.delete(property);
      return [];
    }
    const hasNone = !thing.states.has(property) && (before === undefined || isUndefined(before));
    const isUnknown = thing.states.size === 0 && !thing.placed && !thing.gone;
    if (isUnknown && hasNone && this.#making.has(record.o)) return [];
    // Set by whatever name it has, on something never seen: so it begins.
    const isFirst = copy.isBare === true || site.kind === 'keyed' || site.kind === 'assign';
    if (isUnknown && hasNone && isFirst) return this.#creation(thing, [[property, after]], record, entity);
    if (isUnknown && hasNone && site.kind === 'save') {
      thing.states.set(property, after);
      return [];
    }
    if ((site.phase === 'initial' || (isFirst && hasNone)) && amend(thing, property, after, events)) return [];
    if (last !== undefined && before !== undefined && !sameValue(last, before)) copy.replay.delete(property);
    if (this.#isReplay(thing, copy, property)) return [];
    return this.#change(thing, property, before, after, record, entity);
  }

  /** A whole instance: made, or the next version of one. */
  #sighting(thing: Thing, record: ProbeRecord, site: Site, entity: WatchedEntity): Draft[] {
    this.#making.delete(record.o);
    const copy = this.#things.copy(record.o);
    const former = record.f === undefined ? undefined : this.#things.knownCopy(record.f);
    const values = Object.entries(record.v ?? {}).flatMap(([property, told]) => {
      const value = valueOf(told);
      return value === undefined || isUndefined(value) ? [] : [[property, value] as const];
    });
    if (values.length === 0) {
      if (site.phase !== 'hydrate' && (site.kind === 'create' || site.kind === 'save')) copy.isBare = true;
      return [];
    }
    for (const [property, value] of values) copy.states.set(property, value);
    // A copy made of what is gone does not bring it back.
    if (thing.gone && site.kind === 'assign') return [];
    const isKnown = thing.states.size > 0 && !thing.gone;
    if (site.kind === 'store' || site.kind === 'keyed') return this.#storing(thing, copy, values, record, entity, site);
    const isVersion = site.kind === 'version' || record.f !== undefined;
    if (!isVersion && isKnown) {
      for (const [property, value] of values)
        if (!sameValue(thing.states.get(property), value)) copy.replay.set(property, 0);
      return [];
    }
    if (site.phase === 'hydrate') {
      if (!isKnown) for (const [property, value] of values) thing.states.set(property, value);
      return [];
    }
    if (!isVersion) return this.#creation(thing, values, record, entity);
    const drafts: Draft[] = [];
    for (const [property, value] of values) {
      const replay = former?.replay.get(property);
      if (replay !== undefined) copy.replay.set(property, replay);
      const before = valueOf(record.g?.[property]) ?? former?.states.get(property);
      if (before !== undefined && sameValue(before, value)) {
        if (!thing.states.has(property)) thing.states.set(property, value);
        continue;
      }
      if (this.#isReplay(thing, copy, property)) continue;
      if (before === undefined && !thing.states.has(property)) thing.states.set(property, value);
      else drafts.push(...this.#change(thing, property, before, value, record, entity));
    }
    return drafts;
  }

  /** What is kept counts: another state than the one that is known is a change, whoever made it. */
  #storing(
    thing: Thing,
    copy: Copy,
    values: readonly (readonly [string, Value])[],
    record: ProbeRecord,
    entity: WatchedEntity,
    site: Site,
  ): Draft[] {
    const isNew = thing.gone || thing.states.size === 0;
    if (isNew && site.phase !== 'hydrate' && !this.#made.has(record.e))
      return this.#creation(thing, values, record, entity);
    if (isNew || site.phase === 'hydrate') {
      if (!thing.gone) for (const [property, value] of values) thing.states.set(property, value);
      return [];
    }
    return values.flatMap(([property, value]) =>
      copy.replay.has(property) ? [] : this.#change(thing, property, thing.states.get(property), value, record, entity),
    );
  }

  /** One step more of a copy that is being built anew; true until it has caught up with what was recorded. */
  #isReplay(thing: Thing, copy: Copy, property: string): boolean {
    const steps = copy.replay.get(property);
    if (steps === undefined) return false;
    if (steps + 1 > (thing.changes.get(property) ?? 0)) {
      copy.replay.delete(property);
      return false;
    }
    copy.replay.set(property, steps + 1);
    return true;
  }

  #change(
    thing: Thing,
    property: string,
    before: Value | undefined,
    after: Value,
    record: ProbeRecord,
    entity: WatchedEntity,
  ): Draft[] {
    const isDoubted = thing.doubted.delete(property) && before !== undefined;
    const known = isDoubted ? before : (thing.states.get(property) ?? before);
    thing.states.set(property, after);
    if (known !== undefined && sameValue(known, after)) return [];
    if (thing.gone) return [];
    thing.changes.set(property, (thing.changes.get(property) ?? 0) + 1);
    const attribute = plainName(property);
    const pre = known ?? UNDEFINED;
    const change: Change = thing.placed
      ? { kind: 'attribute', ref: thing.ref, attribute, before: pre, after }
      : { kind: 'created', instance: instanceOf(thing, record, entity) };
    thing.placed = true;
    delete thing.whole;
    return [{ object: thing.ref, attribute, preState: pre, postState: after, change }];
  }

  #creation(
    thing: Thing,
    values: readonly (readonly [string, Value])[],
    record: ProbeRecord,
    entity: WatchedEntity,
  ): Draft[] {
    thing.gone = false;
    thing.placed = true;
    thing.states.clear();
    thing.changes.clear();
    for (const [property, value] of values) thing.states.set(property, value);
    const instance = instanceOf(thing, record, entity);
    return values.map(([property, value], n) => ({
      object: thing.ref,
      attribute: plainName(property),
      preState: NEW,
      postState: value,
      ...(n === 0 && { change: { kind: 'created', instance } as const }),
    }));
  }

  #removal(thing: Thing, record: ProbeRecord, entity: WatchedEntity): Draft[] {
    if (thing.gone) return [];
    for (const [property, told] of Object.entries(record.v ?? {})) {
      const value = valueOf(told);
      if (value !== undefined && !thing.states.has(property)) thing.states.set(property, value);
    }
    const instance = instanceOf(thing, record, entity);
    const drafts = [...thing.states].map(([property, value], n) => ({
      object: thing.ref,
      attribute: plainName(property),
      preState: value,
      postState: GONE,
      ...(n === 0 && thing.placed && { change: { kind: 'removed', instance } as const }),
    }));
    thing.gone = true;
    thing.placed = false;
    thing.states.clear();
    return drafts;
  }

  #site(id: number): Site | undefined {
    const { sites } = this.#plan;
    if (this.#sites.size !== sites.length) {
      this.#sites = new Map(sites.map((site) => [site.id, site]));
      this.#made = new Set(sites.flatMap((site) => (site.kind === 'create' ? site.entities : [])));
      this.#isHearing = sites.some(({ kind }) => kind === 'send');
      this.#heard = new Set(sites.flatMap(({ kind, property = '' }) => (kind === 'send' ? [property] : [])));
    }
    return this.#sites.get(id);
  }
}
