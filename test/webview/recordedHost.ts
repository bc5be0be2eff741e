// A PanelHost over a recording in memory: what the debug session answers, answered by a few loops, so that the panel can be
// looked at and tested in a plain browser. Keeps what was asked, and can move like a debugger that someone else steps.
import type {
  Arguments,
  Cursor,
  Events,
  Goto,
  Overview,
  PanelHost,
  RequestName,
  Result,
} from '../../src/present/index.ts';
import type { EntityRef } from '../../src/model/index.ts';
import { colourSlots, detailsOf, graphOf, overviewOf, statesOf } from './recordedPages.ts';
import { diffOf, searchFor } from './recordedDiff.ts';
import { lanesOf, touching } from './recordedLanes.ts';
import type { Recording } from './recording.ts';

export class RecordedHost implements PanelHost {
  readonly calls: { readonly name: RequestName; readonly args: unknown }[] = [];
  readonly recording: Recording;
  readonly colours: { readonly [state: string]: number };
  /** Answers of these names are replaced. */
  readonly instead: { [name: string]: unknown } = {};
  focus: EntityRef | undefined;
  seq: number;
  live = false;
  /** Milliseconds spent on answers. */
  spent = 0;
  readonly #listeners = new Map<string, Set<(body: never) => void>>();

  constructor(recording: Recording, focus?: EntityRef, seq = recording.events.length) {
    this.recording = recording;
    this.colours = colourSlots(recording);
    this.focus = focus;
    this.seq = seq;
  }

  get time(): number {
    return this.live ? this.recording.last : (this.recording.events[this.seq - 1]?.time ?? this.recording.last);
  }

  cursor(): Cursor {
    const row = this.recording.events[this.seq - 1];
    return {
      seq: this.seq,
      time: this.time,
      ordinal: this.seq,
      of: this.recording.events.length,
      live: this.live,
      text: row?.text ?? '',
    };
  }

  /** As if the debugger had been stepped elsewhere. */
  move(seq: number, focus = this.focus): void {
    this.seq = seq;
    this.live = false;
    this.focus = focus;
    this.#emit('semantic/cursor', { cursor: this.cursor(), ...(focus && { focus }) });
  }

  /** As if a command of the editor asked for what the panel shows. */
  wish(form: Events['semantic/shareWanted']['form']): void {
    this.#emit('semantic/shareWanted', { form });
  }

  changed(): void {
    this.#emit('semantic/changed', { what: 'points' });
  }

  on<N extends keyof Events>(name: N, listener: (body: Events[N]) => void): () => void {
    const all = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, all);
    all.add(listener);
    return () => all.delete(listener);
  }

  request<N extends RequestName>(name: N, args: Arguments<N>): Promise<Result<N>> {
    this.calls.push({ name, args });
    // As data that crossed a process: it comes later, and nothing of it is shared with the panel.
    return new Promise((resolve) =>
      setTimeout(() => {
        const begun = performance.now();
        const answer = structuredClone(this.instead[name] ?? this.#answer(name, args)) as Result<N>;
        this.spent += performance.now() - begun;
        resolve(answer);
      }),
    );
  }

  #emit<N extends keyof Events>(name: N, body: Events[N]): void {
    for (const listener of this.#listeners.get(name) ?? []) (listener as (body: Events[N]) => void)(body);
  }

  #answer(name: RequestName, args: unknown): unknown {
    const { recording } = this;
    switch (name) {
      case 'semantic/overview':
        return this.#overview();
      case 'semantic/goto':
        return this.#goto(args as Goto);
      case 'semantic/focus':
        this.focus = (args as Arguments<'semantic/focus'>).ref;
        return this.#overview();
      case 'semantic/lanes':
        return lanesOf(this, args as Arguments<'semantic/lanes'>);
      case 'semantic/events': {
        const { offset, limit, ref, around } = args as Arguments<'semantic/events'>;
        const rows = ref ? touching(recording, ref) : recording.events;
        const start =
          around === undefined
            ? offset
            : Math.max(0, rows.findIndex((row) => row.seq >= around) - Math.floor(limit / 2));
        return { rows: rows.slice(start, start + limit), offset: start, total: rows.length };
      }
      case 'semantic/details':
        return detailsOf(this, (args as Arguments<'semantic/details'>).ref);
      case 'semantic/graph':
        return graphOf(this);
      case 'semantic/states':
        return statesOf(this, (args as Arguments<'semantic/states'>).entity);
      case 'semantic/diff':
        return diffOf(this, (args as Arguments<'semantic/diff'>).from);
      case 'semantic/search':
        return searchFor(this, (args as Arguments<'semantic/search'>).query);
      case 'semantic/takeSnapshot':
        return recording.snapshots.at(-1);
      case 'semantic/story': {
        const { ref } = args as Arguments<'semantic/story'>;
        return { markdown: `## ${ref.entity} ${ref.id}\n` };
      }
      case 'semantic/link':
        return { link: `vscode://here/open?${this.seq}` };
      case 'semantic/share':
        return { done: false };
      case 'semantic/open':
        return { opened: false };
      default:
        return {};
    }
  }

  #overview(): Overview {
    return overviewOf(this);
  }

  #goto(place: Goto): Cursor {
    const { events } = this.recording;
    const clamp = (seq: number) => Math.max(1, Math.min(events.length, seq));
    if ('seq' in place) this.seq = clamp(place.seq);
    else if ('time' in place) this.seq = clamp(events.findLastIndex((row) => row.time <= place.time) + 1);
    else {
      const own = this.focus ? touching(this.recording, this.focus) : [];
      const snapshots = events.filter((row) => row.kind === 'snapshot');
      const found = {
        next: () => this.seq + 1,
        previous: () => (this.live ? events.length : this.seq - 1),
        nextOfFocus: () => own.find((row) => row.seq > this.seq)?.seq,
        previousOfFocus: () => own.findLast((row) => row.seq < this.seq)?.seq,
        nextSnapshot: () => snapshots.find((row) => row.seq > this.seq)?.seq,
        previousSnapshot: () => snapshots.findLast((row) => row.seq < this.seq)?.seq,
        first: () => 1,
        live: () => events.length,
      }[place.step]();
      this.seq = clamp(found ?? this.seq);
    }
    this.live = 'step' in place && place.step === 'live';
    const cursor = this.cursor();
    this.#emit('semantic/cursor', { cursor, ...(this.focus && { focus: this.focus }) });
    return cursor;
  }
}
