// One session with a process's inspector: commands with deadlines, events, and word of its end. Knows the Chrome DevTools Protocol's
// envelope, not the meaning of its methods. No web-socket pings: Node's inspector takes one for a fault and hangs up; a target that
// vanished is noticed by the end of the stream, by TCP keep-alive, and by each command's own deadline.
import type { ClientRequestArgs } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import WebSocket from 'ws';
import { messageOf } from '../model/index.ts';
import type { Work } from '../model/index.ts';
import { within } from './deadline.ts';
import { inspectorError, inspectorRefused, inspectorTaken, targetGone } from './failures.ts';
import type { Channel } from './target.ts';
import { LentStream } from './tunnel.ts';

const OPEN_MS = 6000;
const COMMAND_MS = 30_000;
const CLOSE_MS = 500;
// Larger than any message of an inspector: a whole script's source or a deep object.
const LARGEST_MESSAGE = 2 ** 30;

interface Waiting {
  readonly method: string;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message?: string };
}

export class InspectorSession implements AsyncDisposable {
  readonly #where: string;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #channel: Channel;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<(params: unknown) => void>>();
  readonly #closedListeners = new Set<(reason: string) => void>();
  #next = 1;
  #gone: string | undefined;
  #closing = false;

  /** @param where the target's name, for people @throws Failure `inspector-refused`, `inspector-taken`, `timeout`, `cancelled` */
  static async open(channel: Channel, id: string, port: number, where: string, work?: Work): Promise<InspectorSession> {
    const stream = new LentStream(channel.stream);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/${id}`, {
      perMessageDeflate: false,
      maxPayload: LARGEST_MESSAGE,
      skipUTF8Validation: true,
      // The stream is already there; `ws` only asks that it can be read and written.
      createConnection: (_options: ClientRequestArgs) => stream as Duplex as Socket,
    });
    try {
      await within(
        `Opening a session with the inspector of ${where}`,
        OPEN_MS,
        work,
        (signal) =>
          new Promise<void>((resolve, reject) => {
            signal.addEventListener('abort', () => socket.terminate());
            socket.once('open', resolve);
            socket.once('unexpected-response', (_request, response) => {
              const status = response.statusCode ?? 0;
              reject(
                status === 409 || status === 503
                  ? inspectorTaken(where)
                  : inspectorRefused(where, new Error(`HTTP ${status}`)),
              );
            });
            socket.once('error', (error) => reject(inspectorRefused(where, error)));
          }),
      );
    } catch (error) {
      socket.on('error', () => undefined);
      socket.terminate();
      throw error;
    }
    return new InspectorSession(socket, stream, channel, where);
  }

  private constructor(socket: WebSocket, stream: Duplex, channel: Channel, where: string) {
    this.#stream = stream;
    this.#socket = socket;
    this.#channel = channel;
    this.#where = where;
    socket.on('message', (data: Buffer) => this.#receive(data.toString('utf8')));
    socket.on('error', (error) => this.#end(messageOf(error)));
    socket.on('close', () => this.#end('the connection closed'));
  }

  get gone(): boolean {
    return this.#gone !== undefined;
  }

  /** @throws Failure `target-gone`, `timeout`, `cancelled`, `inspector-error` */
  async send<T>(method: string, params?: object, work?: Work & { readonly timeoutMs?: number }): Promise<T> {
    if (this.#gone !== undefined) throw targetGone(this.#where, this.#gone);
    const id = this.#next++;
    try {
      const ms = work?.timeoutMs ?? COMMAND_MS;
      return await within(
        `${method} in ${this.#where}`,
        ms,
        work,
        () =>
          new Promise<T>((resolve, reject) => {
            this.#waiting.set(id, { method, resolve: (result) => resolve(result as T), reject });
            this.#socket.send(JSON.stringify({ id, method, ...(params && { params }) }), (error) => {
              if (error) reject(targetGone(this.#where, messageOf(error)));
            });
          }),
      );
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** What is sent meanwhile goes out in one piece, so that the target takes it up in one go. */
  together<T>(send: () => T): T {
    this.#stream.cork();
    try {
      return send();
    } finally {
      this.#stream.uncork();
    }
  }

  on(method: string, listener: (params: unknown) => void): () => void {
    const listeners = this.#listeners.get(method) ?? new Set();
    this.#listeners.set(method, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  onClosed(listener: (reason: string) => void): () => void {
    this.#closedListeners.add(listener);
    return () => this.#closedListeners.delete(listener);
  }

  /** Stops reading from the target until `resume`: back-pressure for whoever cannot take events fast enough. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Leaves a process that only waits for this to end; whoever listens hears of the end as of any other. */
  hangUp(reason: string): void {
    this.#end(reason);
    this.#socket.close();
    setTimeout(() => this.#socket.terminate(), CLOSE_MS).unref();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    this.resume();
    if (this.#socket.readyState !== WebSocket.CLOSED) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, CLOSE_MS);
        this.#socket.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
        this.#socket.close();
      });
      this.#socket.terminate();
    }
    await this.#channel[Symbol.asyncDispose]();
  }

  #receive(text: string): void {
    const message = messageFrom(text);
    if (!message) {
      this.#end('what answers does not speak the inspector protocol');
      this.#socket.terminate();
      return;
    }
    if (message.id !== undefined) {
      const waiting = this.#waiting.get(message.id);
      if (!waiting) return;
      if (message.error) waiting.reject(inspectorError(waiting.method, message.error.message ?? 'no reason given'));
      else waiting.resolve(message.result);
    } else if (message.method !== undefined) {
      for (const listener of this.#listeners.get(message.method) ?? []) listener(message.params);
    }
  }

  #end(reason: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = reason;
    for (const waiting of this.#waiting.values()) waiting.reject(targetGone(this.#where, reason));
    this.#waiting.clear();
    if (!this.#closing) for (const listener of this.#closedListeners) listener(reason);
  }
}

function messageFrom(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
