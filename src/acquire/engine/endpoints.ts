// Where container engines may listen: environment, Docker contexts, the usual sockets. It looks; it does not connect.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface EngineEndpoint {
  /** By whose ways it was found; whether it is Podman, the engine itself says. */
  readonly way: 'docker' | 'podman';
  /** `unix:///path`, `npipe:////./pipe/name`, `tcp://host:port` or `ssh://user@host:port`. */
  readonly url: string;
  /** The user named it: that it does not answer is worth a word. */
  readonly explicit: boolean;
  readonly tls?: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

type Environment = { readonly [name: string]: string | undefined };

/** All endpoints worth asking, each once, in the order of preference. */
export function engineEndpoints(env: Environment = process.env, home: string = homedir()): readonly EngineEndpoint[] {
  const found = [...dockerEndpoints(env, home), ...podmanEndpoints(env, home)];
  const seen = new Set<string>();
  return found.filter((endpoint) => {
    const key = identityOf(endpoint.url);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function dockerEndpoints(env: Environment, home: string): EngineEndpoint[] {
  const config = env['DOCKER_CONFIG'] ?? join(home, '.docker');
  if (env['DOCKER_HOST']) {
    const secured = env['DOCKER_TLS_VERIFY'] ? tlsFiles(env['DOCKER_CERT_PATH'] ?? config) : {};
    return [{ way: 'docker', url: env['DOCKER_HOST'], explicit: true, ...secured }];
  }
  const contexts = dockerContexts(config);
  const chosen = env['DOCKER_CONTEXT'] ?? currentContext(config);
  const runtimeDir = runtimeDirOf(env);
  const sockets =
    process.platform === 'win32'
      ? ['npipe:////./pipe/docker_engine']
      : [
          '/var/run/docker.sock',
          ...(runtimeDir ? [join(runtimeDir, 'docker.sock')] : []),
          join(home, '.docker/run/docker.sock'),
          join(home, '.docker/desktop/docker.sock'),
          join(home, '.colima/default/docker.sock'),
          join(home, '.orbstack/run/docker.sock'),
          join(home, '.rd/docker.sock'),
        ].map((path) => `unix://${path}`);
  return [
    ...contexts.filter((c) => c.name === chosen).map((c) => ({ ...c.endpoint, explicit: true })),
    // Other contexts only where they are sockets of this machine: a list should not open connections across the network.
    ...contexts.filter((c) => c.name !== chosen && exists(c.endpoint.url)).map((c) => c.endpoint),
    ...sockets.filter(exists).map((url) => ({ way: 'docker' as const, url, explicit: false })),
  ];
}

function podmanEndpoints(env: Environment, home: string): EngineEndpoint[] {
  if (env['CONTAINER_HOST']) return [{ way: 'podman', url: env['CONTAINER_HOST'], explicit: true }];
  const runtimeDir = runtimeDirOf(env);
  const sockets =
    process.platform === 'win32'
      ? ['npipe:////./pipe/podman-machine-default']
      : [
          ...(runtimeDir ? [join(runtimeDir, 'podman/podman.sock')] : []),
          '/run/podman/podman.sock',
          join(home, '.local/share/containers/podman/machine/podman.sock'),
        ].map((path) => `unix://${path}`);
  return sockets.filter(exists).map((url) => ({ way: 'podman', url, explicit: false }));
}

function runtimeDirOf(env: Environment): string | undefined {
  return env['XDG_RUNTIME_DIR'] ?? (process.getuid ? `/run/user/${process.getuid()}` : undefined);
}

/** The path of a socket or pipe; undefined for an address across the network. */
export function socketPathOf(url: string): string | undefined {
  return /^(?:unix|npipe):\/\/(.+)$/.exec(url)?.[1];
}

function exists(url: string): boolean {
  const path = socketPathOf(url);
  return path !== undefined && existsSync(path);
}

/** Two names of one socket are one engine. */
function identityOf(url: string): string {
  const path = socketPathOf(url);
  if (path === undefined) return url;
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function currentContext(config: string): string | undefined {
  const file = readJson(join(config, 'config.json'));
  return typeof file?.['currentContext'] === 'string' ? file['currentContext'] : undefined;
}

interface DockerContext {
  readonly name: string;
  readonly endpoint: EngineEndpoint;
}

/** `contexts/meta/<sha256 of the name>/meta.json`; a damaged one is left out. */
function dockerContexts(config: string): DockerContext[] {
  const meta = join(config, 'contexts', 'meta');
  let dirs: string[];
  try {
    dirs = readdirSync(meta);
  } catch {
    return [];
  }
  return dirs.flatMap((dir) => {
    const file = readJson(join(meta, dir, 'meta.json'));
    const name = file?.['Name'];
    const endpoints = file?.['Endpoints'];
    const docker = isRecord(endpoints) ? endpoints['docker'] : undefined;
    const host = isRecord(docker) ? docker['Host'] : undefined;
    if (typeof name !== 'string' || typeof host !== 'string' || host === '') return [];
    const id = createHash('sha256').update(name).digest('hex');
    const secured = tlsFiles(join(config, 'contexts', 'tls', id, 'docker'));
    return [{ name, endpoint: { way: 'docker', url: host, explicit: false, ...secured } as const }];
  });
}

function tlsFiles(dir: string): Pick<EngineEndpoint, 'tls'> {
  const read = (name: string): Buffer | undefined => {
    try {
      return readFileSync(join(dir, name));
    } catch {
      return undefined;
    }
  };
  const [ca, cert, key] = [read('ca.pem'), read('cert.pem'), read('key.pem')];
  if (!ca && !cert) return {};
  return { tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function readJson(path: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
