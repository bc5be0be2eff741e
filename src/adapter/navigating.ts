// Requests that move the view along the timeline. Each is answered at once; where it led is told by a stopped event after it.
import { Failure, isFailure, messageOf, toIso } from '../model/index.ts';
import { describePoint } from '../present/index.ts';
import type { StepKind } from '../session/index.ts';
import { fieldsOf, optionalNumber, wholeNumber } from './arguments.ts';
import { openedOf, threadOf, type SessionContext } from './context.ts';
import type { Handlers } from './protocol.ts';

type Navigating = Pick<
  Handlers,
  | 'next'
  | 'stepBack'
  | 'stepIn'
  | 'stepOut'
  | 'continue'
  | 'reverseContinue'
  | 'pause'
  | 'goto'
  | 'gotoTargets'
  | 'exceptionInfo'
>;

/** A line that runs all day has too many points for a menu: those nearest to the cursor are offered. */
const GOTO_TARGETS = 50;

export function navigatingHandlers(context: SessionContext): Navigating {
  /** The search that continue started, until it finds something or is called off. */
  let searching: AbortController | undefined;

  const stop = (): void => {
    searching?.abort();
    searching = undefined;
  };
  const step = (kind: StepKind) => (args: { threadId?: unknown }) => {
    stop();
    const { view } = openedOf(context);
    view.step(kind, threadOf(view, optionalNumber(args.threadId, 'threadId')));
  };
  /** Runs on after the answer; a failure is told in the console, and the view stays where it is. */
  const search = (direction: 'continue' | 'reverseContinue'): void => {
    stop();
    const { view } = openedOf(context);
    const controller = new AbortController();
    searching = controller;
    const signal = AbortSignal.any([controller.signal, context.ending]);
    const run = async (): Promise<void> => {
      try {
        await view[direction]({ signal });
      } catch (error) {
        // Called off by whoever moved the view meanwhile, or by the end of the session.
        if (signal.aborted || isFailure(error, 'cancelled')) return;
        context.send('output', { category: 'stderr', output: `${messageOf(error)}\n` });
        view.goto({ seq: view.cursor().seq });
      }
    };
    setImmediate(() => {
      if (!signal.aborted) void run();
    });
  };

  return {
    next: step('next'),
    stepBack: step('previous'),
    stepIn: step('nextOfFocus'),
    stepOut: step('nextSnapshot'),

    continue() {
      const { view, configuration } = openedOf(context);
      if (configuration.breakpointsInHistory || !view.session.connected) search('continue');
      else {
        stop();
        view.goto({ step: 'live' });
      }
      return { allThreadsContinued: true };
    },

    reverseContinue() {
      search('reverseContinue');
    },

    async pause(args, work) {
      stop();
      const { view, configuration } = openedOf(context);
      // A thread that is not known, such as 0, means all of them.
      const id = optionalNumber(args.threadId, 'threadId');
      const target = view.threads().find((thread) => thread.id === id)?.key;
      await view.pause({ force: configuration.force, ...(target !== undefined && { target }) }, work);
    },

    goto(args) {
      stop();
      openedOf(context).view.goto({ seq: wholeNumber(args.targetId, 'targetId') });
    },

    gotoTargets(args) {
      const { view, sources } = openedOf(context);
      const file = sources.fileOf(fieldsOf(args.source, 'source'));
      const line = context.form.fromLine(wholeNumber(args.line, 'line'));
      if (file === undefined) return { targets: [] };
      const targets = view.happenedAt({ file, line }, GOTO_TARGETS).map((point) => ({
        id: point.seq,
        label: `${toIso(point.time).slice(11, 23)} ${describePoint(point)}`,
        line: context.form.line(line),
      }));
      return { targets };
    },

    exceptionInfo() {
      const violations = openedOf(context).view.violations();
      const [first] = violations;
      if (!first) throw new Failure('no-exception', 'No law is broken at this point.', '');
      const laws = [...new Set(violations.map(({ law }) => law))];
      const description = violations.slice(0, 20).map(({ message }) => message);
      if (violations.length > 20) description.push(`and ${violations.length - 20} more`);
      return {
        exceptionId: laws.join(', '),
        description: description.join('\n'),
        breakMode: 'always',
        details: { message: first.message, typeName: first.law },
      };
    },
  };
}
