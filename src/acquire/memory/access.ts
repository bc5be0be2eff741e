// Whether the memory of a process can be read and understood, found out before the process is touched.
import { closeSync, openSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { messageOf, type Failure } from '../../model/index.ts';
import { targetGone } from '../failures.ts';
import { constantsOf, type V8Constants } from './elfConstants.ts';
import { isOwnMemory, mappingsOf, type Mapping } from './processMaps.ts';
import { memoryForbidden, memoryNotHere, unknownBinary } from './refusals.ts';

/** A binary that has them has several hundred. */
export const FEWEST_CONSTANTS = 300;
const PROBED_BYTES = 8;

export type Access = { readonly constants: V8Constants; readonly path: string } | { readonly refusal: Failure };

/** Tries what a capture needs: the mappings, one read of the memory, the constants of the binary. Never throws. */
export function probeMemory(pid: number): Access {
  if (process.platform !== 'linux') return { refusal: memoryNotHere(`there is no /proc on ${process.platform}`) };
  let mappings: readonly Mapping[];
  try {
    mappings = mappingsOf(pid);
    const first = mappings.find(isOwnMemory);
    if (!first) return { refusal: targetGone(`process ${pid}`, 'it has no memory any more') };
    readOnce(pid, first.from);
  } catch (error) {
    return { refusal: refusalOf(pid, error) };
  }
  return binaryOf(pid, mappings);
}

function readOnce(pid: number, address: number): void {
  const file = openSync(`/proc/${pid}/mem`, 'r');
  try {
    readSync(file, Buffer.alloc(PROBED_BYTES), 0, PROBED_BYTES, address);
  } finally {
    closeSync(file);
  }
}

function refusalOf(pid: number, error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ESRCH') return targetGone(`process ${pid}`, 'there is no such process');
  if (code !== 'EACCES' && code !== 'EPERM') return memoryNotHere(messageOf(error));
  const scope = yamaScope();
  if (scope >= 1)
    return memoryForbidden(pid, `the kernel's kernel.yama.ptrace_scope is ${scope}, so only its parent or root may`);
  return memoryForbidden(pid, 'it belongs to another user or has privileges that you lack');
}

/** 0: the same user may read; 1: only a parent; 2: only root; 3: nobody. 0 where the kernel has no such rule. */
function yamaScope(): number {
  try {
    return Number(readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'utf8'));
  } catch {
    return 0;
  }
}

/** The constants are in the program, or in the library that holds V8 where a distribution builds it so. */
function binaryOf(pid: number, mappings: readonly Mapping[]): Access {
  let program = 'the program';
  try {
    program = readlinkSync(`/proc/${pid}/exe`);
    const library = mappings.find(({ name }) => /\/lib(node|v8)[^/]*\.so[^/]*$/.test(name))?.name;
    const paths = [`/proc/${pid}/exe`, ...(library === undefined ? [] : [`/proc/${pid}/root${library}`])];
    let isElf = false;
    for (const path of paths) {
      const constants = constantsOf(path);
      isElf ||= constants !== undefined;
      if (!constants || Object.keys(constants.values).length < FEWEST_CONSTANTS) continue;
      // What is run to try it out is the program, also where a library holds V8.
      if (constants.values['TaggedSize'] === 8) return { constants, path: `/proc/${pid}/exe` };
      return { refusal: unknownBinary(program, 'it compresses its pointers') };
    }
    const why = isElf
      ? 'it has no v8dbg_ symbols: it is no Node.js, or was stripped of them'
      : 'it is no 64-bit ELF file';
    return { refusal: unknownBinary(program, why) };
  } catch (error) {
    return { refusal: unknownBinary(program, messageOf(error)) };
  }
}
