// What a recording says of itself to people: what it is about to do, and what came of it.
import type { Point, Problem } from '../model/index.ts';
import type { RecordingPreview } from '../session/index.ts';
import { plural } from './text.ts';

const MOST_NAMED = 40;
const LONGEST_COMMAND = 120;
/** Measured on services of some hundred scripts and of three thousand. */
const STOP_MS = [20, 1000] as const;
const EVENT_NS = [130, 260] as const;

/** The plan before anything is edited: files, places, and what it costs. */
export function planText({ files, children, notRecorded }: RecordingPreview): string {
  const sites = files.reduce((sum, file) => sum + file.sites, 0);
  const named = files.slice(0, MOST_NAMED).map((file) => `  ${file.file}  ${plural(file.sites, 'place')}`);
  return [
    `To be edited for as long as it is recorded: ${plural(sites, 'place')} in ${plural(files.length, 'file')}.`,
    ...named,
    ...(files.length > MOST_NAMED ? [`  and ${plural(files.length - MOST_NAMED, 'more file')}`] : []),
    ...(children.length > 0 ? [`The same in ${plural(children.length, 'child process', 'child processes')}:`] : []),
    ...children.slice(0, MOST_NAMED).map(({ pid, command }) => `  ${pid}  ${command.slice(0, LONGEST_COMMAND)}`),
    `Cost: each edited script stops the service once for ${STOP_MS.join(' to ')} ms; each event takes ${EVENT_NS.join(' to ')} ns.`,
    ...(notRecorded.length > 0 ? [`${plural(notRecorded.length, 'place')} cannot be edited.`] : []),
  ].join('\n');
}

/** Counts what a session tells, for the last line. */
export class RecordSummary {
  readonly #methods = new Map<string, number>();
  #lost = 0;
  #gaps = 0;

  count(points: readonly Point[]): void {
    for (const point of points) {
      if (point.kind === 'gap') {
        this.#gaps++;
        this.#lost += point.lost ?? 0;
      } else if (point.kind === 'event') {
        const method = point.method ?? (point.observed === 'recorded' ? 'edit' : 'snapshot');
        this.#methods.set(method, (this.#methods.get(method) ?? 0) + 1);
      }
    }
  }

  text(notRecorded: readonly Problem[]): string {
    const methods = [...this.#methods].map(([method, count]) => `${count} by ${method}`);
    const events = [...this.#methods.values()].reduce((sum, count) => sum + count, 0);
    return [
      `${plural(events, 'event')}${methods.length > 0 ? ` (${methods.join(', ')})` : ''}`,
      `${this.#lost} lost${this.#gaps > 0 ? ` in ${plural(this.#gaps, 'gap')}` : ''}`,
      `${plural(notRecorded.length, 'place')} not recorded`,
    ].join(', ');
  }
}
