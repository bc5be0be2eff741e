// A view of a session's timeline: where its reader stands, what is in focus, and how to get elsewhere. Knows no DAP.
import {
  cancelled,
  Failure,
  showRef,
  type EntityInstance,
  type EntityRef,
  type Point,
  type SemanticState,
  type SnapshotPoint,
  type Work,
} from '../../model/index.ts';
import { completeQuery, cursorOf, evaluateQuery, type Goto, type Scene } from '../../present/index.ts';
import type { Session, SnapshotOptions } from '../session.ts';
import { BreakpointSet, type Passing } from './breakpointSet.ts';
import type { Evaluation, Stop, StopReason, View, ViewEvents, ViewOptions, ViewThread } from './contract.ts';
import { createHandlers } from './handlers.ts';
import { createLawWatch, knowsLaw, lawFilters } from './laws.ts';
import { createListeners } from './listeners.ts';
import { createPausing } from './pausing.ts';
import { AT_BEGINNING, AT_END, pointer, reasonOf, sentenceOf, stopSentence } from './sentences.ts';
import { endOfStop, stepFrom, stopAt, stopOf, type StepKind } from './stepping.ts';
import { threadsOf } from './threads.ts';
import { pointsAtLine, writeLinesOf } from './writes.ts';

export function createView(session: Session, options: ViewOptions = {}): View {
  const { store } = session;
  const listeners = createListeners<ViewEvents>();
  const laws = createLawWatch(store, () => session.model());
  const breakpoints = new BreakpointSet(() => ({
    store,
    model: session.model(),
    writeLines: (file) => writeLinesOf(session.model(), file),
    knowsLaw: (law) => knowsLaw(law, session.model()),
    broken: (point, newly) => laws.broken(point, newly),
  }));
  let at = lastSeq();
  let live = session.connected;
  let chosen: EntityRef | undefined;
  /** Whom the last event was about at which the view stood: kept in focus at snapshots, which are about everything. */
  let latest: EntityRef | undefined;
  let lost = false;
  /** Stops there were when the view was last at the newest one: what came since is news to whoever looks at the past. */
  let seen = store.summary().stops;
  /** Aborted to end the snapshots that are being taken, then made anew. */
  let taking = new AbortController();
  /** The search for the next breakpoint, if one is going on: whoever moves the view calls it off. */
  let searching = new AbortController();
  /** While the view is being led somewhere, points that arrive do not stop it on their own. */
  let led = 0;

  const pausing = options.pauseOnMatch
    ? createPausing({
        ...{ session, isLive: () => live, targets: () => breakpoints.stops },
        failed: (text) => listeners.emit('log', text),
      })
    : undefined;
  pausing?.refresh();

  function lastSeq(): number {
    return store.summary().last?.seq ?? 0;
  }
  const here = (): Point | undefined => stopAt(store, at);
  const focus = (): EntityRef | undefined => {
    const point = here();
    return chosen ?? (point?.kind === 'event' ? refOf(point.object) : latest);
  };
  const scene = (): Scene => {
    const focused = focus();
    const { stops, last } = store.summary();
    if (live || at >= (stopAt(store, last?.seq ?? 0)?.seq ?? 0)) seen = stops;
    return { store, model: session.model(), seq: at, live, ...(focused && { focus: focused }), unseen: stops - seen };
  };
  const announce = (): void => {
    const focused = focus();
    listeners.emit('cursor', { cursor: cursorOf(scene()), ...(focused && { focus: focused }) });
  };

  function stand(point: Point | undefined, reason: StopReason, text?: string, hits: Passing['stops'] = []): Stop {
    searching.abort();
    live = false;
    if (point) at = point.seq;
    if (point?.kind === 'event') latest = refOf(point.object);
    const violations = reason === 'exception' && point ? laws.violationsAt(point) : [];
    const stop: Stop = {
      reason,
      text: text === undefined ? stopSentence(point, violations) : `${text} · ${sentenceOf(point)}`,
      point,
      breakpoints: hits.map(({ id }) => id),
    };
    listeners.emit('stopped', stop);
    pausing?.refresh();
    announce();
    return stop;
  }

  function follow(): void {
    searching.abort();
    at = lastSeq();
    const stood = !live;
    live = true;
    pausing?.refresh();
    pausing?.resume();
    if (!stood) return;
    listeners.emit('continued', undefined);
    announce();
  }

  const passed = ({ point, logs }: Passing): void => {
    for (const text of logs) listeners.emit('logged', { text, point });
  };
  const stopAtHit = (passing: Passing): Stop =>
    stand(stopOf(store, passing.point), reasonOf(passing.stops), undefined, passing.stops);

  /** Following live: the cursor goes along, breakpoints stop it, log points are written. */
  function arrived(points: readonly Point[]): void {
    at = points.at(-1)?.seq ?? at;
    for (const point of points) {
      const passing = breakpoints.test(point);
      if (!passing) continue;
      passed(passing);
      if (passing.stops.length > 0 && led === 0) return void stopAtHit(passing);
    }
  }

  const subscriptions = [
    session.on('points', (points) => {
      listeners.emit('points', points);
      if (live) arrived(points);
      listeners.emit('changed', { what: 'points' });
      announce();
    }),
    session.on('model', (model) => {
      listeners.emit('model', model);
      listeners.emit('changed', { what: 'model' });
    }),
    session.on('recording', () => listeners.emit('changed', { what: 'phase' })),
    session.on('log', (text) => listeners.emit('log', text)),
    session.on('disconnected', (body) => {
      lost = !session.connected;
      listeners.emit('disconnected', body);
      listeners.emit('changed', { what: 'phase' });
      if (live && lost) stand(here(), 'pause', `The target is gone (${body.reason}); its timeline stays`);
    }),
  ];

  function step(kind: StepKind, thread?: ViewThread): Stop {
    const focused = focus();
    const target = thread?.key;
    const options = { ...(focused && { focus: focused }), ...(target !== undefined && { target }) };
    const from = kind.startsWith('next') ? endOfStop(store, at) : at;
    const point = stepFrom(store, from, kind, options);
    if (point) return stand(stopOf(store, point), 'step');
    return stand(here(), 'step', nothingThere(kind, focused));
  }

  function nothingThere(kind: StepKind, focused: EntityRef | undefined): string {
    const forward = kind.startsWith('next');
    if (kind.endsWith('OfFocus')) {
      return `Nothing ${forward ? 'later' : 'earlier'} of ${focused ? showRef(focused) : 'any entity'}`;
    }
    if (kind.endsWith('Snapshot')) return forward ? 'No later snapshot' : 'No earlier snapshot';
    return forward ? AT_END : AT_BEGINNING;
  }

  function goto(place: Goto): Stop | undefined {
    if ('step' in place) {
      if (place.step !== 'live') return step(place.step);
      if (session.connected) return void follow();
      return stand(stopAt(store, lastSeq()), 'goto', AT_END);
    }
    const point = 'seq' in place ? stopAt(store, place.seq) : (store.at(place.time) ?? store.next(-1));
    if (!point) throw new Failure('no-points', 'The timeline is empty.', 'Take a snapshot first.');
    return stand(stopOf(store, point), 'goto');
  }

  async function takeSnapshot(options: SnapshotOptions, work: Work): Promise<SnapshotPoint> {
    const signal = work.signal ? AbortSignal.any([work.signal, taking.signal]) : taking.signal;
    if (session.connected) return session.takeSnapshot(options, { ...work, signal });
    throw new Failure(
      'no-target',
      'This is a stored timeline: there is no process to take a snapshot of.',
      'Attach to the running container to take one.',
    );
  }

  function search(direction: 'next' | 'previous', from: number, work: Work): Promise<Passing | undefined> {
    searching.abort();
    searching = new AbortController();
    const signal = work.signal ? AbortSignal.any([work.signal, searching.signal]) : searching.signal;
    return leading(() => breakpoints.find(direction, from, { ...work, signal }, passed));
  }

  async function leading<T>(lead: () => Promise<T>): Promise<T> {
    led++;
    try {
      return await lead();
    } finally {
      led--;
    }
  }

  async function onward(work: Work): Promise<Stop | undefined> {
    for (let from = endOfStop(store, at); ;) {
      const end = lastSeq();
      const found = await search('next', from, work);
      if (found) return stopAtHit(found);
      if (lastSeq() === end) break;
      from = end;
    }
    if (session.connected) return void follow();
    return stand(stopAt(store, lastSeq()), 'pause', AT_END);
  }

  const view: View = {
    session,
    get live() {
      return live;
    },
    get focus() {
      return focus();
    },
    threads: () => threadsOf(session),
    cursor: () => cursorOf(scene()),
    point(thread) {
      const point = here();
      if (thread?.key === undefined || !point) return point;
      if (point.kind !== 'gap' && (point.target ?? thread.key) === thread.key) return point;
      return store.previous(at, { target: thread.key });
    },
    state: (): SemanticState => store.stateAt(at),
    instance: (ref): EntityInstance | undefined => store.instanceAt(ref, at),
    setFocus(ref) {
      chosen = ref;
      announce();
    },
    enter: () => stand(store.previous(lastSeq() + 1, { kinds: ['snapshot'] }) ?? here(), 'entry'),
    step,
    goto,
    async pause(options, work) {
      if (!session.connected) return stand(here(), 'pause');
      return stand(await leading(() => takeSnapshot(options, work)), 'pause');
    },
    async takeSnapshot(options, work) {
      // Whoever stands at the newest stop sees what comes; whoever looks at the past stays there.
      const newest = !live && store.next(endOfStop(store, at)) === undefined;
      const taken = await takeSnapshot(options, work);
      if (newest) stand(taken, 'pause');
      return taken;
    },
    continue: onward,
    async reverseContinue(work) {
      const found = await search('previous', at, work);
      return found ? stopAtHit(found) : stand(store.next(-1), 'step', AT_BEGINNING);
    },
    setBreakpoints(kind, requests, file) {
      const placed = breakpoints.set(kind, requests, file);
      pausing?.refresh();
      return placed;
    },
    writeLines: (file) => writeLinesOf(session.model(), file),
    happenedAt: (source, limit) => pointsAtLine(store, source, at, limit),
    armed: () => pausing?.settled() ?? Promise.resolve(),
    laws: () => lawFilters(session.model()),
    violations() {
      const point = here();
      return point ? laws.violationsAt(point) : [];
    },
    evaluate(text): Evaluation {
      const answer = evaluateQuery(text, scene());
      if ('found' in answer) return { ...answer.found, seq: answer.seq };
      const { message, start, end } = answer.problem;
      throw new Failure('query', `${message}\n${text}\n${pointer(text, start, end)}`, '');
    },
    complete: (text, offset) => completeQuery(text, offset, scene()),
    handle: (name, args, work = {}) => handle(name, args, work),
    on: (name, listener) => listeners.on(name, listener),
    dispose() {
      for (const end of [...subscriptions, () => pausing?.dispose()]) end();
      listeners.clear();
    },
  };
  const handle = createHandlers({
    view,
    scene,
    lost: () => lost,
    cancel() {
      taking.abort(cancelled());
      taking = new AbortController();
    },
  });
  return view;
}

function refOf({ entity, id }: EntityRef): EntityRef {
  return { entity, id };
}
