// One DAP connection: frames messages, answers every request exactly once, whatever its handler does. Knows no meaning.
import { ProtocolServer } from '@vscode/debugadapter/lib/protocol.js';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { cancelled, Failure, isFailure, messageOf, type Progress, type Work } from '../model/index.ts';

/** Answers one request: the body, or a thrown Failure. Unknown commands have no handler. */
export type Answer = (args: unknown, work: Work) => unknown;

export interface ConnectionHost {
  answerOf(command: string): Answer | undefined;
  /** Long work of a request says how far it is. */
  progress(request: number, progress: Progress): void;
  /** The request was answered: whatever it showed as progress is over. */
  answered(request: number): void;
}

/** Failures that a person caused knowingly, or sees where the answer would stand: no pop-up for them. */
const SILENT: ReadonlySet<string> = new Set([
  'cancelled',
  'hover',
  'query',
  'unknown-request',
  'stale-reference',
  'no-exception',
  'not-attached',
  'no-thread',
]);
/** Starting a debugger asks people things. */
const ANSWER_MS = 60_000;
/** Whoever sends these shows what became of them. */
const OWN_REQUESTS = 'semantic/';

export class Connection extends ProtocolServer {
  readonly #host: ConnectionHost;
  readonly #running = new Map<number, { readonly controller: AbortController; readonly command: string }>();

  constructor(host: ConnectionHost) {
    super();
    this.#host = host;
    // A malformed message is reported on stderr and skipped: without a listener it would end the process.
    this.on('error', (event: { body?: unknown }) => process.stderr.write(`semantic adapter: ${String(event.body)}\n`));
  }

  send(event: string, body?: unknown): void {
    const message: DebugProtocol.Event = { type: 'event', seq: 0, event, ...(body !== undefined && { body }) };
    this.sendEvent(message);
  }

  /** Asks the client. @throws Failure `client-refused` */
  async ask(command: string, args: object): Promise<void> {
    const response = await new Promise<DebugProtocol.Response>((resolve) =>
      this.sendRequest(command, args, ANSWER_MS, resolve),
    );
    if (response.success) return;
    throw new Failure('client-refused', `The editor did not do it: ${response.message ?? command}`, 'Look at its log.');
  }

  /** Stops a running request by its number; false: it is not running (any more). */
  cancel(request: number): boolean {
    const running = this.#running.get(request);
    running?.controller.abort(cancelled());
    return running !== undefined;
  }

  /** Stops whatever runs, but for the commands named. */
  cancelAll(but: readonly string[] = []): void {
    for (const { controller, command } of this.#running.values()) {
      if (!but.includes(command)) controller.abort(cancelled());
    }
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    void this.#answer(request);
  }

  async #answer(request: DebugProtocol.Request): Promise<void> {
    const { seq, command } = request;
    const controller = new AbortController();
    this.#running.set(seq, { controller, command });
    let response: DebugProtocol.Response;
    try {
      const answer = typeof command === 'string' ? this.#host.answerOf(command) : undefined;
      if (!answer) {
        response = this.#refusal(request, 'unknown-request', `Request ${JSON.stringify(command)} is not known here.`);
      } else {
        const args = typeof request.arguments === 'object' && request.arguments !== null ? request.arguments : {};
        const progress = (step: Progress): void => this.#host.progress(seq, step);
        const body: unknown = await answer(args, { signal: controller.signal, progress });
        response = { ...this.#head(request), success: true, ...(body !== undefined && { body }) };
      }
    } catch (error) {
      const failure = controller.signal.aborted ? cancelled() : error;
      const action = isFailure(failure) ? failure.action : '';
      const code = isFailure(failure) ? failure.code : 'internal';
      if (code === 'internal') process.stderr.write(`semantic adapter: ${command}: ${stackOf(error)}\n`);
      response = this.#refusal(request, code, messageOf(failure), action);
    }
    this.#running.delete(seq);
    this.#host.answered(seq);
    this.sendResponse(response);
  }

  #head(request: DebugProtocol.Request): Omit<DebugProtocol.Response, 'success'> {
    return { type: 'response', seq: 0, request_seq: request.seq, command: request.command };
  }

  #refusal(request: DebugProtocol.Request, code: string, what: string, action = ''): DebugProtocol.Response {
    const text = [what, action].filter(Boolean).join(' ');
    // The text travels as a variable: braces in the program's own names must not be read as placeholders.
    const error: DebugProtocol.Message = {
      id: numberOf(code),
      format: '{text} [{code}]',
      variables: { text, code, action },
      showUser: !SILENT.has(code) && !String(request.command).startsWith(OWN_REQUESTS),
    };
    return { ...this.#head(request), success: false, message: code === 'cancelled' ? code : text, body: { error } };
  }
}

/** DAP wants a number for each kind of error: the same one for the same code, always. */
export function numberOf(code: Failure['code']): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < code.length; i++) hash = Math.imul(hash ^ code.charCodeAt(i), 0x01000193);
  return 1000 + ((hash >>> 0) % 900000);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
