// What the panel knows and what its user chose. Asks the host for what is in view, never twice at once for the same thing.
// Does not know how any of it is drawn.
import type { Data, Shape, Window } from './panelData.ts';
import type { Cursor, EntityRef, Goto, Micros, Overview, PanelHost, SourcePosition } from './contract.ts';
import { Coalescer } from './coalescer.ts';
import { findStanding } from './findings.ts';
import { asNotice, takenText, type Notice } from './notice.ts';
import { fitWindow, windowAround } from './timeWindow.ts';
import { ViewWindow } from './viewWindow.ts';
import { DEFAULT_CHOICES, type Choices } from './choices.ts';
import { sameRef, sourcePath } from './format.ts';

/** As many lanes as one request brings beyond what is in view. */
const SPARE_LANES = 6;
const STORY_EVENTS = 400;
const DIFF_ROWS = 1000;
/** The distribution of states is counted from lanes up to this many; above, the diff does without its bars. */
export const MOST_COUNTED = 200;
/** New points are shown at most ten times a second. */
const LIVE_PAUSE_MS = 100;

export class PanelStore {
  readonly host: PanelHost;
  readonly data: Data = { lanes: [], laneOffset: 0, laneTotal: 0 };
  choices: Choices;
  shape: Shape = 'panel';
  notice: Notice | undefined;
  /** Grows with every change of the recording or of the model. */
  version = 0;
  /** Rows of lanes in view, set by the timeline. */
  rows = { offset: 0, limit: 24 };
  readonly #window = new ViewWindow();
  #changed: () => void = () => undefined;
  readonly #stops: (() => void)[] = [];
  readonly #asking = new Coalescer((error) => this.tell(asNotice(error)));
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: PanelHost, kept: Partial<Choices>) {
    this.host = host;
    this.choices = { ...DEFAULT_CHOICES, ...kept };
  }

  start(changed: () => void): void {
    this.#changed = changed;
    this.#stops.push(
      this.host.on('semantic/cursor', ({ cursor, focus }) => this.#moved(cursor, focus)),
      this.host.on('semantic/changed', () => {
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined;
          this.version++;
          this.refresh();
        }, LIVE_PAUSE_MS);
      }),
    );
    this.refresh();
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    clearTimeout(this.#timer);
    this.#asking.stop();
    this.#changed = () => undefined;
  }

  get window(): Window {
    return this.#window.current;
  }

  choose(patch: Partial<Choices>): void {
    this.choices = { ...this.choices, ...patch };
    if (patch.window) this.#window.chosen(patch.window, this.data.overview);
    this.refresh();
  }

  /** Something that no request brings is another one now. */
  redraw(): void {
    this.#changed();
  }

  tell(notice: Notice | undefined): void {
    this.notice = notice;
    this.#changed();
  }

  goto(place: Goto): void {
    this.#asking.queue('goto', () =>
      this.host.request('semantic/goto', place).then((cursor) => this.#moved(cursor, this.data.focus)),
    );
  }

  focus(ref: EntityRef | undefined): void {
    this.#asking.queue('goto', async () => {
      const overview = await this.host.request('semantic/focus', ref ? { ref } : {});
      this.#overview(overview);
      this.refresh();
    });
  }

  /** The snapshot's phases come as an overview with the phase `loading`. */
  takeSnapshot(force = false): void {
    this.#asking.queue('snapshot', () =>
      this.host
        .request('semantic/takeSnapshot', force ? { force } : {})
        .then((mark) => this.tell({ text: takenText(mark) })),
    );
  }

  /** Where nothing is attached yet; whatever hosts the panel tells how it goes. */
  attach(target: string): void {
    this.host.request('semantic/attach', { target }).catch((error: unknown) => this.tell(asNotice(error)));
  }

  cancel(): void {
    this.host.request('semantic/cancel', {}).catch((error: unknown) => this.tell(asNotice(error)));
  }

  open(source: SourcePosition): void {
    this.#asking.queue('open', () =>
      this.host.request('semantic/open', { source }).then(({ opened }) => {
        if (!opened) this.tell({ text: sourcePath(source) });
      }),
    );
  }

  zoom(factor: number, at: Micros = this.data.cursor?.time ?? this.window.to): void {
    const { from, to } = this.window;
    this.choose({ window: fitWindow(at - (at - from) * factor, at + (to - at) * factor, this.data.overview) });
  }

  pan(by: Micros): void {
    this.choose({ window: fitWindow(this.window.from + by, this.window.to + by, this.data.overview) });
  }

  zoomToSteps(): void {
    const times = this.data.details?.steps.map((step) => step.time) ?? [];
    if (times.length && this.data.cursor)
      this.choose({ window: windowAround([...times, this.data.cursor.time], this.data.overview) });
  }

  #moved(cursor: Cursor, focus: EntityRef | undefined): void {
    this.data.cursor = cursor;
    this.#focused(focus);
    this.#window.moved(cursor, this.data.overview);
    this.refresh();
  }

  #focused(focus: EntityRef | undefined): void {
    if (!sameRef(focus, this.data.focus) && (focus || this.data.focus)) {
      this.data.details = undefined;
      this.#window.refocused();
    }
    this.data.focus = focus;
  }

  #overview(overview: Overview): void {
    if (this.notice?.code === 'disconnected') this.notice = undefined;
    const before = this.data.overview;
    this.data.overview = overview;
    this.data.cursor = overview.cursor;
    this.#focused(overview.focus);
    if (overview.phase === 'ready' || overview.phase === 'disconnected') this.#window.grew(before, overview);
  }

  /** Asks for what is in view and not there yet, then lets the panel draw what is there. */
  refresh(): void {
    const { host, data, choices } = this;
    this.#asking.ask('overview', String(this.version), async () => {
      this.#overview(await host.request('semantic/overview', {}));
      this.refresh();
    });
    const ready = data.overview?.phase === 'ready' || data.overview?.phase === 'disconnected';
    if (ready) {
      this.#askLanes();
      this.#askFocus();
      if (this.shows('graph'))
        this.#ask('graph', `${data.focus?.entity}/${data.focus?.id}`, async () => {
          data.graph = await host.request('semantic/graph', {});
        });
      const entity = this.stateType();
      if (this.shows('states') && entity !== undefined)
        this.#ask('states', `${entity}/${choices.attribute}`, async () => {
          const attribute = choices.attribute;
          data.states = await host.request('semantic/states', {
            entity,
            ...(attribute !== undefined && { attribute }),
          });
        });
      if (this.shows('diff')) this.#askDiff();
    }
    this.#changed();
  }

  /** Whether one of the views that are not the timeline is on the screen; a tall tab shows one of them below it. */
  shows(view: 'graph' | 'states' | 'diff'): boolean {
    if (this.choices.view === view) return true;
    return view === 'graph' && this.shape === 'tab' && this.choices.view === 'timeline';
  }

  /** The type whose state machine is shown: the chosen one, that of the focus, or the first that has states. */
  stateType(): string | undefined {
    const types = this.data.overview?.types ?? [];
    const has = (entity: string | undefined) =>
      types.some((type) => type.entity === entity && type.stateAttribute !== undefined);
    return [
      this.choices.type,
      this.data.focus?.entity,
      types.find((type) => type.stateAttribute !== undefined)?.entity,
    ].find(has);
  }

  /** Lanes of all entities, since there is no focus or because all were asked for. */
  all(): boolean {
    return this.choices.scope === 'all' || !this.data.focus;
  }

  #ask(what: string, key: string, work: () => Promise<void>): void {
    this.#asking.ask(what, `${this.version} ${this.data.cursor?.seq} ${this.data.cursor?.live} ${key}`, async () => {
      await work();
      this.#changed();
    });
  }

  #askLanes(): void {
    const { from, to } = this.window;
    const margin = (to - from) / 2;
    const step = margin / 2;
    // Rounded outwards, so that a small move of the window asks for nothing new.
    const [start, end] = [Math.floor((from - margin) / step) * step, Math.ceil((to + margin) / step) * step];
    const [only] = this.choices.types;
    const args = {
      from: Math.round(start),
      to: Math.round(end),
      ...(this.all() && {
        all: true,
        offset: Math.max(0, this.rows.offset - SPARE_LANES),
        limit: this.rows.limit + 2 * SPARE_LANES,
        ...(this.choices.types.length === 1 && only !== undefined && { entity: only }),
      }),
    };
    const focus = this.data.focus;
    this.#ask('lanes', JSON.stringify([args, focus]), async () => {
      const page = await this.host.request('semantic/lanes', args);
      this.data.lanes = page.lanes;
      this.data.laneTotal = page.total;
      this.data.laneOffset = args.offset ?? 0;
      const { overview, cursor } = this.data;
      const lane = page.lanes.find((one) => sameRef(one.ref, focus));
      if (overview && (lane || !focus) && this.#window.fit(lane, overview, cursor)) this.refresh();
    });
  }

  #askFocus(): void {
    const { focus, cursor } = this.data;
    if (!focus) {
      this.data.details = undefined;
      this.data.focusEvents = undefined;
      this.#ask('findings', '', async () => {
        this.data.findings = await findStanding(this.host, this.data.overview);
      });
      return;
    }
    this.#ask('details', JSON.stringify(focus), async () => {
      const details = await this.host.request('semantic/details', { ref: focus });
      if (sameRef(focus, this.data.focus)) this.data.details = details;
    });
    const around = cursor ? { around: cursor.seq } : {};
    this.#ask('focusEvents', JSON.stringify(focus), async () => {
      this.data.focusEvents = await this.host.request('semantic/events', {
        ref: focus,
        offset: 0,
        limit: STORY_EVENTS,
        ...around,
      });
    });
  }

  #askDiff(): void {
    const from = this.choices.diffFrom;
    const entity = this.stateType();
    const few = (this.data.overview?.types.find((type) => type.entity === entity)?.count ?? 0) <= MOST_COUNTED;
    this.#ask('diff', `${from} ${entity}`, async () => {
      const diff = await this.host.request('semantic/diff', { limit: DIFF_ROWS, ...(from !== undefined && { from }) });
      this.data.diff = diff;
      this.data.diffLanes = undefined;
      if (entity === undefined || !few) return;
      const span = { from: diff.from.time, to: diff.to.time };
      const { lanes } = await this.host.request('semantic/lanes', { all: true, entity, limit: MOST_COUNTED, ...span });
      this.data.diffLanes = lanes;
    });
  }
}
