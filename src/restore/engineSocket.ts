// Requests to an engine on this machine that carry archives either way: bodies stream, nothing is held whole in memory.
import { createWriteStream } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cancelled, type Work } from '../model/index.ts';

/** Checkpoints of large services take their time; an engine that stays silent for longer does not answer any more. */
const SILENCE_MS = 300_000;
const LONGEST_ANSWER = 4 * 2 ** 20;

export interface EngineRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Plain data, or bytes of an archive. */
  readonly body?: object | Readable;
  /** Where the answer's bytes go; absent: it is read as JSON. */
  readonly into?: string;
}

/** An answer of the engine that says no. */
export class EngineRefusal extends Error {
  readonly status: number;
  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** @throws EngineRefusal, Failure `cancelled`, errors of the socket */
export async function askEngine(socketPath: string, asked: EngineRequest, work: Work): Promise<unknown> {
  const { method, path, body, into } = asked;
  const archive = body !== undefined && 'pipe' in body;
  const text = body === undefined || archive ? undefined : JSON.stringify(body);
  const headers = archive
    ? { 'Content-Type': 'application/x-tar' }
    : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text ?? '') };
  if (work.signal?.aborted) throw cancelled();
  const outgoing = request({ socketPath, method, path, headers: { Host: 'engine', ...headers }, timeout: SILENCE_MS });
  const abort = (): void => void outgoing.destroy(cancelled());
  work.signal?.addEventListener('abort', abort, { once: true });
  outgoing.on('timeout', () => outgoing.destroy(new Error('the engine does not answer')));
  try {
    const answered = new Promise<IncomingMessage>((resolve, reject) =>
      outgoing.once('response', resolve).once('error', reject),
    );
    // An engine that refuses closes its end before all was sent; its answer says why, so that is what counts.
    if (archive) void pipeline(body as Readable, outgoing).catch(() => undefined);
    else outgoing.end(text);
    const response = await answered;
    const status = response.statusCode ?? 0;
    if (status < 400 && into !== undefined) {
      await pipeline(response, createWriteStream(into, { mode: 0o600 }));
      return undefined;
    }
    const answer = await textOf(response);
    if (status >= 400) throw new EngineRefusal(status, saidIn(answer) || `status ${status}`);
    return answer.trim() === '' ? undefined : (JSON.parse(answer) as unknown);
  } finally {
    work.signal?.removeEventListener('abort', abort);
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response) {
    size += (part as Buffer).length;
    if (size <= LONGEST_ANSWER) parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Docker says `message`, Podman `cause` and `message`. */
function saidIn(answer: string): string {
  try {
    const said: unknown = JSON.parse(answer);
    if (typeof said === 'object' && said !== null && 'message' in said) return String(said.message);
  } catch {
    // Not JSON: the text itself.
  }
  return answer.trim().slice(0, 500);
}
