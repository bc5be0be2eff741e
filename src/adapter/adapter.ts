// The debug adapter over two streams: requests of a client to the view of one session, and what the view does back to the client.
import type { Readable, Writable } from 'node:stream';
import { performance } from 'node:perf_hooks';
import { cancelled, type Work } from '../model/index.ts';
import type { RequestName } from '../present/index.ts';
import type { Session, SessionOptions } from '../session/index.ts';
import { breakingHandlers } from './breaking.ts';
import { refusedHandlers } from './capabilities.ts';
import { clientForm } from './clientForm.ts';
import { Connection, type Answer } from './connection.ts';
import { openedOf, type SessionContext } from './context.ts';
import { inspectingHandlers } from './inspecting.ts';
import { debugJavaScript } from './javaScript.ts';
import { createLifecycle } from './lifecycle.ts';
import { navigatingHandlers } from './navigating.ts';
import { createProgressReports } from './progress.ts';
import type { Handlers } from './protocol.ts';
import { References } from './references.ts';

export interface AdapterOptions {
  openSession(options: SessionOptions, work: Work): Promise<Session>;
  /** The client disconnected, or its stream ended, and everything is closed. Called once. */
  ended?(): void;
  /** Where relative paths of a configuration begin; default: the process's directory. */
  readonly directory?: string;
}

export interface Adapter extends AsyncDisposable {
  /** Takes whatever the streams give from now on. */
  readonly closed: Promise<void>;
}

export function createAdapter(input: Readable, output: Writable, options: AdapterOptions): Adapter {
  const handlers: { all?: Handlers } = {};
  const connection = new Connection({
    answerOf: (command) => answerOf(command),
    progress: (request, progress) => reports.report(request, progress),
    answered: (request) => reports.end(request),
  });
  const ending = new AbortController();
  const context: SessionContext = {
    form: clientForm({}),
    opened: undefined,
    references: new References(),
    ending: ending.signal,
    send: (event, body) => connection.send(event, body),
  };
  const reports = createProgressReports(context, () => performance.now());
  const closed = Promise.withResolvers<void>();
  const lifecycle = createLifecycle(context, {
    openSession: (session, work) => options.openSession(session, work),
    cancel(request, progress) {
      const number = request ?? (progress === undefined ? undefined : reports.requestOf(progress));
      if (number !== undefined) connection.cancel(number);
    },
    cancelOthers() {
      ending.abort(cancelled());
      connection.cancelAll(['disconnect', 'terminate', 'cancel']);
    },
    ended: () => closed.resolve(),
    directory: options.directory ?? process.cwd(),
    custom: (event, body) => connection.send(event, body),
  });
  handlers.all = {
    ...lifecycle.handlers,
    ...inspectingHandlers(context),
    ...navigatingHandlers(context),
    ...breakingHandlers(context),
    ...refusedHandlers(),
  };

  function answerOf(command: string): Answer | undefined {
    if (command.startsWith('semantic/')) return custom(command as RequestName);
    const all = handlers.all;
    return all && Object.hasOwn(all, command) ? (all[command as keyof Handlers] as Answer) : undefined;
  }
  /** The panel's requests go to the view as they are: it checks them itself. */
  const custom =
    (name: RequestName): Answer =>
    (args, work) =>
      name === 'semantic/debugJavaScript'
        ? debugJavaScript(args, work, context, (configuration) => connection.ask('startDebugging', configuration))
        : openedOf(context).view.handle(name, args as never, work);

  const finish = async (): Promise<void> => {
    await lifecycle.close();
    closed.resolve();
  };
  // A client that is gone without a word leaves the target as it was, too.
  input.once('end', () => void finish());
  input.once('close', () => void finish());
  void closed.promise.then(() => options.ended?.());
  connection.start(input, output);
  return { closed: closed.promise, [Symbol.asyncDispose]: finish };
}
