// Requests that begin and end a session. What was opened is closed again, however it ends.
import { cancelled, Failure, type Work } from '../model/index.ts';
import { modelDocument } from '../present/index.ts';
import { beginLive, createView, type Session, type SessionOptions } from '../session/index.ts';
import { fieldsOf, optionalNumber, optionalText } from './arguments.ts';
import { capabilities, lawCapabilities } from './capabilities.ts';
import { clientForm } from './clientForm.ts';
import { readConfiguration, type Configuration } from './configuration.ts';
import type { Opened, SessionContext } from './context.ts';
import type { Handlers } from './protocol.ts';
import { createSourceMapper } from './sources.ts';
import { tellClient, type SendCustom } from './telling.ts';

type Beginning = Pick<
  Handlers,
  'initialize' | 'attach' | 'launch' | 'configurationDone' | 'disconnect' | 'terminate' | 'cancel'
>;

export interface Lifecycle {
  readonly handlers: Beginning;
  /** Closes whatever is open; may be called at any time, also while an attach is under way. */
  close(): Promise<void>;
}

type State = 'new' | 'opening' | 'open' | 'closed';

export interface LifecycleHost {
  openSession(options: SessionOptions, work: Work): Promise<Session>;
  /** Stops a running request, or the one that shows a progress. */
  cancel(request: number | undefined, progress: string | undefined): void;
  /** Stops every other running request, and what goes on behind the answers. */
  cancelOthers(): void;
  /** The client has been answered for the last time. */
  ended(): void;
  /** Where paths of the configuration begin. */
  readonly directory: string;
  readonly custom: SendCustom;
}

export function createLifecycle(context: SessionContext, host: LifecycleHost): Lifecycle {
  let state: State = 'new';
  // It may have changed while something was awaited.
  const phase = (): State => state;
  let configured = false;
  let opening: Promise<unknown> = Promise.resolve();
  let undo: (() => PromiseLike<void> | void)[] = [];

  /** Once the timeline is open and the client has set its breakpoints: stop at the last snapshot, or follow. */
  const enter = (): void => {
    const { opened } = context;
    if (!opened || !configured) return;
    configured = false;
    if (opened.configuration.stopOnEntry || !opened.view.session.connected) opened.view.enter();
  };

  async function open(configuration: Configuration, work: Work): Promise<void> {
    const { targets, source, store, keepSnapshots, method } = configuration;
    const session = await host.openSession(
      {
        source,
        ...(targets.length > 0 && { target: targets }),
        ...(store !== undefined && { store }),
        ...(keepSnapshots !== undefined && { keepSnapshots }),
        ...(method !== undefined && { method }),
      },
      work,
    );
    undo.unshift(() => session[Symbol.asyncDispose]());
    const view = createView(session, { pauseOnMatch: configuration.pauseOnMatch });
    undo.unshift(() => view.dispose());
    // The first snapshot comes before anybody asks for entities; its points are no news to the client.
    if (session.connected) await session.takeSnapshot({ force: configuration.force }, work);
    if (work.signal?.aborted) throw cancelled();
    const directories = session.source.length > 0 ? session.source : source;
    const sources = createSourceMapper(directories, () => modelDocument(session.model()));
    sources.uris = context.form.paths === 'uri';
    context.opened = { view, sources, configuration };
    undo.unshift(tellClient(context.opened, context, host.custom));
    const log = (text: string): void => context.send('output', { category: 'console', output: `${text}\n` });
    if (configuration.record && session.connected) await beginLive(session, log, work);
  }

  async function undoAll(): Promise<void> {
    const steps = undo;
    undo = [];
    for (const step of steps) await step();
  }

  /** Opens all of it or nothing. */
  async function openOrUndo(configuration: Configuration, work: Work): Promise<void> {
    try {
      await open(configuration, work);
    } catch (error) {
      await undoAll();
      if (phase() === 'opening') state = 'new';
      throw error;
    }
    if (phase() === 'opening') state = 'open';
  }

  let closing: Promise<void> | undefined;
  /** All who ask wait for the same end. */
  const close = (): Promise<void> => (closing ??= closeAll());

  async function closeAll(): Promise<void> {
    state = 'closed';
    host.cancelOthers();
    await opening.catch(() => undefined);
    context.opened = undefined;
    context.references.clear();
    await undoAll();
  }

  const begin = (request: 'attach' | 'launch') => async (args: unknown, work: Work) => {
    if (state !== 'new') {
      throw new Failure('already-open', 'This session has begun already.', 'Start another one for another target.');
    }
    const configuration = readConfiguration(request, fieldsOf(args, 'arguments'), host.directory);
    state = 'opening';
    const opened = openOrUndo(configuration, work);
    opening = opened;
    await opened;
    if (phase() === 'closed') throw cancelled();
    if (context.opened) context.send('output', { category: 'console', output: greeting(context.opened) });
    const laws = context.opened && lawCapabilities(context.opened.view.laws());
    if (laws) context.send('capabilities', { capabilities: laws });
    context.send('initialized', undefined);
    enter();
  };

  const end = async (): Promise<void> => {
    await close();
    setImmediate(() => host.ended());
  };

  return {
    close,
    handlers: {
      initialize(args) {
        context.form = clientForm(args);
        return capabilities();
      },
      attach: begin('attach'),
      launch: begin('launch'),
      configurationDone() {
        configured = true;
        enter();
      },
      disconnect: end,
      async terminate() {
        await close();
        context.send('terminated', {});
      },
      cancel(args) {
        host.cancel(optionalNumber(args.requestId, 'requestId'), optionalText(args.progressId, 'progressId'));
      },
    },
  };
}

/** What was found, in one line: a plain client has no other place to say it. */
function greeting({ view: { session } }: Opened): string {
  const { entities, relations, transitions } = session.model();
  const problems = session.problems().length;
  const found = `${entities.length} entities, ${relations.length} relations, ${transitions.length} transitions`;
  const noted = problems === 0 ? '' : `, ${problems} ${problems === 1 ? 'problem' : 'problems'} (see model.md)`;
  return `${session.name}: ${found}${noted}. Type help for the query form.\n`;
}
