// The far end of a tunnel: joins its stdin and stdout to an inspector's port and ends with either. Where the inspector was opened at
// our request it is closed again when the tunnel ends, however it ends: by a detach, a lost connection, or the death of the debugger.
// Runs as text inside a container, or as a child of this program for the machine's own processes: it names nothing but its arguments.
import type * as Fs from 'node:fs';
import type * as Net from 'node:net';

export interface RelayTarget {
  readonly host: string;
  readonly port: number;
  /** Id of the inspector's session, and the expression that closes it; absent: it stays as it is. */
  readonly close?: { readonly id: string; readonly expression: string };
}

export function relay(
  net: Pick<typeof Net, 'connect'>,
  fs: Pick<typeof Fs, 'readFileSync'>,
  process: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'exit'>,
  target: RelayTarget,
): void {
  // A target that is writing a snapshot answers only after it: closing waits that long and no longer.
  const PATIENCE_MS = 300_000;
  const CLOSING_MS = 1500;
  const CLOSED_LOOK_MS = 10;
  const LOOKS = 6;
  const LOOK_MS = 100;
  const { host, port, close } = target;
  const socket = net.connect(port, host);
  let leaving = false;

  const isPortIn = (state: '01' | '0A'): boolean =>
    ['tcp', 'tcp6'].some((file) => {
      let text = '';
      try {
        text = fs.readFileSync(`/proc/net/${file}`, 'utf8');
      } catch {
        return false;
      }
      return text.split('\n').some((line) => {
        const fields = line.trim().split(/\s+/);
        return fields[3] === state && parseInt((fields[1] || '').split(':')[1] || '', 16) === port;
      });
    });
  // Another debugger that came meanwhile keeps the inspector.
  const othersAreOnIt = (): boolean => isPortIn('01');
  const isListening = (): boolean => isPortIn('0A');

  const untilClosed = (left: number): void => {
    if (left <= 0 || !isListening()) process.exit(0);
    else setTimeout(() => untilClosed(left - CLOSED_LOOK_MS), CLOSED_LOOK_MS);
  };

  const closeInspector = (id: string, expression: string): void => {
    const client = net.connect(port, host);
    const request = [
      `GET /${id} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: c2Vtc3RhdGUtY2xvc2luZw==',
    ];
    const params = { expression, includeCommandLineAPI: true, returnByValue: true, silent: true };
    const message = Buffer.from(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
    // One final text frame, its length in 16 bits, masked (as a client has to) with zeros.
    const header = Buffer.from([0x81, 0xfe, message.length >> 8, message.length & 0xff, 0, 0, 0, 0]);
    let answered = '';
    client.on('connect', () => client.write(`${request.join('\r\n')}\r\n\r\n`));
    client.on('data', (bytes: Buffer) => {
      const before = answered;
      answered += bytes.toString('latin1');
      const upgraded = answered.indexOf('\r\n\r\n') + 4;
      if (before.indexOf('\r\n\r\n') < 0 && upgraded >= 4) client.write(Buffer.concat([header, message]));
      if (upgraded < 4 || answered.length <= upgraded || client.destroyed) return;
      // The target stands still while it closes the inspector, and that lasts until this connection has gone.
      client.destroy();
      untilClosed(CLOSING_MS);
    });
    client.on('error', () => process.exit(0));
    client.on('end', () => process.exit(0));
    setTimeout(() => process.exit(0), PATIENCE_MS);
  };

  // A connection that is seen every time is a debugger; one that comes and goes only asked what is there.
  const leaveOrClose = (id: string, expression: string, looks: number): void => {
    if (!othersAreOnIt()) closeInspector(id, expression);
    else if (looks > 1) setTimeout(() => leaveOrClose(id, expression, looks - 1), LOOK_MS);
    else process.exit(0);
  };

  const leave = (): void => {
    if (leaving) return;
    leaving = true;
    socket.destroy();
    if (close) setTimeout(() => leaveOrClose(close.id, close.expression, LOOKS), LOOK_MS / 10);
    else process.exit(0);
  };
  socket.setNoDelay(true);
  socket.on('error', (error: Error) => {
    if (!leaving) process.stderr.write(error.message);
    leave();
  });
  socket.on('close', leave);
  process.stdin.on('end', leave);
  process.stdin.on('error', leave);
  process.stdout.on('error', leave);
  process.stdin.pipe(socket);
  socket.pipe(process.stdout);
}
