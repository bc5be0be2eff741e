// A whole recording as the product does it: attach, snapshot, arm; and what the timeline has of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { showValue, type EventPoint, type Point } from '../../src/model/index.ts';
import { createApp, type App, type Recording, type Session } from '../../src/session/index.ts';
import type { Program } from './running.ts';

export interface Recorded extends AsyncDisposable {
  readonly app: App;
  readonly session: Session;
  readonly recording: Recording;
  readonly log: string[];
  points(): Point[];
  /** Waits until so many events are there. */
  until(events: number): Promise<EventPoint[]>;
}

export async function recordSession(program: Pick<Program, 'pid'> | string, source: string): Promise<Recorded> {
  const target = typeof program === 'string' ? program : `pid:${program.pid}`;
  const directory = mkdtempSync(join(tmpdir(), 'semstate-recorded-'));
  const app = createApp();
  try {
    const store = join(directory, 'timeline.semstate');
    const session = await app.openSession({ target, source: [source], store }, {});
    const log: string[] = [];
    session.on('log', (text) => log.push(text));
    await session.takeSnapshot({}, {});
    const recording = await session.record?.({});
    if (!recording) throw new Error('nothing is recorded');
    const points = (): Point[] => pointsOf(session);
    return {
      ...{ app, session, recording, log, points },
      async until(count) {
        for (const end = Date.now() + 60_000; Date.now() < end; await wait(50)) {
          if (session.store.summary().events < count) continue;
          const events = eventsOf(points());
          if (events.length >= count) return events;
        }
        return eventsOf(points());
      },
      async [Symbol.asyncDispose]() {
        await app[Symbol.asyncDispose]();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await app[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

export function pointsOf({ store }: Pick<Session, 'store'>): Point[] {
  const points: Point[] = [];
  for (let seq = -1; ;) {
    const point = store.next(seq);
    if (!point) return points;
    points.push(point);
    ({ seq } = point);
  }
}

/** What was recorded as it happened. */
export function eventsOf(points: readonly Point[]): EventPoint[] {
  return points.filter((point): point is EventPoint => point.kind === 'event' && point.observed === 'recorded');
}

/** `T1: open -> taken`, with the thread where it is another one. */
export function line({ object, preState, postState, thread }: Omit<EventPoint, 'seq'>): string {
  const edge = (state: EventPoint['preState'] | EventPoint['postState']): string =>
    typeof state === 'object' && state !== null && '$new' in state
      ? 'new'
      : typeof state === 'object' && state !== null && '$gone' in state
        ? 'gone'
        : showValue(state);
  return `${object.id}: ${edge(preState)} -> ${edge(postState)}${thread === undefined ? '' : ` in ${thread}`}`;
}
