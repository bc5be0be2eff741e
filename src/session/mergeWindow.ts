// What several services tell, in the one order in which it happened. Each tells its own in order but late by up to some moment, so
// everything is held back that long; then the earliest goes first. Within one service the order is never changed.
import type { Micros, NewPoint } from '../model/index.ts';

/** Longer than a service is left without being asked, so that its answer is there before others go ahead of it. */
export const HELD_MICROS = 400_000;

export type Release = (target: string, points: readonly NewPoint[]) => void;

interface Held {
  readonly point: NewPoint;
  /** Its time, but never before that of what the service told earlier. */
  readonly order: Micros;
}

export class MergeWindow {
  readonly #queues = new Map<string, Held[]>();
  readonly #lasts = new Map<string, Micros>();
  readonly #release: Release;

  constructor(release: Release) {
    this.#release = release;
  }

  get isEmpty(): boolean {
    return [...this.#queues.values()].every((queue) => queue.length === 0);
  }

  add(target: string, points: readonly NewPoint[]): void {
    const queue = this.#queues.get(target) ?? [];
    this.#queues.set(target, queue);
    let last = this.#lasts.get(target) ?? -Infinity;
    for (const point of points) {
      last = Math.max(last, point.time);
      queue.push({ point, order: last });
    }
    this.#lasts.set(target, last);
  }

  /** Lets go of everything up to a time, the earliest first, in runs of one service. */
  releaseUpTo(time: Micros): void {
    let run: { readonly target: string; readonly points: NewPoint[] } | undefined;
    for (;;) {
      const target = this.#earliest(time);
      if (target === undefined) break;
      const held = this.#queues.get(target)?.shift();
      if (!held) break;
      if (run && run.target !== target) {
        this.#release(run.target, run.points);
        run = undefined;
      }
      run ??= { target, points: [] };
      run.points.push(held.point);
    }
    if (run) this.#release(run.target, run.points);
  }

  #earliest(until: Micros): string | undefined {
    let [found, order]: [string | undefined, Micros] = [undefined, Infinity];
    for (const [target, [first]] of this.#queues)
      if (first && first.order <= until && first.order < order) [found, order] = [target, first.order];
    return found;
  }
}
