// What a container holds on to that is not in it: connections, listening sockets, volumes, files on them, services it was told of. Read
// from what the kernel and the engine show anyone; nothing is run in the container.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { FoundContainer } from '../acquire/index.ts';
import { hostPids } from '../acquire/index.ts';
import type { OutsideThing } from './manifest.ts';

const ESTABLISHED = '01';
const LISTENING = '0A';
/** Variables whose value is an address: `postgres://user:secret@host:5432/db`, of which scheme and host are told. */
const ADDRESS = /^([a-z][a-z0-9+.-]*):\/\/(?:[^@/\s]*@)?([^/\s?#]+)/i;
const RING = 'anon_inode:[io_uring]';

export interface Outside {
  readonly things: readonly OutsideThing[];
  /** Connections that are open now: `local to remote`. */
  readonly connections: readonly string[];
  /** A process holds an io_uring, which CRIU cannot keep. */
  readonly usesRing: boolean;
}

type Info = FoundContainer['info'];

/** Of a running container; what cannot be read is left out, for instance where the engine is on another machine. */
export function outsideOf(info: Info): Outside {
  const pids = hostPids(info.Id, info.State.Pid).map(({ host }) => host);
  const sockets = new Set(
    pids.flatMap((pid) => openedBy(pid).flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])),
  );
  const [first] = pids;
  const rows = first === undefined ? [] : rowsOf(first).filter(({ inode }) => sockets.has(inode));
  const open = rows.filter(({ state }) => state === ESTABLISHED);
  const volumes = mountsOf(info);
  const files = new Set(pids.flatMap(openedBy).filter((path) => volumes.some(({ to }) => path.startsWith(`${to}/`))));
  return {
    connections: open.map(({ local, remote }) => `${local} to ${remote}`),
    usesRing: pids.some((pid) => read(`/proc/${pid}/maps`).includes(RING) || openedBy(pid).includes(RING)),
    things: [
      ...open.map(({ local, remote }): OutsideThing => ({
        kind: 'connection',
        text: `the connection ${local} to ${remote}`,
        peer: remote,
      })),
      ...rows
        .filter(({ state }) => state === LISTENING)
        .map(({ local }): OutsideThing => ({ kind: 'listener', text: `listening on ${local}` })),
      ...volumes.map(({ from, to, writable }): OutsideThing => ({
        kind: 'volume',
        text: `${to}, which is ${from}${writable ? '' : ', read only'}`,
      })),
      ...[...files].map((path): OutsideThing => ({ kind: 'open-file', text: `${path}, open on a volume` })),
      ...servicesOf(info),
      { kind: 'clock', text: 'the clock: what is restored wakes at a later time' },
    ],
  };
}

function servicesOf({ Config }: Info): OutsideThing[] {
  return (Config.Env ?? []).flatMap((variable): OutsideThing[] => {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(variable) ?? [];
    const [, scheme, host] = ADDRESS.exec(value) ?? [];
    return scheme === undefined || host === undefined || scheme === 'file'
      ? []
      : [{ kind: 'service', text: `${scheme} at ${host}, by ${name}` }];
  });
}

function mountsOf({ Mounts }: Info): { readonly from: string; readonly to: string; readonly writable: boolean }[] {
  return (Mounts ?? []).map(({ Name, Source, Destination, RW }) => ({
    from: Name ? `the volume ${Name}` : Source,
    to: Destination,
    writable: RW,
  }));
}

function openedBy(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

interface SocketRow {
  readonly local: string;
  readonly remote: string;
  readonly state: string;
  readonly inode: string;
}

/** TCP of the process's network, version 4 and 6. */
function rowsOf(pid: number): SocketRow[] {
  return ['tcp', 'tcp6'].flatMap((table) =>
    read(`/proc/${pid}/net/${table}`)
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [, local, remote, state, , , , , , inode] = line.trim().split(/\s+/);
        if (local === undefined || remote === undefined || state === undefined || inode === undefined) return [];
        return [{ local: addressOf(local), remote: addressOf(remote), state, inode }];
      }),
  );
}

/** The kernel writes addresses as words of this machine's order: `0100007F:1F90`. */
function addressOf(text: string): string {
  const [words = '', port = '0'] = text.split(':');
  const bytes = (words.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
  const shownPort = Number.parseInt(port, 16);
  const isMapped = bytes.length === 16 && bytes.slice(0, 12).join() === '0,0,0,0,0,0,0,0,0,0,255,255';
  if (bytes.length === 4 || isMapped) return `${bytes.slice(-4).join('.')}:${shownPort}`;
  const groups = Array.from({ length: 8 }, (_, n) =>
    (((bytes[n * 2] ?? 0) << 8) | (bytes[n * 2 + 1] ?? 0)).toString(16),
  );
  return `[${groups.join(':').replace(/(?:^|:)0(?::0)+(?::|$)/, '::')}]:${shownPort}`;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
