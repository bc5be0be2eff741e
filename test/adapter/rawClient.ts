// A client of the adapter process that can send anything at all, and end the process in any way.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DebugProtocol } from '@vscode/debugprotocol';

export const ADAPTER = join(dirname(fileURLToPath(import.meta.url)), '../../src/debugAdapter.ts');

type Wanted = (event: DebugProtocol.Event) => boolean;

export class RawClient {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (response: DebugProtocol.Response) => void>();
  readonly #awaited = new Set<{ readonly wanted: Wanted; readonly resolve: (event: DebugProtocol.Event) => void }>();
  #data = Buffer.alloc(0);
  /** Requests of the adapter: undefined does what is asked, a text refuses. */
  asked: (request: DebugProtocol.Request) => string | undefined = () => undefined;
  #seq = 1000;

  constructor() {
    this.#child = spawn(process.execPath, [ADAPTER]);
    this.#child.stderr.resume();
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  message(message: unknown): void {
    const json = JSON.stringify(message);
    this.write(`Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
  }

  request(command: string, args: unknown): Promise<DebugProtocol.Response> {
    const seq = this.#seq++;
    this.message({ seq, type: 'request', command, arguments: args });
    return new Promise((resolve) => this.#waiting.set(seq, resolve));
  }

  /** The first event from now on for which it is true. */
  event(wanted: Wanted): Promise<DebugProtocol.Event> {
    return new Promise((resolve) => this.#awaited.add({ wanted, resolve }));
  }

  /** Closes the pipe; the status with which the process ends. */
  async leave(): Promise<number | null> {
    this.#child.stdin.end();
    return this.#ended();
  }

  /** As a crash would, or the system out of memory. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended();
  }

  async #ended(): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const [status] = (await once(this.#child, 'exit')) as [number | null];
    return status;
  }

  #receive(chunk: Buffer): void {
    this.#data = Buffer.concat([this.#data, chunk]);
    for (;;) {
      const head = this.#data.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.#data.toString('utf8', 0, head))?.[1]);
      if (this.#data.length < head + 4 + length) return;
      const text = this.#data.toString('utf8', head + 4, head + 4 + length);
      this.#data = this.#data.subarray(head + 4 + length);
      this.#take(JSON.parse(text) as DebugProtocol.ProtocolMessage);
    }
  }

  #take(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === 'event') {
      const event = message as DebugProtocol.Event;
      for (const one of [...this.#awaited].filter(({ wanted }) => wanted(event))) {
        this.#awaited.delete(one);
        one.resolve(event);
      }
      return;
    }
    if (message.type === 'request') {
      const request = message as DebugProtocol.Request;
      const refusal = this.asked(request);
      const answer = { type: 'response', seq: 0, request_seq: request.seq, command: request.command };
      this.message({ ...answer, success: refusal === undefined, ...(refusal !== undefined && { message: refusal }) });
      return;
    }
    const response = message as DebugProtocol.Response;
    this.#waiting.get(response.request_seq)?.(response);
    this.#waiting.delete(response.request_seq);
  }
}
