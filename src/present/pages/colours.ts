// Colour slots of states: 8 hues by 4 patterns, stable for each state name once it was given.
import { isFailure } from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import type { TypeSummary } from '../requests.ts';

export type ColourSlots = { readonly [state: string]: number };

const HUES = 8;
const PATTERNS = 4;
const GREY = 7;
/** Costs of a hue, see the visual design: two states of one type must differ first of all. */
const USED_IN_TYPE = 100;
const USED_ANYWHERE = 10;
const BEING_GREY = 15;
const STEP = 1;
const SETTING = 'state-colours';

/**
 * Slots for all states: those known stay, new ones take the cheapest hue.
 * `types` in the order of choice, each with its states as declared. Slot = hue + 8 x pattern.
 */
export function assignColours(known: ColourSlots, types: readonly (readonly string[])[]): ColourSlots {
  const slots = new Map(Object.entries(known));
  const uses = Array.from({ length: HUES }, () => 0);
  for (const slot of slots.values()) use(uses, slot % HUES);
  for (const states of types) {
    const inType = new Set(states.flatMap((state) => (slots.has(state) ? [(slots.get(state) ?? 0) % HUES] : [])));
    for (const state of states) {
      if (slots.has(state)) continue;
      const hue = cheapestHue(fnv1a(state) % HUES, inType, uses);
      slots.set(state, hue + HUES * ((uses[hue] ?? 0) % PATTERNS));
      use(uses, hue);
      inType.add(hue);
    }
  }
  return Object.fromEntries(slots);
}

function use(uses: number[], hue: number): void {
  uses[hue] = (uses[hue] ?? 0) + 1;
}

function cheapestHue(start: number, inType: ReadonlySet<number>, uses: readonly number[]): number {
  let best = start;
  let least = Infinity;
  for (let step = 0; step < HUES; step++) {
    const hue = (start + step) % HUES;
    const cost =
      (inType.has(hue) ? USED_IN_TYPE : 0) +
      USED_ANYWHERE * (uses[hue] ?? 0) +
      (hue === GREY ? BEING_GREY : 0) +
      STEP * step;
    if (cost < least) [best, least] = [hue, cost];
  }
  return best;
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}

/** The recording's colours, with slots for states seen for the first time; kept with it where it can be written. */
export function coloursOf(store: TimelineStore, types: readonly TypeSummary[]): ColourSlots {
  const known = read(store.setting(SETTING));
  const inOrder = [...types].sort((a, b) => b.count - a.count || (a.entity < b.entity ? -1 : 1));
  const slots = assignColours(
    known,
    inOrder.map(({ states }) => states.map(({ state }) => state)),
  );
  if (!store.readOnly && Object.keys(slots).length > Object.keys(known).length) {
    try {
      store.saveSetting(SETTING, JSON.stringify(slots));
    } catch (error) {
      // A colour that cannot be kept (a full disk) is no reason to show nothing.
      if (!isFailure(error)) throw error;
    }
  }
  return slots;
}

function read(text: string | undefined): ColourSlots {
  const parsed = parse(text ?? '{}');
  if (typeof parsed !== 'object' || parsed === null) return {};
  const isSlot = (slot: unknown): slot is number =>
    Number.isInteger(slot) && (slot as number) >= 0 && (slot as number) < HUES * PATTERNS;
  return Object.fromEntries(Object.entries(parsed).filter((entry): entry is [string, number] => isSlot(entry[1])));
}

/** Settings are anybody's to write: what is no JSON is no colour. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
