// A PanelHost over any channel that carries the contract's messages. Answers find their requests by id; what is not one of the
// contract's messages is ignored.
import type { Arguments, Events, PanelHost, PanelMessage, RequestName, Result } from './contract.ts';
import { HostFailure } from './notice.ts';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class MessageHost implements PanelHost {
  readonly #send: (message: PanelMessage) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<keyof Events, Set<(body: never) => void>>();
  #last = 0;

  constructor(send: (message: PanelMessage) => void) {
    this.#send = send;
  }

  request<N extends RequestName>(name: N, args: Arguments<N>): Promise<Result<N>> {
    return new Promise((resolve, reject) => {
      const id = ++this.#last;
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#send({ type: 'request', id, name, args });
    });
  }

  on<N extends keyof Events>(name: N, listener: (body: Events[N]) => void): () => void {
    const all = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, all);
    all.add(listener);
    return () => all.delete(listener);
  }

  emit<N extends keyof Events>(name: N, body: Events[N]): void {
    for (const listener of this.#listeners.get(name) ?? []) (listener as (body: Events[N]) => void)(body);
  }

  receive(message: unknown): void {
    if (!isMessage(message)) return;
    if (message.type === 'event') return this.emit(message.name, message.body as never);
    if (message.type !== 'response') return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    const { failure } = message;
    if (failure) waiting?.reject(new HostFailure(failure.code, failure.message, failure.action));
    else waiting?.resolve(message.result);
  }

  /** Nothing that was asked will be answered any more. */
  fail(failure: HostFailure): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of waiting) one.reject(failure);
  }
}

function isMessage(message: unknown): message is PanelMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    (message.type === 'response' || message.type === 'event')
  );
}
