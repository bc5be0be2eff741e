// The process itself stops at a live match, where the configuration asks for it: the breakpoints are told to the recorded processes as
// far as places in a program can tell them apart, and whoever stops without a match goes on at once.
import { isFailure, messageOf, showValue, type Model, type Value } from '../../model/index.ts';
import type { PauseWish } from '../pauseGate.ts';
import type { Session } from '../session.ts';
import type { BreakpointTarget } from './breakpoints.ts';
import { TRANSITION } from './patterns.ts';

/** What happened is on the timeline by then, the longest wait for other services included. */
const TOLD_MS = 2000;

export interface ViewPausing {
  /** The breakpoints are others, or the view follows live now, or no longer. */
  refresh(): void;
  /** The view goes on: so does the process. */
  resume(): void;
  /** What was asked for is in place. */
  settled(): Promise<void>;
  dispose(): void;
}

export interface PausingHost {
  readonly session: Session;
  isLive(): boolean;
  targets(): readonly BreakpointTarget[];
  /** Said to the person: the process does not stop as asked. */
  failed(text: string): void;
}

export function createPausing({ session, isLive, targets, failed }: PausingHost): ViewPausing {
  let timer: NodeJS.Timeout | undefined;
  let told = '[]';
  /** One thing after the other: what is waited for is in place before the process goes on. */
  let turn: Promise<void> = Promise.resolve();
  const next = (work: () => Promise<void> | undefined): void => {
    turn = turn.then(work).catch((error: unknown) => {
      // A process that is gone is told of by whoever attached to it.
      if (!isFailure(error, 'target-gone')) failed(messageOf(error));
    });
  };
  const resume = (): void => {
    clearTimeout(timer);
    next(() => session.pausing?.resume());
  };
  const end = session.on('paused', (isPaused) => {
    clearTimeout(timer);
    if (isPaused)
      timer = setTimeout(() => {
        // What stopped it was no match after all, or nobody waits for it any more.
        if (isLive()) resume();
      }, TOLD_MS);
  });
  return {
    refresh() {
      // A view that stands in the past does not hold up the service.
      const wishes = isLive() ? wishesOf(targets(), session.model()) : [];
      const text = JSON.stringify(wishes);
      if (text === told) return;
      told = text;
      next(() => session.pausing?.pauseOn(wishes));
    },
    resume,
    settled: () => turn,
    dispose() {
      clearTimeout(timer);
      end();
    },
  };
}

/** Laws are judged on the whole state, which no place in the program knows: they stop the view alone. */
export function wishesOf(targets: readonly BreakpointTarget[], model: Model): PauseWish[] {
  return targets.flatMap((target): PauseWish[] => {
    switch (target.kind) {
      case 'data': {
        const { entity, attribute, id } = target;
        return [{ entity, attribute, ...(id !== undefined && { id }) }];
      }
      case 'source':
        return [{ source: { file: target.file, line: target.line } }];
      case 'function':
        return wishesOfPattern(target.pattern, model);
      case 'law':
        return [];
    }
  });
}

function wishesOfPattern(pattern: string, model: Model): PauseWish[] {
  const [, entity, attribute, , after] = TRANSITION.exec(pattern) ?? [];
  if (entity === undefined || attribute === undefined || after === undefined) {
    const named = model.transitions.filter(({ type }) => type === pattern.trim());
    return named.map(({ object, attribute: of, postState }) => ({
      entity: object,
      attribute: of,
      ...postsOf(isGone(postState) ? undefined : [postState]),
    }));
  }
  const states = model.entities
    .find(({ name }) => name === entity)
    ?.attributes.find(({ name }) => name === attribute)?.states;
  const labelled = (states ?? []).filter(({ label }) => label === after).map(({ value }) => value);
  const any = after === '*' || /^(\$?gone|\(gone\))$/.test(after);
  return [{ entity, attribute, ...(any ? {} : { posts: [after, ...labelled.flatMap(textsOf)] }) }];
}

function isGone(state: Model['transitions'][number]['postState']): state is { readonly $gone: true } {
  return typeof state === 'object' && state !== null && '$gone' in state;
}

function postsOf(values: readonly Value[] | undefined): { readonly posts?: readonly string[] } {
  return values ? { posts: values.flatMap(textsOf) } : {};
}

function textsOf(value: Value): readonly string[] {
  return [showValue(value), String(value)];
}
