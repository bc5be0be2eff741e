// Why the memory of a process cannot be read, each with the one thing to do about it. Falling back to the inspector is always possible.
import { Failure } from '../../model/index.ts';

const INSTEAD = 'use --method heap, which asks V8 through the inspector';

export function memoryNotHere(why: string): Failure {
  return new Failure(
    'memory-out-of-reach',
    `The memory of the process cannot be read from here: ${why}.`,
    `Run this program on the Linux machine the process runs on, or ${INSTEAD}.`,
  );
}

export function memoryForbidden(pid: number, why: string): Failure {
  return new Failure(
    'memory-permission',
    `You may not read the memory of process ${pid}: ${why}.`,
    `Run this program as root or with CAP_SYS_PTRACE (and CAP_KILL for processes of others), or ${INSTEAD}.`,
  );
}

export function unknownBinary(program: string, why: string): Failure {
  return new Failure(
    'memory-unknown-binary',
    `The layout of V8's objects in ${program} is not known: ${why}.`,
    `Use an official build of Node.js 20, 22 or 24 that keeps its symbols, or ${INSTEAD}.`,
  );
}

export function neverIdle(pid: number, seconds: number): Failure {
  return new Failure(
    'memory-never-idle',
    `Process ${pid} did not wait in its event loop once within ${seconds} s, so no moment was found at which nothing is half done.`,
    `Add --force to stop it in the middle of its work, which the snapshot then says, or ${INSTEAD}.`,
  );
}

export function noRoom(needed: number, free: number): Failure {
  const mb = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
  return new Failure(
    'memory-no-room',
    `A copy of the memory needs ${mb(needed)}, and this program may take ${mb(free)} more.`,
    'Close other programs or raise the memory limit that this one runs under; the target was not touched.',
  );
}
