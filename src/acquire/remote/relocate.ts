// Moves an inspector that was opened by SIGUSR1 to a port that nobody asked for. Every Node process opens its inspector at the same
// port, so a process that has children, or is one, would keep theirs from opening. Where it would open next time stays as it was.
// Like the survey it runs both here and, as text, inside a container: it names nothing but its arguments.
import type * as Net from 'node:net';
import type { OpenInspector, SurveyedProcess } from './survey.ts';

/**
 * Runs inside the target, for an answer of true where it moves: the program forks, was forked, or was started by another Node, and its
 * port is not one of its own. Sessions end with the move, so it comes when whoever asked for it is gone. A primary would wake its
 * workers each time its inspector opens; they were woken by the first time and are given a moment to find the port taken.
 */
export const MOVE_INSPECTOR = `(() => {
  const load = process.getBuiltinModule || (typeof require === 'function' ? require : undefined);
  const inspector = load && load('inspector');
  const ownPort = /--inspect-port=(\\S*:)?0(\\s|$)/.test(process.execArgv.concat(process.env.NODE_OPTIONS || '').join(' '));
  if (!inspector || process.permission || ownPort) return false;
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
  if (!forks && process.send === undefined && !startedByNode()) return false;
  const workers = loaded.indexOf('NativeModule cluster') < 0 ? {} : load('cluster').workers || {};
  setTimeout(() => {
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
  }, Object.keys(workers).length > 0 ? 400 : 20);
  return true;
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
  const asked = new Promise<boolean>((resolve) => {
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
    const leave = (moves: boolean): void => {
      clearTimeout(timer);
      client.destroy();
      resolve(moves);
    };
    const timer = setTimeout(() => leave(false), PATIENCE_MS);
    client.on('connect', () => client.write(`${request.join('\r\n')}\r\n\r\n`));
    client.on('data', (bytes: Buffer) => {
      answered += bytes.toString('latin1');
      if (!isSent && answered.indexOf('\r\n\r\n') >= 0) {
        isSent = true;
        client.write(Buffer.concat([header, message]));
      }
      const value = /"value":(true|false)/.exec(answered);
      if (value) leave(value[1] === 'true');
    });
    client.on('error', () => leave(false));
    client.on('close', () => leave(false));
  });
  const look = async (): Promise<SurveyedProcess | undefined> => {
    while (Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const now = await survey();
      if (!now) return undefined;
      if (now.inspector && now.inspector.id !== id) return now;
    }
    return undefined;
  };
  return asked.then((moves) => (moves ? look() : undefined));
}
