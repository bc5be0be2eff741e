// Running a command inside a container through the engine's exec interface, with its stdio attached: the only way in that is used.
// Nothing is installed; a command ends by itself or when its stdin does.
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Exec } from 'dockerode';
import { isFailure } from '../../model/index.ts';
import type { Work } from '../../model/index.ts';
import { within } from '../deadline.ts';
import { containerPaused, execFailed, timedOut } from '../failures.ts';
import type { CommandResult } from '../target.ts';
import { engineFailure, statusOf } from './engine.ts';
import type { Engine } from './engine.ts';
import { ExecStream } from './frames.ts';

const START_MS = 8000;
const INSPECT_MS = 3000;
const KEEPALIVE_MS = 10_000;

export interface ExecCommand {
  readonly engine: Engine;
  readonly container: string;
  /** The container's name, for people. */
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment: readonly string[];
  /** `uid:gid`; absent: the user that the image or container names. */
  readonly user?: string;
}

/** A started command. Its stdio is `stream`; destroying it closes the connection and so the command's stdin. */
export interface RunningCommand {
  readonly stream: ExecStream;
  /** Exit status once it ended; undefined where the engine cannot tell. */
  status(): Promise<number | undefined>;
}

/** @throws Failure `container-paused`, `exec-failed`, `timeout`, `cancelled`, `engine-*` */
export async function startCommand(command: ExecCommand, work?: Work): Promise<RunningCommand> {
  const { engine, container, name, argv, environment, user } = command;
  try {
    return await within(`Running a command in ${name}`, START_MS, work, async (signal) => {
      const exec = await engine.client.getContainer(container).exec({
        Cmd: [...argv],
        Env: [...environment],
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        Tty: false,
        WorkingDir: '/',
        ...(user !== undefined && { User: user }),
      });
      const tunnel = engine.tunnels.getExec(exec.id);
      const raw: Duplex = await tunnel.start({ hijack: true, stdin: true, Tty: false, abortSignal: signal });
      // An engine across the network can vanish without a word.
      if (raw instanceof Socket) raw.setKeepAlive(true, KEEPALIVE_MS);
      const stream = new ExecStream(raw);
      // Whoever waits for the command hears of an end by 'close'; an error has to be heard by someone to be no crash.
      stream.on('error', () => undefined);
      if (signal.aborted) stream.destroy();
      return { stream, status: () => exitStatus(exec) };
    });
  } catch (error) {
    if (statusOf(error) === 409) throw containerPaused(name);
    if (isFailure(error)) throw error;
    const status = statusOf(error);
    if (status !== undefined) throw execFailed(name, error instanceof Error ? error.message.trim() : String(status));
    throw engineFailure(engine.name, error);
  }
}

/** Runs to the end and collects. Status 126 and 127 mean what they mean in a shell: not runnable, not found. @throws Failure */
export async function runCommand(
  command: ExecCommand & { readonly input?: string; readonly timeoutMs: number; readonly limit: number },
  work?: Work,
): Promise<CommandResult> {
  const running = await startCommand(command, work);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    await within(`A command in ${command.name}`, command.timeoutMs, work, (signal) => {
      signal.addEventListener('abort', () => running.stream.destroy());
      return new Promise<void>((resolve, reject) => {
        running.stream.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > command.limit) reject(execFailed(command.name, 'the command answered with too much'));
          else chunks.push(chunk);
        });
        running.stream.on('close', () => resolve());
        if (command.input === undefined) running.stream.end();
        else running.stream.end(command.input);
      });
    });
  } finally {
    running.stream.destroy();
  }
  const status = await running.status();
  return { status: status ?? 0, stdout: Buffer.concat(chunks), stderr: running.stream.stderr };
}

async function exitStatus(exec: Exec): Promise<number | undefined> {
  const until = Date.now() + INSPECT_MS;
  for (let pause = 5; Date.now() < until; pause *= 2) {
    const { Running, ExitCode } = await exec.inspect();
    if (!Running) return ExitCode ?? undefined;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw timedOut('The end of a command', INSPECT_MS);
}
