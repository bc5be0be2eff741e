// Puts a container back should this program be killed: a child that outlives it makes the engine's requests when the pipe between the
// two ends, which the kernel sees to.
import { spawn } from 'node:child_process';

/** Takes the socket and the requests' paths; makes them in order, whatever each answers, unless it is told that all went well. */
const PROGRAM = `let said = '';
const [socketPath, ...paths] = process.argv.slice(1);
const next = () => {
  const path = paths.shift();
  if (path === undefined) return;
  const asked = require('node:http').request({ socketPath, method: 'POST', path }, (answer) => answer.resume().on('end', next));
  asked.on('error', next).end();
};
process.stdin.on('data', (text) => (said += text)).on('end', () => said.includes('done') || next());`;

export interface Guard {
  /** All went well: there is nothing to put back. */
  done(): void;
}

/** @param paths of POST requests */
export function startGuard(socket: string, paths: readonly string[]): Guard {
  const child = spawn(process.execPath, ['-e', PROGRAM, socket, ...paths], {
    // A session of its own, so that what ends us together with our group does not end it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    // Inside VS Code this program's own binary is Electron.
    env: { ...process.env, NODE_OPTIONS: '', ELECTRON_RUN_AS_NODE: '1' },
  });
  child.stdin.on('error', () => undefined);
  child.on('error', () => undefined);
  child.unref();
  return { done: () => void child.stdin.end('done') };
}
