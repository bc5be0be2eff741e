// The room's error catalogue: one function for each way in which reaching a target goes wrong. Codes are stable; each failure says
// what happened in the reader's words and the one thing to do about it. It decides nothing: whoever meets the trouble picks its function.
import { Failure, messageOf } from '../model/index.ts';

export function badTarget(text: string): Failure {
  return new Failure(
    'bad-target',
    `"${text}" is no target.`,
    'Write docker:NAME, podman:NAME, pid:N, inspect:HOST:PORT or file:PATH; `semstate ps` lists what can be attached to.',
  );
}

export function nothingLiveInFile(path: string): Failure {
  return new Failure(
    'bad-target',
    `${path} is a file at rest: there is no process to attach to.`,
    'Import it as a snapshot instead of attaching to it.',
  );
}

export function engineUnreachable(engine: string, cause: unknown): Failure {
  return new Failure(
    'engine-unreachable',
    `${engine} does not answer: ${messageOf(cause)}`,
    'Start the engine, or set DOCKER_HOST (CONTAINER_HOST for Podman) to the socket it listens on.',
    cause,
  );
}

export function noEngine(kind: 'docker' | 'podman'): Failure {
  return kind === 'docker'
    ? new Failure(
        'engine-unreachable',
        'No Docker Engine was found: DOCKER_HOST is not set and none of the usual sockets exists.',
        'Start Docker, or set DOCKER_HOST to the socket it listens on.',
      )
    : new Failure(
        'engine-unreachable',
        'No Podman service was found: CONTAINER_HOST is not set and none of the usual sockets exists.',
        'Run `systemctl --user start podman.socket`, or set CONTAINER_HOST to the socket of `podman system service`.',
      );
}

export function enginePermission(engine: string): Failure {
  return new Failure(
    'engine-permission',
    `You may not use the socket of ${engine}.`,
    'Add yourself to the group that owns the socket (`sudo usermod -aG docker $USER`, then log in again), or use a rootless engine.',
  );
}

export function engineError(engine: string, cause: unknown): Failure {
  return new Failure(
    'engine-error',
    `${engine} refused: ${messageOf(cause)}`,
    "Look at the engine's own log; try the same with its command line.",
    cause,
  );
}

export function containerNotFound(name: string, similar: readonly string[], unreached: readonly string[]): Failure {
  const notes = [
    ...(similar.length > 0 ? [`There are: ${similar.join(', ')}.`] : []),
    ...(unreached.length > 0 ? [`Not asked: ${unreached.join('; ')}.`] : []),
  ];
  return new Failure(
    'container-not-found',
    [`There is no container "${name}".`, ...notes].join(' '),
    'List the containers with `semstate ps` and use a name or an id from there.',
  );
}

export function containerAmbiguous(name: string, candidates: readonly string[]): Failure {
  return new Failure(
    'container-ambiguous',
    `"${name}" fits several containers: ${candidates.join(', ')}.`,
    'Use the whole name of one of them.',
  );
}

export function containerNotRunning(name: string, state: string): Failure {
  return new Failure(
    'container-not-running',
    `The container ${name} is not running (${state}).`,
    `Start it (\`docker start ${name}\`), then attach again.`,
  );
}

export function containerPaused(name: string): Failure {
  return new Failure(
    'container-paused',
    `The container ${name} is paused: nothing can be run in it.`,
    `Resume it (\`docker unpause ${name}\`), then attach again.`,
  );
}

export function noNodeProcess(where: string, seen: readonly string[]): Failure {
  return new Failure(
    'no-node-process',
    `No Node.js process runs in ${where}${seen.length > 0 ? ` (running: ${seen.join(', ')})` : ''}.`,
    'Attach to the container that runs the service; only Node.js can be attached to.',
  );
}

export function noNodeBinary(where: string): Failure {
  return new Failure(
    'no-node-binary',
    `No Node.js binary could be run in ${where}, so no tunnel can be made into it.`,
    'Put `node` on the PATH of the image, or publish the inspector and use inspect:HOST:PORT.',
  );
}

export function noSuchProcess(pid: number, where: string, present: readonly number[]): Failure {
  return new Failure(
    'process-not-found',
    `There is no Node.js process ${pid} in ${where}${present.length > 0 ? ` (there: ${present.join(', ')})` : ''}.`,
    'Leave the process id out, or choose one of those that `semstate ps` lists.',
  );
}

export function notNode(pid: number, program: string): Failure {
  return new Failure(
    'not-node',
    `Process ${pid} is ${program || 'a program that cannot be told'}, not Node.js; it was not signalled.`,
    'Choose a Node.js process: `semstate ps` lists them.',
  );
}

export function otherNamespace(pid: number): Failure {
  return new Failure(
    'process-in-container',
    `Process ${pid} runs inside a container, with a network of its own.`,
    'Attach to it through its engine: docker:NAME or podman:NAME.',
  );
}

export function sigusr1Forbidden(pid: number): Failure {
  return new Failure(
    'sigusr1-forbidden',
    `Process ${pid} does not listen to SIGUSR1 (started with --disable-sigusr1?); the signal would end it, so it was not sent.`,
    'Start the service without --disable-sigusr1, or with --inspect=127.0.0.1:9229.',
  );
}

export function signalRefused(pid: number, why: string): Failure {
  return new Failure(
    'signal-refused',
    `Process ${pid} could not be signalled: ${why}.`,
    'Attach as the user that owns the process, or start the service with --inspect=127.0.0.1:9229.',
  );
}

export function inspectorPortTaken(port: number, where: string): Failure {
  return new Failure(
    'inspector-port-taken',
    `Port ${port}, on which the process would open its inspector, is used by another process in ${where}.`,
    'Stop the other one, or start the service with --inspect-port=0 or another free port.',
  );
}

export function inspectorTaken(where: string): Failure {
  return new Failure(
    'inspector-taken',
    `The inspector of ${where} admits no further session.`,
    'Close the other debugger, then attach again.',
  );
}

export function inspectorDidNotOpen(pid: number): Failure {
  return new Failure(
    'inspector-did-not-open',
    `Process ${pid} took SIGUSR1 but opened no inspector; the program may handle the signal itself, or be busy.`,
    'Try again when it is less busy, or start the service with --inspect=127.0.0.1:9229.',
  );
}

export function inspectorRefused(where: string, cause: unknown): Failure {
  return new Failure(
    'inspector-refused',
    `The inspector at ${where} refused the connection: ${messageOf(cause)}`,
    'Check that the process runs and that its inspector listens there.',
    cause,
  );
}

export function inspectorError(method: string, message: string): Failure {
  return new Failure(
    'inspector-error',
    `${method} failed in the target: ${message}`,
    'Attach again; if it stays, the version of Node.js does not offer this.',
  );
}

export function targetGone(where: string, reason: string): Failure {
  return new Failure(
    'target-gone',
    `${where} went away: ${reason}.`,
    'Start the service again and attach anew; what was recorded is kept.',
  );
}

export function timedOut(what: string, ms: number): Failure {
  return new Failure(
    'timeout',
    `${what} took longer than ${ms / 1000} s.`,
    'The target may be paused, stopped in a debugger, or overloaded: look there, then try again.',
  );
}

export function execFailed(where: string, why: string): Failure {
  return new Failure(
    'exec-failed',
    `Nothing could be run in ${where}: ${why}.`,
    'Check with `docker exec` that a command can be run there (limits on processes or memory, security profiles).',
  );
}

export function noHeadroom(text: string): Failure {
  return new Failure(
    'no-headroom',
    text,
    'Raise the memory limit, or force the snapshot if the service may be killed by it.',
  );
}

export function noRoomForRelay(name: string, free: number, needed: number): Failure {
  const mb = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
  return new Failure(
    'no-headroom',
    `The container ${name} has ${mb(free)} left under its memory limit; getting in takes up to ${mb(needed)}.`,
    'Raise the memory limit (`docker update --memory`), then attach again.',
  );
}

export function captureFailed(why: string, cause?: unknown): Failure {
  return new Failure(
    'capture-failed',
    `The snapshot failed: ${why}.`,
    'Take it again; nothing was kept of this one.',
    cause,
  );
}

export function platformUnsupported(platform: string): Failure {
  return new Failure(
    'processes-unsupported',
    `Processes of this machine cannot be listed on ${platform}.`,
    'Start the service with --inspect and use inspect:127.0.0.1:9229, or run it in a container.',
  );
}
