// Moves an inspector that was opened by SIGUSR1 to a port that nobody asked for. Every Node process opens its inspector at the same
// port, so a process that has children, or is one, would keep theirs from opening. Where it would open next time stays as it was.
// Like the survey it runs both here and, as text, inside a container: it names nothing but its arguments.
import type * as Net from 'node:net';
import type { OpenInspector, SurveyedProcess } from './survey.ts';

/**
 * Runs inside the target. It moves where the program forks, was forked, or was started by another Node, and its port is not one of its
 * own; the answer is in how many milliseconds, 0: it stays. Sessions end with the move, so it comes when whoever asked for it is gone. A
 * primary would wake its workers each time its inspector opens; they were woken by the first time and are given a moment to find the
 * port taken.
 */
export const MOVE_INSPECTOR = `(() => {
  const load = process.getBuiltinModule || (typeof require === 'function' ? require : undefined);
  const inspector = load && load('inspector');
  const ownPort = /--inspect-port=(\\S*:)?0(\\s|$)/.test(process.execArgv.concat(process.env.NODE_OPTIONS || '').join(' '));
  if (!inspector || process.permission || ownPort) return 0;
  const startedByNode = () => {
    try {
      const { readlinkSync } = load('fs');
      return readlinkSync('/proc/' + process.ppid + '/exe') === readlinkSync('/proc/self/exe');
    } catch {
      return false;
    }
  };
  const loaded = process.moduleLoadList || [];
  const forks = loaded.some((name) => /^NativeModule (cluster|child_process)$/.test(name));
  if (!forks && process.send === undefined && !startedByNode()) return 0;
  const workers = loaded.indexOf('NativeModule cluster') < 0 ? {} : load('cluster').workers || {};
  const wait = Object.keys(workers).length > 0 ? 400 : 20;
  const ESTABLISHED = '01';
  const isUsed = () => ['tcp', 'tcp6'].some((file) => {
    try {
      const lines = load('fs').readFileSync('/proc/self/net/' + file, 'utf8').split('\\n');
      return lines.some((line) => {
        const fields = line.trim().split(/\\s+/);
        return fields[3] === ESTABLISHED && parseInt(fields[1].split(':')[1], 16) === process.debugPort;
      });
    } catch {
      return false;
    }
  });
  const move = () => {
    const port = process.debugPort;
    const own = Object.getOwnPropertyDescriptor(process, 'emit');
    const { emit } = process;
    inspector.close();
    process.emit = function (name, message) {
      if (name === 'internalMessage' && message && message.cmd === 'NODE_DEBUG_ENABLED') return false;
      return emit.apply(this, arguments);
    };
    try {
      inspector.open(0, '127.0.0.1');
    } finally {
      if (own) Object.defineProperty(process, 'emit', own);
      else delete process.emit;
      process.debugPort = port;
    }
  };
  // Whoever came meanwhile to stay is not thrown out; who only asked what is there is gone in a moment.
  const moveWhenFree = (looks) => {
    if (!isUsed()) move();
    else if (looks > 1) setTimeout(() => moveWhenFree(looks - 1), 20);
  };
  setTimeout(() => moveWhenFree(10), wait);
  return wait;
})()`;

/** @returns the process with its inspector at the new port; undefined where it stays where it is */
export function relocateInspector(
  net: Pick<typeof Net, 'connect'>,
  survey: () => Promise<SurveyedProcess | undefined>,
  { host, port, id }: OpenInspector,
  expression: string,
): Promise<SurveyedProcess | undefined> {
  const PATIENCE_MS = 8000;
  const LOOK_MS = 30;
  const until = Date.now() + PATIENCE_MS;
  const asked = new Promise<number>((resolve) => {
    const client = net.connect(port, host);
    const request = [
      `GET /${id} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: c2Vtc3RhdGUtbW92aW5nISE=',
    ];
    const params = { expression, includeCommandLineAPI: true, returnByValue: true, silent: true };
    const message = Buffer.from(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
    // One final text frame, its length in 16 bits, masked (as a client has to) with zeros.
    const header = Buffer.from([0x81, 0xfe, message.length >> 8, message.length & 0xff, 0, 0, 0, 0]);
    let answered = '';
    let isSent = false;
    const leave = (wait: number): void => {
      clearTimeout(timer);
      client.destroy();
      resolve(wait);
    };
    const timer = setTimeout(() => leave(0), PATIENCE_MS);
    client.on('connect', () => client.write(`${request.join('\r\n')}\r\n\r\n`));
    client.on('data', (bytes: Buffer) => {
      answered += bytes.toString('latin1');
      if (!isSent && answered.indexOf('\r\n\r\n') >= 0) {
        isSent = true;
        client.write(Buffer.concat([header, message]));
      }
      const value = /"value":(\d+)[,}]/.exec(answered);
      if (value) leave(Number(value[1]));
    });
    client.on('error', () => leave(0));
    client.on('close', () => leave(0));
  });
  const look = async (wait: number): Promise<SurveyedProcess | undefined> => {
    await new Promise((resolve) => setTimeout(resolve, wait));
    while (Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const now = await survey();
      if (!now) return undefined;
      if (now.inspector && now.inspector.id !== id) return now;
    }
    return undefined;
  };
  return asked.then((wait) => (wait > 0 ? look(wait) : undefined));
}
