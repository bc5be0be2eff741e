// What CRIU restores a process to, as its images say it: running or stopped, and where each of its threads stands.
import { basename } from 'node:path';
import { messagesOf } from './criuImages.ts';
import { bytesIn, numberIn } from './protobuf.ts';

/** The task of a core image, and the first field of it: its state, a single byte. */
const TASK = 3;
const STATE_KEY = 0x08;
const STOPPED = 3;
const X64_THREAD = 2;
const REGISTERS = 2;
/** Of the general registers the stack pointer: a call that begins anew moves the instruction pointer, not this. */
const SP = 20;

/** A thread by the container's own number, and how far its stack reached: an address. */
export interface ThreadPosition {
  readonly tid: number;
  readonly sp: number;
}

/** `core-N.img` of a process or of one of its threads. */
export function isCoreImage(name: string): boolean {
  return /^core-\d+\.img$/.test(basename(name));
}

/**
 * The same image with its process stopped: restored, it does nothing until it gets SIGCONT. A thread's image has no state and stays
 * as it is, and so does one that cannot be read: CRIU itself will say what is wrong with it.
 */
export function asStopped(image: Buffer): Buffer {
  const [entry] = messagesOf(image);
  const task = entry && bytesIn(entry, TASK);
  if (!task || task[0] !== STATE_KEY || task.length < 2) return image;
  const changed = Buffer.from(image);
  changed[task.byteOffset - image.byteOffset + 1] = STOPPED;
  return changed;
}

/** Undefined for processors whose registers are not known. */
export function threadOf(name: string, image: Buffer): ThreadPosition | undefined {
  const tid = Number(/^core-(\d+)\.img$/.exec(basename(name))?.[1]);
  const [entry] = messagesOf(image);
  const thread = entry && bytesIn(entry, X64_THREAD);
  const registers = thread && bytesIn(thread, REGISTERS);
  const sp = registers && numberIn(registers, SP);
  return sp === undefined ? undefined : { tid, sp };
}
