// Questions to a timeline as documents of the contract: the state at a point, and the laws that do not hold.
import { checkState, checkStep, lawProblems } from '../laws/index.ts';
import {
  applyChanges,
  Failure,
  fromIso,
  toIso,
  type Model,
  type Point,
  type StateDocument,
  type Violation,
  type ViolationsDocument,
} from '../model/index.ts';
import { stateDocument, violationsDocument } from '../present/index.ts';
import { openTimeline, type TimelineStore } from '../timeline/index.ts';
import { EMPTY_MODEL } from './storedSession.ts';
import { readWorkspaceFile } from './workspaceSettings.ts';

/** A place by number, by ISO time, or counted from the end (`-1` is the last); absent: the last. @throws Failure `no-such-point`, `bad-place` */
export function pointOf(store: TimelineStore, place?: string): Point {
  const last = store.summary().last;
  const found = last && (place === undefined ? store.point(last.seq) : search(store, place, last.seq));
  if (found) return found;
  throw new Failure(
    'no-such-point',
    place === undefined
      ? `Nothing was recorded to ${store.file} yet.`
      : `There is no point at ${place} in ${store.file}.`,
    last ? `Points go from 1 to ${last.seq}, until ${toIso(last.time)}.` : 'Record to it first.',
  );
}

function search(store: TimelineStore, place: string, last: number): Point | undefined {
  if (/^\d+$/.test(place)) return store.point(Number(place));
  if (/^-\d+$/.test(place)) return store.point(last + 1 + Number(place));
  const time = fromIso(place);
  if (Number.isNaN(time))
    throw new Failure(
      'bad-place',
      `"${place}" is no point in time.`,
      'Give the number of a point, or a time such as 2026-03-01T10:30:12.5Z.',
    );
  return store.at(time);
}

/** Which entities a document is restricted to: a type, or one instance of it. */
export interface EntityChoice {
  readonly entity: string;
  readonly id?: string;
}

/** The state at a place, as the contract's document. @throws Failure `no-such-point`, `bad-place` */
export function readState(store: TimelineStore, place?: string, choice?: EntityChoice): StateDocument {
  const point = pointOf(store, place);
  const { context } = store.model() ?? EMPTY_MODEL;
  return stateDocument(store.stateAt(point.seq), point, { context, ...choice });
}

/** Laws broken in the state at a place; without a place, in the last state and by every step that led there. */
export function readViolations(
  store: TimelineStore,
  place?: string,
  model = store.model() ?? EMPTY_MODEL,
): ViolationsDocument {
  const point = pointOf(store, place);
  const steps = place === undefined ? brokenSteps(store, model) : [];
  return violationsDocument([...steps, ...checkState(store.stateAt(point.seq), model, point.time)]);
}

/** The timeline's model with the laws of a `semstate.json`, where one is named. @throws Failure `workspace-file` */
export function lawsFor(store: TimelineStore, path?: string): Model {
  const model = store.model() ?? EMPTY_MODEL;
  if (path === undefined) return model;
  const laws = Object.entries(readWorkspaceFile(path).file.laws ?? {}).map(([id, law]) => ({ id, ...law }));
  const [problem] = lawProblems({ ...model, laws });
  if (problem)
    throw new Failure(
      'workspace-file',
      `${path}: ${problem.message}`,
      'Correct the law; `semstate extract` shows the names.',
    );
  return { ...model, laws };
}

function brokenSteps(store: TimelineStore, model: Model): Violation[] {
  const first = store.next(-1, { companions: true });
  const violations: Violation[] = [];
  if (!first) return violations;
  const state = new Map(store.stateAt(first.seq));
  if (first.kind === 'event') violations.push(...checkStep(first, new Map(), model));
  for (
    let point = store.next(first.seq, { companions: true });
    point;
    point = store.next(point.seq, { companions: true })
  ) {
    if (point.kind === 'snapshot') applyChanges(state, point.learned ?? []);
    if (point.kind !== 'event') continue;
    violations.push(...checkStep(point, state, model));
    if (point.change) applyChanges(state, [point.change]);
  }
  return violations;
}

/** Opens a timeline for one question. @throws Failure of the store */
export function withTimeline<T>(file: string, ask: (store: TimelineStore) => T): T {
  const store = openTimeline(file, { readOnly: true });
  try {
    return ask(store);
  } finally {
    store.dispose();
  }
}
