// The command line as a child process, on VS Code's own runtime: a user needs no Node.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Failure } from '../model/index.ts';

export interface ProgramResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Programs {
  /** Path, arguments and environment of the debug adapter. */
  readonly adapter: {
    readonly command: string;
    readonly args: readonly string[];
    readonly env: { [name: string]: string };
  };
  /** Runs `semstate ARGS`; each line of stderr is passed on while it runs. @throws Failure `cancelled`, `program-failed` */
  semstate(args: readonly string[], options: RunOptions): Promise<ProgramResult>;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** Status codes that are an answer, not a failure. Default 0. */
  readonly accept?: readonly number[];
}

/** An Electron binary runs a script as Node only where it is told to; a plain Node ignores the variable. */
const AS_NODE = { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' };

export function createPrograms(extensionPath: string): Programs {
  const script = (name: string): string => join(extensionPath, 'dist', name);
  return {
    adapter: { command: process.execPath, args: [script('debugAdapter.js')], env: AS_NODE },
    semstate: (args, options) => run([script('cli.js'), ...args], options),
  };
}

function run(args: readonly string[], { signal, onLine, accept = [0] }: RunOptions): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...AS_NODE },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    let stderr = '';
    let pending = '';
    const stop = (): void => void child.kill('SIGINT');
    signal?.addEventListener('abort', stop, { once: true });
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const lines = (pending + text).split(/\r?\n/);
      pending = lines.pop() ?? '';
      for (const line of lines) onLine?.(line);
    });
    child.on('error', (error) => reject(failed(error.message)));
    child.on('close', (code, killedBy) => {
      signal?.removeEventListener('abort', stop);
      if (pending !== '') onLine?.(pending);
      if (signal?.aborted) return reject(new Failure('cancelled', 'The operation was cancelled.', 'Start it again.'));
      const status = code ?? (killedBy ? 4 : 1);
      if (accept.includes(status)) resolve({ status, stdout: Buffer.concat(out).toString('utf8'), stderr });
      else reject(failed(stderr.trim() || `exit status ${status}`));
    });
  });
}

const ERROR_LINE = /^(?:error )?\[?([a-z][a-z-]*)\]?: (.*?)(?: (?:→|->) (.*))?$/s;

/** The command line says what went wrong as `error [code]: what → action` on its last line. */
function failed(text: string): Failure {
  const match = ERROR_LINE.exec(text.split('\n').findLast((line) => line.startsWith('error')) ?? '');
  const [, code = 'program-failed', what = text, action = 'See the log for details.'] = match ?? [];
  return new Failure(code, what, action);
}
