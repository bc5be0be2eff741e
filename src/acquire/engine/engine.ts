// One container engine through its HTTP interface (Docker's, which Podman speaks as well). Every question has a deadline, and what the
// engine answers with is turned into the catalogue's failures. It knows containers as the engine names them, nothing of what runs inside.
import Docker from 'dockerode';
import { isFailure } from '../../model/index.ts';
import type { Failure, Work } from '../../model/index.ts';
import { within } from '../deadline.ts';
import { engineError, enginePermission, engineUnreachable } from '../failures.ts';
import { socketPathOf } from './endpoints.ts';
import type { EngineEndpoint } from './endpoints.ts';

const CONNECT_NEAR_MS = 2500;
const CONNECT_FAR_MS = 6000;
// A silent connection is closed a moment after its deadline, so that the deadline is what is reported.
const GRACE_MS = 200;
const REQUEST_MS = 10_000;

export type EngineKind = 'docker' | 'podman';

export interface Engine {
  readonly kind: EngineKind;
  readonly version: string;
  /** For people: `Docker Engine 28.1 at unix:///var/run/docker.sock`. */
  readonly name: string;
  readonly endpoint: EngineEndpoint;
  /** For questions: a connection that stays silent is closed. */
  readonly client: Docker;
  /** For tunnels, which may be silent for as long as they like. */
  readonly tunnels: Docker;
}

/** @throws Failure `engine-unreachable`, `engine-permission`, `timeout`, `cancelled` */
export async function openEngine(endpoint: EngineEndpoint, work?: Work): Promise<Engine> {
  const where = `The engine at ${endpoint.url}`;
  try {
    const ms = socketPathOf(endpoint.url) === undefined ? CONNECT_FAR_MS : CONNECT_NEAR_MS;
    const version = await within(`${where}: an answer`, ms, work, () => clientFor(endpoint, ms + GRACE_MS).version());
    const components: readonly { Name?: string }[] = version.Components ?? [];
    const podman = components.some((c) => /podman/i.test(c.Name ?? ''));
    const kind = podman ? 'podman' : 'docker';
    const name = `${podman ? 'Podman' : 'Docker Engine'} ${version.Version} at ${endpoint.url}`;
    return {
      kind,
      version: version.Version,
      name,
      endpoint,
      client: clientFor(endpoint, REQUEST_MS + GRACE_MS),
      tunnels: clientFor(endpoint),
    };
  } catch (error) {
    throw engineFailure(where, error);
  }
}

/** Asks the engine something. @throws Failure */
export async function ask<T>(
  engine: Engine,
  what: string,
  work: Work | undefined,
  question: (client: Docker) => Promise<T>,
): Promise<T> {
  try {
    return await within(`${engine.name}: ${what}`, REQUEST_MS, work, () => question(engine.client));
  } catch (error) {
    throw engineFailure(engine.name, error);
  }
}

/** The status of an answer of the engine that was an error; undefined where it gave none. */
export function statusOf(error: unknown): number | undefined {
  const cause: unknown = isFailure(error) ? error.cause : error;
  const status: unknown = isObject(cause) && 'statusCode' in cause ? cause.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

export function engineFailure(engine: string, error: unknown): Failure {
  if (isFailure(error)) return error;
  const code: unknown = isObject(error) && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') return enginePermission(engine);
  if (statusOf(error) !== undefined) return engineError(engine, error);
  return engineUnreachable(engine, error);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function clientFor(endpoint: EngineEndpoint, silenceMs?: number): Docker {
  const socketPath = socketPathOf(endpoint.url);
  const timeout = silenceMs === undefined ? {} : { timeout: silenceMs };
  if (socketPath !== undefined) return new Docker({ socketPath, ...timeout });
  const url = new URL(endpoint.url);
  if (url.protocol === 'ssh:') {
    const agent = process.env['SSH_AUTH_SOCK'];
    return new Docker({
      ...timeout,
      protocol: 'ssh',
      host: url.hostname,
      port: Number(url.port || 22),
      ...(url.username && { username: decodeURIComponent(url.username) }),
      sshOptions: agent ? { agent } : {},
    });
  }
  const { ca, cert, key } = endpoint.tls ?? {};
  return new Docker({
    ...timeout,
    protocol: endpoint.tls ? 'https' : 'http',
    host: url.hostname,
    port: Number(url.port || (endpoint.tls ? 2376 : 2375)),
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
  });
}
