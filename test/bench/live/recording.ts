// What live recording costs a service, on against off in turn, in one run: throughput and latency at full load, one event, the rate
// without loss, the standstill for the edits.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT } from '../heaps.ts';
import type { Recorded } from './host.ts';
import { startSetting, versionOf, type Setting } from './processes.ts';

const LOAD_SECONDS = 5;
const RATES = [10_000, 25_000, 50_000, 100_000, 150_000, 200_000, 300_000];
const RATE_SECONDS = 3;
/** All that was told is taken within this time after the last event. */
const SETTLE_MS = 3000;

export interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface Since {
  readonly longestMs: number;
  readonly requests: number;
  readonly cpuMs: number;
}

export interface LoadPair {
  readonly off: Load & { readonly cpuUs: number };
  readonly on: Load & { readonly cpuUs: number };
  readonly recorded: Recorded;
}

export interface Rate {
  readonly rate: number;
  readonly done: number;
  readonly perSecond: number;
  readonly recorded: Recorded;
  /** Processor time of the service for one event: the event itself, and to tell it. */
  readonly cpuUs: number;
  readonly cpuUsOff: number;
}

export interface LiveCost {
  readonly node: string;
  readonly pairs: readonly LoadPair[];
  /** Nanoseconds of one assignment, in the recorded class and in its untouched twin, with recording off and on. */
  readonly off: { readonly recorded: number; readonly untouched: number };
  readonly on: { readonly recorded: number; readonly untouched: number };
  readonly rates: readonly Rate[];
  /** Longest standstill of the service while it was edited, put back, and while nothing was done to it. */
  readonly editMs: readonly number[];
  readonly restoreMs: readonly number[];
  readonly idleMs: readonly number[];
  readonly sites: number;
}

/** This Node, and the others where they are installed. */
export function nodesHere(): readonly string[] {
  const installed = join(ROOT, '.cache', 'nodes');
  const found = existsSync(installed)
    ? readdirSync(installed)
        .map((name) => join(installed, name, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node'))
        .filter((path) => existsSync(path))
    : [];
  return found.length > 0 ? found : [process.execPath];
}

export async function measureLive(node: string, rounds: number, say: (text: string) => void): Promise<LiveCost> {
  const version = versionOf(node);
  await using setting = await startSetting(node);
  const { host, measure } = setting;
  await loaded(setting, 2);
  const off = await measure<LiveCost['off']>('/cost');
  const [editMs, restoreMs, idleMs]: [number[], number[], number[]] = [[], [], []];
  const pairs: LoadPair[] = [];
  let sites = 0;
  for (let round = 1; round <= rounds; round++) {
    idleMs.push(await standstill(setting, () => pause(1500)));
    const before = await loaded(setting, LOAD_SECONDS);
    editMs.push(
      await standstill(setting, async () => {
        ({ sites } = await host.ask<{ sites: number }>('start'));
      }),
    );
    const during = await loaded(setting, LOAD_SECONDS);
    await pause(300);
    let recorded: Recorded | undefined;
    restoreMs.push(
      await standstill(setting, async () => {
        recorded = await host.ask<Recorded>('stop');
      }),
    );
    if (recorded) pairs.push({ off: before, on: during, recorded });
    say(
      `Node ${version}, round ${round}: ${before.perSecond.toFixed(0)} requests/s off, ${during.perSecond.toFixed(0)} on`,
    );
  }
  await host.ask('start');
  const on = await measure<LiveCost['on']>('/cost');
  await host.ask('stop');
  const rates: Rate[] = [];
  for (const rate of RATES) {
    const found = await atRate(setting, rate);
    rates.push(found);
    say(`Node ${version}, ${rate} events/s: ${found.done} happened, ${found.recorded.events} recorded`);
    // Twice as much as could be taken says nothing more.
    if (found.recorded.events < found.done / 2) break;
  }
  return { node: version, pairs, off, on, rates, editMs, restoreMs, idleMs, sites };
}

async function loaded({ load, measure }: Setting, seconds: number): Promise<LoadPair['off']> {
  await measure('/since');
  const found = await load.ask<Load>(String(seconds));
  const { cpuMs, requests } = await measure<Since>('/since');
  return { ...found, cpuUs: (cpuMs * 1000) / requests };
}

async function standstill({ measure }: Setting, work: () => Promise<unknown>): Promise<number> {
  await measure('/since');
  await work();
  return (await measure<Since>('/since')).longestMs;
}

async function atRate({ host, measure }: Setting, rate: number): Promise<Rate> {
  interface Done {
    readonly done: number;
    readonly ms: number;
    readonly cpuMs: number;
  }
  const path = `/events?rate=${rate}&seconds=${RATE_SECONDS}`;
  const plain = await measure<Done>(path);
  await host.ask('start');
  const { done, ms, cpuMs } = await measure<Done>(path);
  await pause(SETTLE_MS);
  const recorded = await host.ask<Recorded>('stop');
  return {
    rate,
    done,
    perSecond: (done / ms) * 1000,
    recorded,
    cpuUs: (cpuMs * 1000) / done,
    cpuUsOff: (plain.cpuMs * 1000) / plain.done,
  };
}
