// Causes brought about in a running service, recorded live, and at which place of the answer the true one stands. Run by itself it
// prints the table.
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { causesOf, describeFrame, situationOf } from '../../src/present/index.ts';
import type { EntityRef } from '../../src/model/index.ts';
import { table, type Judged } from './judged.ts';
import { KINDS, LOST, usual, type Ground, type Kind, type Stuck } from './marketCauses.ts';
import { recordWhile, startProgram, type Recording } from './program.ts';

const MARKET = join(import.meta.dirname, 'market/src');
/** Orders that go their usual way before anything happens: what is unusual shows against them. */
const BEFORE = 24;
/** A stay is told from the others once it is a multiple of theirs, which last milliseconds here. */
const STUCK_MS = 300;

export interface Happened extends Stuck {
  readonly kind: string;
  /** Where the answer is asked for. */
  readonly seq: number;
}

type Cause = ReturnType<typeof causesOf>[number];

export interface Driven {
  readonly recording: Recording;
  readonly happened: readonly Happened[];
}

export async function recordMarket(): Promise<Driven> {
  await using market = await startProgram(join(MARKET, 'main.ts'));
  const ground = await prepare(market.tell);
  const happened: Happened[] = [];
  const recording = await recordWhile(market.target, MARKET, async (look) => {
    const about = async (kinds: readonly Kind[]): Promise<void> => {
      const found: (Stuck & { readonly kind: string })[] = [];
      for (const kind of kinds) {
        found.push({ ...(await kind.happen(ground)), kind: kind.name });
        for (let n = 0; n < 3; n++) await usual(ground, endOf(n));
      }
      await wait(STUCK_MS);
      await usual(ground, 'closed');
      // Who asks why takes a snapshot; the answer is judged there.
      const { seq } = await look();
      happened.push(...found.map((one) => ({ ...one, seq })));
    };
    for (let n = 0; n < BEFORE; n++) await usual(ground, endOf(n));
    await about(KINDS);
    await about([LOST]);
  });
  return { recording, happened };
}

async function prepare(tell: Ground['tell']): Promise<Ground> {
  const make = async (what: string, more = {}): Promise<string> => String(await tell(what, more));
  const several = async (count: number, what: string, more = {}): Promise<string[]> => {
    const made: string[] = [];
    while (made.length < count) made.push(await make(what, more));
    return made;
  };
  return {
    tell,
    items: await several(4, 'item', { stock: 1000 }),
    customers: await several(5, 'customer'),
    courier: await make('courier'),
    last: await make('item', { stock: 1 }),
    few: await make('item', { stock: 5 }),
    stranger: await make('customer'),
    guest: await make('customer'),
    other: await make('courier'),
  };
}

/** Most orders come to their end, some are on their way. */
function endOf(n: number): Parameters<typeof usual>[1] {
  return n % 9 === 8 ? 'placed' : n % 7 === 6 ? 'paid' : n % 5 === 4 ? 'shipped' : 'closed';
}

const order = (id: string): EntityRef => ({ entity: 'Order', id });

function stepsOf({ store, model }: Recording, { order: id, seq }: Happened): readonly Cause[] {
  const situation = situationOf({ store, model, seq, live: false }, order(id));
  return situation ? causesOf(situation) : [];
}

/** Places from 1; 0 where the true cause is not among the steps. */
export function judgeRecorded({ recording, happened }: Driven): Judged[] {
  return happened.map((one) => ({
    kind: one.kind,
    places: [stepsOf(recording, one).findIndex(({ point }) => one.truth(point)) + 1],
  }));
}

/** What the answer says for each, for people who look into it. */
export function answersOf({ recording, happened }: Driven): string {
  return happened
    .map((one) => {
      const lines = stepsOf(recording, one).map(({ point, weight, via, because }) => {
        const what = point.kind === 'gap' ? `${point.lost} lost` : describeFrame(point);
        return `  ${one.truth(point) ? '*' : ' '} ${weight} ${via ?? 'own'} ${what} (${because})`;
      });
      return [`${one.kind}: Order ${one.order}`, ...lines].join('\n');
    })
    .join('\n');
}

/** The same where extraction found no guard of any transition. */
export function withoutGuards({ recording, happened }: Driven): Driven {
  const { model } = recording;
  const transitions = model.transitions.map(({ guard: _, ...rest }) => rest);
  return { recording: { ...recording, model: { ...model, transitions } }, happened };
}

if (import.meta.main) {
  const { recordShop } = await import('./shopCauses.ts');
  for (const record of [recordMarket, recordShop]) {
    const driven = await record();
    using _ = driven.recording;
    process.stdout.write(`${answersOf(driven)}\n\n${table(judgeRecorded(driven))}\n`);
  }
}
