// Which processes there are and how each can be debugged, read from /proc. The one function here runs in two worlds: called in this
// process for the machine's own processes, and as text by the target's own Node inside a container. So it may name nothing outside
// of itself but its arguments, and use only what old versions of Node know.
import type * as Fs from 'node:fs';
import type * as Http from 'node:http';

export interface OpenInspector {
  readonly host: string;
  readonly port: number;
  /** The id under which the inspector offers the main thread: the path of its web socket. */
  readonly id: string;
  /** Connections to it, those of other debuggers. */
  readonly sessions: number;
}

export interface SurveyedProcess {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  /** Depth of PID namespaces the process is in, as seen from here: more than the reader's own means it is in a container. */
  readonly depth: number;
  readonly language: 'node' | 'jvm' | 'python' | 'unknown';
  /** File name of the program that runs; the kernel's short name of it where the link may not be read. */
  readonly program: string;
  readonly argv: readonly string[];
  /** A handler for SIGUSR1 is set: without one the signal ends the process. */
  readonly caughtSigusr1: boolean;
  /** Clock ticks from boot to the start of the process. */
  readonly started: number;
  readonly residentBytes: number;
  /** Listens on a port that is not its inspector's. */
  readonly serves: boolean;
  readonly inspector?: OpenInspector;
  /** The port the inspector would open on, where some other process holds it. */
  readonly takenPort?: number;
}

export interface SurveyOptions {
  /** Only this process. */
  readonly pid?: number;
  /** Never reported: the reader itself. */
  readonly self: number;
  /**
   * Which listeners are asked whether they are an inspector. `expected`: those where its command line says so, and where any would be
   * by default; `loopback`: all on loopback as well, for a process someone wants to attach to; a number: that port only;
   * `none`: the process's network is not the reader's, and a listener where the inspector would be is taken for it.
   */
  readonly look: 'expected' | 'loopback' | 'none' | number;
}

/** Never throws: a process that ended meanwhile or may not be read is left out or described as far as it goes. */
export async function surveyProcesses(
  fs: Pick<typeof Fs, 'readFileSync' | 'readlinkSync' | 'readdirSync'>,
  http: Pick<typeof Http, 'get'>,
  options: SurveyOptions,
): Promise<SurveyedProcess[]> {
  interface Listener {
    host: string;
    port: number;
    inode: string;
  }
  const DEFAULT_PORT = 9229;
  const PROBE_MS = 1500;
  const read = (path: string): string => {
    try {
      return fs.readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  const list = (path: string): string[] => {
    try {
      return fs.readdirSync(path);
    } catch {
      return [];
    }
  };
  const link = (path: string): string => {
    try {
      return fs.readlinkSync(path);
    } catch {
      return '';
    }
  };
  const base = (path: string): string => path.replace(/ \(deleted\)$/, '').replace(/^.*\//, '');

  // Addresses in /proc/net/tcp are hexadecimal, each 32-bit word in the machine's byte order.
  const hostOf = (hex: string): string => {
    if (/^0+$/.test(hex)) return '127.0.0.1';
    if (hex.length === 8 || /^0{16}FFFF0000/i.test(hex)) {
      const word = hex.slice(-8);
      return [6, 4, 2, 0].map((i) => parseInt(word.slice(i, i + 2), 16)).join('.');
    }
    if (/^0{24}01000000$/.test(hex)) return '::1';
    const words = (hex.match(/.{8}/g) || []).map((w) => (w.match(/../g) || []).reverse().join(''));
    return (words.join('').match(/.{4}/g) || []).join(':');
  };
  const socketsOf = (pid: number): { listeners: Listener[]; established: Map<number, number> } => {
    const listeners: Listener[] = [];
    const established = new Map<number, number>();
    for (const file of ['tcp', 'tcp6']) {
      for (const line of read(`/proc/${pid}/net/${file}`).split('\n').slice(1)) {
        const f = line.trim().split(/\s+/);
        const local = (f[1] || '').split(':');
        if (f.length < 10 || local.length !== 2) continue;
        const port = parseInt(local[1] || '', 16);
        if (f[3] === '0A') listeners.push({ host: hostOf(local[0] || ''), port, inode: f[9] || '' });
        else if (f[3] === '01') established.set(port, (established.get(port) || 0) + 1);
      }
    }
    return { listeners, established };
  };

  // The id of the main thread's inspector; undefined where something else answers, or nothing does.
  const probe = (host: string, port: number): Promise<string | undefined> =>
    new Promise((resolve) => {
      const request = http.get(
        { host, port, path: '/json/list', headers: { Host: `127.0.0.1:${port}` }, agent: false, timeout: PROBE_MS },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (piece: string) => {
            text += piece;
            if (text.length > 65536) request.destroy();
          });
          response.on('end', () => {
            try {
              const entry = JSON.parse(text)[0];
              resolve(entry && entry.type === 'node' && typeof entry.id === 'string' ? entry.id : undefined);
            } catch {
              resolve(undefined);
            }
          });
          response.on('close', () => resolve(undefined));
        },
      );
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(undefined));
    });

  const hintOf = (argv: string[], pid: number): number => {
    const environ = read(`/proc/${pid}/environ`).split('\0');
    const nodeOptions = environ.filter((e) => e.startsWith('NODE_OPTIONS=')).map((e) => e.slice(13).split(/\s+/));
    const flags = ([] as string[]).concat(...nodeOptions, argv.slice(1));
    let port = DEFAULT_PORT;
    for (const flag of flags) {
      const match = /^--(?:inspect|debug)(?:-brk|-wait|-port)?=(?:.*:)?(\d+)$/.exec(flag);
      if (match) port = Number(match[1]);
    }
    return port;
  };

  const describe = async (pid: number): Promise<SurveyedProcess | undefined> => {
    const status = read(`/proc/${pid}/status`);
    if (status === '' || /^State:\s+Z/m.test(status)) return undefined;
    const field = (name: string): string => (new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status) || [])[1] || '';
    const argv = read(`/proc/${pid}/cmdline`).split('\0').slice(0, -1);
    if (argv.length === 0 || argv.indexOf('semstate-relay') > 0) return undefined;
    const exe = link(`/proc/${pid}/exe`);
    const program = base(exe) || field('Name');
    const isNode =
      /^node(js)?(-?v?\d[\d.]*)?$/.test(program) ||
      list(`/proc/${pid}/task`).some((t) =>
        /^(node|V8Worker|node-V8Worker)\n$/.test(read(`/proc/${pid}/task/${t}/comm`)),
      );
    const language = isNode
      ? 'node'
      : /^java$/.test(program)
        ? 'jvm'
        : /^python[\d.]*$/.test(program)
          ? 'python'
          : 'unknown';
    const SIGUSR1_BIT = 0x200;
    const result = {
      pid,
      uid: Number(field('Uid').split(/\s+/)[1]),
      gid: Number(field('Gid').split(/\s+/)[1]),
      depth: field('NSpid').split(/\s+/).length,
      language,
      program,
      argv: argv.slice(0, 32).map((a) => a.slice(0, 512)),
      caughtSigusr1: (parseInt(field('SigCgt').slice(-8), 16) & SIGUSR1_BIT) !== 0,
      started: Number(
        read(`/proc/${pid}/stat`)
          .replace(/^.*\) /, '')
          .split(' ')[19],
      ),
      residentBytes: parseInt(field('VmRSS'), 10) * 1024,
      serves: false,
    } as const;
    if (language !== 'node') return result;

    const { listeners, established } = socketsOf(pid);
    const files = list(`/proc/${pid}/fd`).map((fd) => link(`/proc/${pid}/fd/${fd}`));
    const readable = files.some((f) => f !== '');
    // Where its files may not be read, any listener of its network can be its own; whoever connects checks the process id.
    const own = listeners.filter((l) => !readable || files.indexOf(`socket:[${l.inode}]`) >= 0);
    const hint = hintOf(argv, pid);
    const rank = (l: Listener): number => (l.port === hint ? 0 : l.port === DEFAULT_PORT ? 1 : 2);
    const { look } = options;
    // Port 0 in its command line: it is on some port. An inspector listens on loopback unless told otherwise.
    const anywhere = look === 'loopback' || (look === 'expected' && hint === 0);
    const candidates = own
      .filter((l) =>
        typeof look === 'number'
          ? l.port === look
          : l.port === hint || l.port === DEFAULT_PORT || (anywhere && /^(127\.|::1$)/.test(l.host)),
      )
      .sort((a, b) => rank(a) - rank(b));
    for (const { host, port } of candidates) {
      const id = look === 'none' ? (port === hint ? '' : undefined) : await probe(host, port);
      if (id === undefined) continue;
      const sessions = established.get(port) || 0;
      return { ...result, serves: own.some((l) => l.port !== port), inspector: { host, port, id, sessions } };
    }
    const taken = look !== 'none' && listeners.some((l) => l.port === hint && l.host === '127.0.0.1');
    return { ...result, serves: own.length > 0, ...(taken ? { takenPort: hint } : {}) };
  };

  const found: SurveyedProcess[] = [];
  const pids = options.pid === undefined ? list('/proc').map(Number) : [options.pid];
  for (const pid of pids) {
    if (!(pid > 0) || pid === options.self) continue;
    const one = await describe(pid);
    if (one) found.push(one);
  }
  return found;
}
