// Which event that was really sent names which change: about the same thing, declared for that step or said in its words, else by order.
// Holds what happened until that is known or has taken too long. Pure; its only clock is that of what happened.
import { refKey, type EntityRef, type EventPoint, type Micros } from '../model/index.ts';
import { aboutness, isSameAbout, lettersOf, saysState } from './sentWords.ts';
import type { RecordedEvent } from './told.ts';

/** An event sent; the empty name: the turn in which some were sent is over. */
export interface Sent {
  readonly kind: 'sent';
  readonly time: Micros;
  readonly name: string;
  readonly mentions: readonly (readonly [key: string | number, name: string, isEntity: boolean])[];
}

/** In the order in which it happened. */
export type Happened = RecordedEvent | Sent;
export type Step = Pick<EventPoint, 'object' | 'attribute' | 'preState' | 'postState'>;

/** So long may the name of a change come after it. */
const PATIENCE_US = 500_000;
/** So much of what happened before and after is looked at for one name: a busy service does a lot meanwhile. */
const WINDOW = 128;

/** What one place did to one thing: companions of a creation or removal together. */
interface Change {
  readonly kind: 'change';
  readonly n: number;
  readonly events: readonly RecordedEvent[];
  readonly ref: EntityRef;
  readonly key: string;
  /** How it is named, by its place among what was sent; undefined: not yet. */
  by?: Saying;
  name?: string;
}

interface Saying {
  readonly kind: 'saying';
  readonly n: number;
  readonly sent: Sent;
  isUsed: boolean;
}

type Item = Change | Saying;

export interface NamingRules {
  /** Whether the program declares this name for this step; undefined: it declares it for none. */
  readonly admits?: (name: string, step: Step) => boolean | undefined;
  /** Names of which it is known whenever one is sent. */
  readonly heard: () => ReadonlySet<string>;
}

export class SentNames {
  readonly #rules: NamingRules;
  #items: Item[] = [];
  /** Of the first item. */
  #first = 0;

  constructor(rules: NamingRules) {
    this.#rules = rules;
  }

  /** @param until up to when everything is known; undefined: no more is waited for */
  take(happened: readonly Happened[], until: Micros | undefined): RecordedEvent[] {
    for (const each of happened) this.#add(each);
    const late = until === undefined ? Infinity : until - PATIENCE_US;
    // The surest first, whatever was said before.
    for (const least of [6, 4, 2]) this.#give(least, Infinity);
    this.#give(0, late);
    return this.#release(late);
  }

  #add(each: Happened): void {
    if (each.kind === 'sent') {
      this.#items.push({ kind: 'saying', n: this.#next, sent: each, isUsed: this.#isAgain(each) });
      return;
    }
    const last = this.#items.at(-1);
    const first = last?.kind === 'change' ? last.events[0] : undefined;
    const isCompanion = each.change === undefined && first?.object === each.object && first.time === each.time;
    if (isCompanion && last?.kind === 'change') (last.events as RecordedEvent[]).push(each);
    else
      this.#items.push({ kind: 'change', n: this.#next, events: [each], ref: each.object, key: refKey(each.object) });
  }

  get #next(): number {
    return this.#first + this.#items.length;
  }

  /** Items around a place. */
  #window(from: number, to: number): Item[] {
    return this.#items.slice(Math.max(0, from), Math.max(0, to));
  }

  /** An event that is handed on is said again, maybe in another form. */
  #isAgain(sent: Sent): boolean {
    const known = lettersOf(sent.name);
    if (known === '') return false;
    const end = this.#items.length;
    for (const item of this.#window(end - WINDOW, end).reverse()) {
      if (item.kind === 'change') {
        if (aboutness(sent, item.ref) > 0) return false;
      } else if (lettersOf(item.sent.name) === known && isSameAbout(item.sent, sent)) return true;
    }
    return false;
  }

  #give(least: number, late: Micros): void {
    for (const [at, item] of this.#items.entries()) {
      if (item.kind !== 'saying' || item.isUsed || item.sent.name === '') continue;
      const found = this.#changeFor(item, at, least, late);
      if (!found) continue;
      item.isUsed = true;
      this.#name(found, item);
    }
  }

  #changeFor(saying: Saying, at: number, least: number, late: Micros): Change | undefined {
    const { sent } = saying;
    const before = this.#window(at - WINDOW, at);
    const after = this.#window(at + 1, this.#endOfTurn(at));
    const isAbout = (item: Item): boolean => item.kind === 'change' && aboutness(sent, item.ref) > 0;
    const isOfNone = least > 0 && !before.some(isAbout) && !after.some(isAbout);
    let best = -1;
    let fitting: Change[] = [];
    for (const change of [...openBefore(before, saying), ...after.filter(isOpen)]) {
      const about = aboutness(sent, change.ref);
      const sure = about > 0 || isOfNone ? this.#sureness(sent.name, change) : -1;
      const score = sure < least ? -1 : sure * 10 + about;
      if (score < 0 || score < best) continue;
      fitting = score > best ? [change] : [...fitting, change];
      best = score;
    }
    const earlier = fitting.filter(({ n }) => n < saying.n);
    const nearest = earlier.at(-1);
    const same = nearest ? earlier.filter(({ key }) => key === nearest.key) : fitting;
    // By order alone only when nothing more can come of it.
    if (least === 0 && !isDue(same[0], late)) return undefined;
    // Of several changes that are told afterwards the first is told first.
    return nearest ? (same.at(-1 - this.#following(at, nearest, least)) ?? same[0]) : same[0];
  }

  /** How many events about the same thing follow before it changes again. */
  #following(at: number, change: Change, least: number): number {
    let count = 0;
    for (const item of this.#window(at + 1, at + 1 + WINDOW)) {
      if (item.kind === 'change') {
        if (item.key === change.key) break;
      } else if (!item.isUsed && item.sent.name !== '' && aboutness(item.sent, change.ref) > 0) {
        if (this.#sureness(item.sent.name, change) >= least) count++;
      }
    }
    return count;
  }

  /** Something that comes after it in its turn. */
  #mayName({ sent }: Saying, at: number): boolean {
    const end = this.#endOfTurn(at);
    if (end === this.#items.length) return true;
    return this.#window(at + 1, end).some((item) => isOpen(item) && aboutness(sent, item.ref) > 0);
  }

  #endOfTurn(at: number): number {
    const most = Math.min(this.#items.length, at + 1 + WINDOW);
    for (let n = at + 1; n < most; n++) {
      const item = this.#items[n];
      if (item?.kind === 'saying' && item.sent.name === '') return n;
    }
    return most;
  }

  /** 4: declared for that step; 2: said in its words; -1: declared for other steps only. */
  #sureness(name: string, { events }: Change): number {
    const words = events.some((event) => saysState(name, event)) ? 2 : 0;
    const admitted = events.map((event) => this.#rules.admits?.(name, event));
    if (admitted.includes(true)) return 4 + words;
    return admitted.includes(false) && words === 0 ? -1 : words;
  }

  /** What the same place did just before to other attributes of the thing belongs to it. */
  #name(change: Change, by: Saying): void {
    const { name } = by.sent;
    change.by = by;
    change.name = name;
    const named = new Set(change.events.map(({ attribute }) => attribute));
    const end = change.n - this.#first;
    for (const item of this.#window(end - WINDOW, end).reverse()) {
      if (item.kind === 'saying' || item.key !== change.key) {
        if (item.kind === 'saying' && item !== by) return;
        continue;
      }
      const [first] = item.events;
      if (item.name !== undefined || !first || named.has(first.attribute) || isMaking(first)) return;
      if (first.type !== undefined && first.type !== name && this.#rules.heard().has(first.type)) return;
      item.by = by;
      item.name = name;
      named.add(first.attribute);
    }
  }

  #release(late: Micros): RecordedEvent[] {
    const out: RecordedEvent[] = [];
    let count = 0;
    for (const [at, item] of this.#items.entries()) {
      if (item.kind === 'saying') {
        const isOver = item.isUsed || item.sent.name === '' || item.sent.time < late;
        if (!isOver && this.#mayName(item, at)) break;
      } else {
        const [first] = item.events;
        if (item.name === undefined && !((first?.time ?? 0) < late)) break;
        out.push(...item.events.map((event) => this.#named(event, item.name)));
      }
      count++;
    }
    this.#items = this.#items.slice(count);
    this.#first += count;
    return out;
  }

  #named(event: RecordedEvent, name: string | undefined): RecordedEvent {
    if (name !== undefined) return { ...event, type: name };
    if (event.type === undefined || !this.#rules.heard().has(event.type)) return event;
    // It would have been heard.
    const { type: _, ...rest } = event;
    return rest;
  }
}

function isOpen(item: Item): item is Change {
  return item.kind === 'change' && item.name === undefined;
}

/** Changes without a name; of a thing none before one that something said earlier has named. */
function openBefore(items: readonly Item[], { n }: Saying): Change[] {
  const closed = new Set<string>();
  const out: Change[] = [];
  for (const item of [...items].reverse()) {
    if (item.kind !== 'change') continue;
    if (item.name === undefined && !closed.has(item.key)) out.unshift(item);
    if (item.by && item.by.n < n) closed.add(item.key);
  }
  return out;
}

function isDue(change: Change | undefined, late: Micros): boolean {
  return change !== undefined && (change.events[0]?.time ?? 0) < late;
}

function isMaking({ preState }: RecordedEvent): boolean {
  return typeof preState === 'object' && preState !== null && '$new' in preState;
}
