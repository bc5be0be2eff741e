// The contract's TARGET form and back: `docker:NAME`, `podman:NAME`, `pid:N`, `inspect:HOST:PORT`, `file:PATH`.
import { badTarget } from './failures.ts';
import type { TargetAddress } from './target.ts';

const HIGHEST_PORT = 65_535;
// What engines accept as names and ids; nothing else can be one, so that no text from outside reaches a request's path.
const CONTAINER = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** @throws Failure `bad-target` */
export function parseTarget(text: string): TargetAddress {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, Math.max(colon, 0));
  const rest = text.slice(colon + 1).trim();
  if (rest === '') throw badTarget(text);
  switch (scheme) {
    case 'docker':
    case 'podman': {
      if (!CONTAINER.test(rest)) throw badTarget(text);
      return { runtime: scheme, container: rest };
    }
    case 'pid': {
      const pid = Number(rest);
      if (!/^\d+$/.test(rest) || pid < 1 || !Number.isSafeInteger(pid)) throw badTarget(text);
      return { runtime: 'local', pid };
    }
    case 'inspect': {
      const match = /^(\[[\da-fA-F:.]+\]|[^\s:/]+):(\d{1,5})$/.exec(rest);
      const port = Number(match?.[2]);
      if (!match?.[1] || port < 1 || port > HIGHEST_PORT) throw badTarget(text);
      return { runtime: 'inspect', host: match[1].replace(/^\[|\]$/g, ''), port };
    }
    case 'file':
      return { runtime: 'file', path: rest };
    default:
      throw badTarget(text);
  }
}

export function showTarget(address: TargetAddress): string {
  switch (address.runtime) {
    case 'docker':
    case 'podman':
      return `${address.runtime}:${address.container}`;
    case 'local':
      return `pid:${address.pid}`;
    case 'inspect':
      return `inspect:${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
    case 'file':
      return `file:${address.path}`;
  }
}
