// A DAP client over in-memory streams that writes down the whole conversation as a person would see it.
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { createAdapter, type Adapter, type AdapterOptions } from '../../src/adapter/index.ts';

type Body = Record<string, unknown>;

export class DapClient {
  readonly #input = new PassThrough();
  readonly #output = new PassThrough();
  readonly #adapter: Adapter;
  readonly #waiting = new Map<number, (response: DebugProtocol.Response) => void>();
  readonly #listeners = new Set<() => void>();
  readonly #scrub: (text: string) => string;
  readonly events: DebugProtocol.Event[] = [];
  #lines: string[] = [];
  #heard = 0;
  #seq = 1;
  #data = Buffer.alloc(0);
  /** The adapter has closed everything. */
  readonly ended: Promise<void>;

  constructor(options: Omit<AdapterOptions, 'ended'>, scrub: (text: string) => string = (text) => text) {
    this.#scrub = scrub;
    this.#output.on('data', (chunk: Buffer) => this.#receive(chunk));
    const ended = Promise.withResolvers<void>();
    this.ended = ended.promise;
    this.#adapter = createAdapter(this.#input, this.#output, { ...options, ended: () => ended.resolve() });
  }

  /** The conversation so far. */
  get transcript(): string {
    return this.#scrub(`${this.#lines.join('\n')}\n`);
  }

  note(text: string): void {
    this.#lines.push('', `# ${text}`);
  }

  say(text: string): void {
    this.#lines.push(text);
  }

  write(text: string): void {
    this.#input.write(text);
  }

  send(command: string, args?: unknown): { readonly seq: number; readonly response: Promise<DebugProtocol.Response> } {
    const seq = this.#seq++;
    const response = new Promise<DebugProtocol.Response>((resolve) => this.#waiting.set(seq, resolve));
    const json = JSON.stringify({ seq, type: 'request', command, ...(args !== undefined && { arguments: args }) });
    this.#input.write(`Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
    return { seq, response };
  }

  /** Sends, waits for the answer, fails unless it is a success. */
  async request<T = Body>(command: string, args?: unknown): Promise<T> {
    const response = await this.send(command, args).response;
    assert.ok(response.success, `${command}: ${response.message}`);
    return response.body as T;
  }

  /** As `request`, written down. */
  async told<T = Body>(command: string, args?: unknown, shown = true): Promise<T> {
    this.#lines.push(`> ${command}${args === undefined ? '' : ` ${JSON.stringify(args)}`}`);
    const response = await this.send(command, args).response;
    if (!response.success) this.#lines.push(`< refused: ${response.message}`);
    else if (shown && response.body !== undefined) this.#lines.push(`< ${JSON.stringify(response.body)}`);
    return response.body as T;
  }

  /** The next event of that name that nobody waited for yet; all events on the way are written down. */
  async event<T = Body>(name: string): Promise<T> {
    const deadline = AbortSignal.timeout(5000);
    for (;;) {
      while (this.#heard < this.events.length) {
        const event = this.events[this.#heard++] as DebugProtocol.Event;
        this.#writeEvent(event);
        if (event.event === name) return event.body as T;
      }
      await new Promise<void>((resolve, reject) => {
        const listener = (): void => {
          this.#listeners.delete(listener);
          resolve();
        };
        this.#listeners.add(listener);
        deadline.onabort = () => reject(new Error(`no ${name} event came; so far:\n${this.transcript}`));
      });
    }
  }

  async dispose(): Promise<void> {
    await this.#adapter[Symbol.asyncDispose]();
  }

  /** The client's end of the pipe breaks. */
  hangUp(): void {
    this.#input.end();
  }

  #writeEvent({ event, body }: DebugProtocol.Event): void {
    const of = (body ?? {}) as Body;
    switch (event) {
      case 'stopped':
        this.#lines.push(`* stopped (${String(of['reason'])}): ${String(of['text'])}`);
        break;
      case 'output':
        this.#lines.push(`* [${String(of['category'])}] ${String(of['output']).trimEnd()}`);
        break;
      case 'semantic/cursor':
      case 'semantic/changed':
        break;
      default:
        this.#lines.push(`* ${event}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`);
    }
  }

  #receive(chunk: Buffer): void {
    this.#data = Buffer.concat([this.#data, chunk]);
    for (;;) {
      const head = this.#data.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.#data.toString('utf8', 0, head))?.[1]);
      if (this.#data.length < head + 4 + length) return;
      const message = JSON.parse(
        this.#data.toString('utf8', head + 4, head + 4 + length),
      ) as DebugProtocol.ProtocolMessage;
      this.#data = this.#data.subarray(head + 4 + length);
      if (message.type === 'response') {
        const response = message as DebugProtocol.Response;
        this.#waiting.get(response.request_seq)?.(response);
        this.#waiting.delete(response.request_seq);
      } else {
        this.events.push(message as DebugProtocol.Event);
        for (const listener of [...this.#listeners]) listener();
      }
    }
  }
}

/** Call stack and variables as an editor shows them, unfolded to a depth. */
export async function showStop(client: DapClient, unfold: Readonly<Record<string, number>>): Promise<void> {
  const { threads } = await client.request<{ threads: DebugProtocol.Thread[] }>('threads');
  const thread = threads[0] as DebugProtocol.Thread;
  const { stackFrames } = await client.request<{ stackFrames: DebugProtocol.StackFrame[] }>('stackTrace', {
    threadId: thread.id,
  });
  client.say(`  ${thread.name}`);
  for (const { name, source, line, column, presentationHint } of stackFrames) {
    const place = source ? `  (${source.path ?? source.name}:${line}:${column})` : '';
    client.say(`    ${presentationHint === 'label' ? '-- ' : ''}${name}${place}`);
  }
  const { scopes } = await client.request<{ scopes: DebugProtocol.Scope[] }>('scopes', { frameId: stackFrames[0]?.id });
  for (const scope of scopes) {
    client.say(`  ${scope.name}`);
    await showVariables(client, scope.variablesReference, unfold[scope.name] ?? 0, '    ');
  }
}

export async function showVariables(
  client: DapClient,
  reference: number,
  depth: number,
  indent: string,
): Promise<void> {
  const { variables } = await client.request<{ variables: DebugProtocol.Variable[] }>('variables', {
    variablesReference: reference,
  });
  for (const { name, value, variablesReference } of variables) {
    const folded = variablesReference > 0 && depth === 0 ? ' …' : '';
    client.say(`${indent}${name} = ${value}${folded}`);
    if (variablesReference > 0 && depth > 0) await showVariables(client, variablesReference, depth - 1, `${indent}  `);
  }
}
