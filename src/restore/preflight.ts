// What a return will do, told before anything is done: what comes back, what does not, who notices, what the laws say, how long it takes. Pure.
import { showRef, toIso, type Point, type Violation } from '../model/index.ts';
import type { Choice } from './choosing.ts';
import type { OutsideThing } from './manifest.ts';

/** Measured: restoring takes about as long as the dump, and no less than this; reading it back for the proof comes on top. */
const LEAST_MS = 500;
const MS_PER_MB = 15;
/** More of one kind say no more. */
const MOST_SHOWN = 8;

export interface Preflight {
  readonly checkpoint: { readonly seq: number; readonly at: string; readonly bytes: number };
  readonly asked: { readonly seq: number; readonly at: string };
  readonly comesBack: readonly string[];
  readonly doesNot: readonly string[];
  /** Peers whose connections end. */
  readonly notice: readonly string[];
  readonly laws: readonly Violation[];
  readonly expectedMs: number;
  /** Another kernel or processor than it was made on: CRIU may refuse. */
  readonly warnings: readonly string[];
}

export interface Here {
  readonly kernel: string;
  readonly arch: string;
  readonly cpu: string;
}

export function preflight(choice: Choice, violations: readonly Violation[], entities: number, here: Here): Preflight {
  const { checkpoint, point, asked, changesAfter } = choice;
  const { manifest } = checkpoint;
  const of = (kind: OutsideThing['kind']): string[] =>
    manifest.outside.filter((thing) => thing.kind === kind).map(({ text }) => text);
  const peers = manifest.outside.flatMap(({ peer }) => (peer === undefined ? [] : [peer]));
  const behind = changesAfter > 0 ? [`${changesAfter} changes between point ${point.seq} and point ${asked.seq}`] : [];
  return {
    checkpoint: { ...place(point), bytes: manifest.bytes },
    asked: place(asked),
    comesBack: [
      `${entities} entities as at point ${point.seq}, with all of the program’s memory, ${manifest.threads.length} threads and their timers`,
      'the files inside the container as they were',
      ...of('listener'),
    ],
    doesNot: [
      ...behind,
      ...shown(of('volume'), 'volumes'),
      ...shown(of('open-file'), 'open files'),
      ...shown(of('service'), 'services'),
      ...of('clock'),
    ],
    notice: [...new Set(peers)],
    laws: violations,
    expectedMs: Math.round(LEAST_MS + (manifest.bytes / 1e6) * MS_PER_MB),
    warnings: (['kernel', 'arch', 'cpu'] as const).flatMap((name) =>
      manifest.host[name] === here[name]
        ? []
        : [`it was made on ${name} ${manifest.host[name]}, this is ${here[name]}`],
    ),
  };
}

function place({ seq, time }: Point): { readonly seq: number; readonly at: string } {
  return { seq, at: toIso(time) };
}

function shown(texts: readonly string[], what: string): string[] {
  const more = texts.length - MOST_SHOWN;
  return more > 0 ? [...texts.slice(0, MOST_SHOWN), `${more} more ${what}`] : [...texts];
}

/** For people, each on a line of its own. */
export function describePreflight(report: Preflight): string {
  const { checkpoint, comesBack, doesNot, notice, laws, expectedMs, warnings } = report;
  const part = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
  return [
    `Return to point ${checkpoint.seq}, ${checkpoint.at} (${(checkpoint.bytes / 1e6).toFixed(1)} MB), in about ${(expectedMs / 1000).toFixed(1)} s`,
    ...part('comes back:', comesBack),
    ...part('does not come back:', doesNot),
    ...part('notice it:', notice),
    ...part(
      'laws broken at that point:',
      laws.map(
        ({ law, message, subjects = [] }) =>
          `${law}: ${message}${subjects.length > 0 ? ` (${subjects.map(showRef).join(', ')})` : ''}`,
      ),
    ),
    ...(laws.length === 0 ? ['laws: all hold at that point'] : []),
    ...part('take care:', warnings),
    '',
  ].join('\n');
}
