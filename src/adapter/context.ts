// What the handlers of one debug session share: the client's form, the view, its references and sources, and a way to send events.
import { Failure } from '../model/index.ts';
import type { View, ViewThread } from '../session/index.ts';
import type { ClientForm } from './clientForm.ts';
import type { Configuration } from './configuration.ts';
import type { DapEvents } from './protocol.ts';
import type { References } from './references.ts';
import type { SourceMapper } from './sources.ts';

/** What there is once a timeline is open. */
export interface Opened {
  readonly view: View;
  readonly sources: SourceMapper;
  readonly configuration: Configuration;
}

export interface SessionContext {
  form: ClientForm;
  opened: Opened | undefined;
  readonly references: References;
  /** Aborted when the session ends: nothing may go on behind it. */
  readonly ending: AbortSignal;
  send<N extends keyof DapEvents>(event: N, body: DapEvents[N]): void;
}

/** @throws Failure `not-attached` */
export function openedOf(context: SessionContext): Opened {
  if (context.opened) return context.opened;
  throw new Failure('not-attached', 'Nothing is attached.', 'Send attach or launch first.');
}

/** The thread of that number; the first one where the client names none. @throws Failure `no-thread` */
export function threadOf(view: View, id: number | undefined): ViewThread {
  const threads = view.threads();
  const thread = id === undefined ? threads[0] : threads.find((one) => one.id === id);
  if (thread) return thread;
  throw new Failure('no-thread', `There is no thread ${id}.`, 'Ask for the threads again.');
}
