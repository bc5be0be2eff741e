// Recordings of each kind of cause, and at which place of the answer the true one stands. Run by itself it prints the table.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { causesOf, situationOf } from '../../src/present/index.ts';
import type { Model } from '../../src/model/index.ts';
import { openTimeline } from '../../src/timeline/index.ts';
import { KINDS, pack, pay, place, ship, type Kind } from './causes.ts';
import { RecordedShop, SHOP } from './recordedShop.ts';

export interface Judged {
  readonly kind: string;
  /** For each recording: the place of the true cause from 1, 0 where it is not among the steps. */
  readonly places: readonly number[];
}

/** mulberry32, a small generator of the public domain. */
function randomFrom(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const RECORDINGS = 6;

/** @param model what extraction knew: with fewer facts the answer is worse */
export function judge(seed: number, model: Model = SHOP): Judged[] {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-test-'));
  try {
    return KINDS.map((kind, k) => ({
      kind: kind.name,
      places: Array.from({ length: RECORDINGS }, (_, n) =>
        placeOf(kind, join(folder, `${k}-${n}.semstate`), randomFrom(seed + 100 * k + n), n % 2 === 0, model),
      ),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function placeOf(kind: Kind, file: string, random: () => number, traced: boolean, model: Model): number {
  const store = openTimeline(file);
  try {
    const shop = new RecordedShop(store, random, traced);
    const stock = Array.from({ length: 5 }, () => shop.create('Item', { stock: 1000 }));
    const customers = Array.from({ length: 6 }, () => shop.create('Customer', { blocked: false }));
    others(shop, 25, stock, customers);
    const { order, truth } = kind.happen(shop, stock, customers);
    others(shop, 15, stock, customers);
    shop.wait(120);
    others(shop, 2, stock, customers);
    shop.flush();
    const situation = situationOf({ store, model, seq: shop.last, live: true }, order);
    const steps = situation ? causesOf(situation) : [];
    return steps.findIndex(({ point }) => truth.includes(point.seq)) + 1;
  } finally {
    store.dispose();
  }
}

/** Orders on their usual way, some still on it. */
function others(
  shop: RecordedShop,
  count: number,
  stock: Parameters<typeof place>[1],
  customers: Parameters<typeof place>[2],
): void {
  for (let n = 0; n < count; n++) {
    const placed = place(shop, stock, customers);
    if (shop.random() < 0.1) continue;
    pay(shop, placed.order);
    if (shop.random() < 0.1) continue;
    const { shipment } = pack(shop, placed);
    ship(shop, placed.order, shipment);
    if (shop.random() < 0.8) {
      shop.request();
      shop.set(shipment, 'status', 'delivered');
    }
  }
}

export function table(judged: readonly Judged[]): string {
  const rows = judged.map(({ kind, places }) => {
    const share = (of: (place: number) => boolean): string => `${places.filter(of).length} of ${places.length}`;
    return `| ${kind} | ${share((place) => place === 1)} | ${share((place) => place > 0)} |`;
  });
  return ['| cause | first | among five |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** The same where extraction found no guard of any transition. */
export const WITHOUT_GUARDS: Model = {
  ...SHOP,
  transitions: SHOP.transitions.map(({ guard: _, ...rest }) => rest),
};

if (import.meta.main) {
  process.stdout.write(`With guards\n\n${table(judge(1042))}\nWithout\n\n${table(judge(1042, WITHOUT_GUARDS))}`);
}
