// Inspectors that can be reached from this machine without an engine: over TCP, or through a relay of our own.
import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { Duplex } from 'node:stream';
import type { Work } from '../model/index.ts';
import { within } from './deadline.ts';
import { inspectorRefused } from './failures.ts';
import { RELAY_ENVIRONMENT, RELAY_MARK, relayProgram } from './remote/programs.ts';
import type { Channel, InspectorEndpoint } from './target.ts';
import { finish } from './tunnel.ts';

const CONNECT_MS = 4000;
const KEEPALIVE_MS = 10_000;
const LONGEST_LIST = 65_536;

/** What `/json/list` of an inspector offers first. @throws Failure `inspector-refused`, `timeout`, `cancelled` */
export async function inspectorId(host: string, port: number, work?: Work): Promise<string> {
  const where = `${host}:${port}`;
  const text = await within(
    `The inspector at ${where}: an answer`,
    CONNECT_MS,
    work,
    (signal) =>
      new Promise<string>((resolve, reject) => {
        const options = {
          host,
          port,
          path: '/json/list',
          headers: { Host: `127.0.0.1:${port}` },
          agent: false as const,
          signal,
        };
        get(options, (response) => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (piece: string) => {
            body += piece;
            if (body.length > LONGEST_LIST) response.destroy(new Error('what answers there is no inspector'));
          });
          response.on('end', () => resolve(body));
          response.on('error', (error) => reject(inspectorRefused(where, error)));
        }).on('error', (error) => reject(inspectorRefused(where, error)));
      }),
  );
  try {
    const list: unknown = JSON.parse(text);
    const first: unknown = Array.isArray(list) ? list[0] : undefined;
    if (typeof first === 'object' && first !== null && 'id' in first && typeof first.id === 'string') return first.id;
  } catch {
    // Something else speaks there; said below.
  }
  throw inspectorRefused(where, new Error('what answers there is no inspector'));
}

/** @throws Failure `inspector-refused`, `timeout`, `cancelled` */
export async function connectDirectly(host: string, port: number, work?: Work): Promise<Channel> {
  const stream = await within(
    `Connecting to ${host}:${port}`,
    CONNECT_MS,
    work,
    (signal) =>
      new Promise<ReturnType<typeof connectTcp>>((resolve, reject) => {
        const socket = connectTcp({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS });
        signal.addEventListener('abort', () => socket.destroy());
        socket.once('connect', () => resolve(socket));
        socket.once('error', (error) => reject(inspectorRefused(`${host}:${port}`, error)));
      }),
  );
  stream.on('error', () => undefined);
  return {
    stream,
    async [Symbol.asyncDispose]() {
      stream.destroy();
    },
  };
}

/** Through a child of this program that closes the inspector when the tunnel ends, even if this program is killed. */
export function connectByRelay(inspector: InspectorEndpoint): Promise<Channel> {
  const cleared = Object.fromEntries(RELAY_ENVIRONMENT.map((e) => [e.split('=')[0] ?? '', e.split('=')[1] ?? '']));
  const child = spawn(process.execPath, ['-e', relayProgram(inspector), RELAY_MARK], {
    // Inside VS Code this program's own binary is Electron.
    env: { ...process.env, ...cleared, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  child.unref();
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.on('error', () => undefined);
  child.on('error', (error) => stream.destroy(error));
  return Promise.resolve({
    stream,
    async [Symbol.asyncDispose]() {
      await finish(stream);
    },
  });
}
