// Chooses the command, runs it, and turns whatever happens into the contract's exit status.
import { Failure, isFailure, messageOf } from '../model/index.ts';
import { COMMANDS } from './commands.ts';
import { helpOf, nearestOf, parseCommandLine, UsageError, type Command, type Invocation } from './command.ts';
import { print, STATUS, type Io, type Status } from './io.ts';
import { createProgress } from './progress.ts';
import { harmless } from './text.ts';
import { version } from './version.ts';

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version') {
    await print(io.stdout, `${version()}\n`);
    return STATUS.done;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const about = COMMANDS.find((command) => command.name === rest[0]);
    await print(name === undefined ? io.stderr : io.stdout, about ? helpOf(about) : overview());
    return name === undefined ? STATUS.usage : STATUS.done;
  }
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) {
    const nearest = nearestOf(
      name,
      COMMANDS.map((each) => each.name),
    );
    const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    return usage(io, `${name} is no command.${hint}`, 'semstate --help lists them.');
  }
  if (rest.some((word) => word === '--help' || word === '-h')) {
    await print(io.stdout, helpOf(command));
    return STATUS.done;
  }
  return runCommand(command, rest, io);
}

async function runCommand(command: Command, args: readonly string[], io: Io): Promise<Status> {
  const stop = new AbortController();
  const release = io.onInterrupt(() => stop.abort());
  let clear = (): void => undefined;
  try {
    const { positionals, values } = parseCommandLine(command, args);
    const progress = createProgress(io.stderr, values.has('quiet'));
    clear = progress.clear;
    const invocation: Invocation = {
      positionals,
      io,
      progress,
      work: { signal: stop.signal, progress: progress.show },
      has: (flag) => values.has(flag),
      one: (flag) => values.get(flag)?.[0],
      all: (flag) => values.get(flag) ?? [],
    };
    const status = await command.run(invocation);
    clear();
    return status;
  } catch (error) {
    clear();
    if (error instanceof UsageError)
      return usage(io, error.message, `semstate ${command.name} --help shows how it is used.`);
    return tell(io, error);
  } finally {
    release();
  }
}

async function usage(io: Io, what: string, action: string): Promise<Status> {
  await print(io.stderr, `error [usage]: ${harmless(what)} → ${action}\n`);
  return STATUS.usage;
}

/** Failures whose cause is how the command was called, not the target. */
const WRONG_USAGE = new Set([
  'usage',
  'bad-target',
  'bad-place',
  'no-such-law',
  'no-such-point',
  'not-available',
  'source-missing',
  'workspace-file',
  'model-file',
]);

async function tell(io: Io, error: unknown): Promise<Status> {
  if (isFailure(error, 'cancelled')) {
    await print(io.stderr, 'Interrupted.\n');
    return STATUS.interrupted;
  }
  const failure = isFailure(error) ? error : internal(error);
  await print(io.stderr, `error [${failure.code}]: ${harmless(failure.message)} → ${harmless(failure.action)}\n`);
  if (failure.code === 'internal' && error instanceof Error) await print(io.stderr, `${error.stack ?? ''}\n`);
  return WRONG_USAGE.has(failure.code) ? STATUS.usage : STATUS.unreachable;
}

function internal(error: unknown): Failure {
  return new Failure(
    'internal',
    messageOf(error),
    'This is a fault of the program: please report it with what stands below.',
  );
}

function overview(): string {
  return [
    'semstate COMMAND: why is this order in this state?',
    '',
    ...COMMANDS.map(({ name, about }) => `  ${name.padEnd(10)}  ${about.split('\n')[0] ?? ''}`),
    '',
    'A TARGET is docker:NAME, podman:NAME, pid:N, inspect:HOST:PORT or file:PATH.',
    'semstate COMMAND --help shows the flags of one command.',
    '',
    'Exit status: 0 done; 1 found what it looked for; 2 wrong usage; 3 target not reached or not read; 4 interrupted.',
    '',
  ].join('\n');
}
