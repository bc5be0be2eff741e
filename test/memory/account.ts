// Programs that give an account of their own values, and the memory they are read from.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MemoryCapture } from '../../src/acquire/memory/index.ts';
import type { CaptureOptions, CaptureResult } from '../../src/acquire/index.ts';
import { createHeapParser, type HeapGraph } from '../../src/parse/index.ts';
import { isTagged, type Value } from '../../src/model/index.ts';
import { nodeBinary, type NodeMajor } from '../containers/index.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** Binaries that are at hand, or why they are not. */
export function binaryOf(major: NodeMajor): string | undefined {
  try {
    return process.platform === 'linux' && process.arch === 'x64' ? nodeBinary(major) : undefined;
  } catch {
    return undefined;
  }
}

export interface Program extends AsyncDisposable {
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it said first, on one line. */
  readonly account: unknown;
}

/** Starts a program of `fixtures/` and waits for its account, which is one line of JSON. */
export async function startProgram(binary: string, name: string, args: readonly string[] = []): Promise<Program> {
  const child = spawn(binary, [join(here, 'fixtures', name), ...args], {
    // Where the inspector is opened beside: any port will do.
    env: { ...process.env, NODE_OPTIONS: '--inspect-port=0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const parts: Buffer[] = [];
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    parts.push(chunk as Buffer);
    if ((chunk as Buffer).includes(0x0a)) break;
  }
  const text = Buffer.concat(parts).toString('utf8');
  if (text === '') throw new Error(`${name} ended without a word`);
  return {
    pid: child.pid as number,
    child,
    account: JSON.parse(text),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

export interface Taken {
  readonly bytes: Buffer;
  readonly result: CaptureResult;
}

export async function takeMemory(pid: number, options: CaptureOptions = {}): Promise<Taken> {
  const capture = new MemoryCapture({
    name: `pid:${pid}`,
    hostPid: pid,
    notes: () => Promise.resolve({ target: { name: 'test' }, scripts: [] }),
  });
  const parts: Uint8Array[] = [];
  const result = await capture.capture((chunk) => void parts.push(Uint8Array.from(chunk)), options, {});
  return { bytes: Buffer.concat(parts), result };
}

export function graphOf(bytes: Uint8Array, piece = 1 << 20): HeapGraph {
  const parser = createHeapParser();
  for (let at = 0; at < bytes.length; at += piece) parser.write(bytes.subarray(at, at + piece));
  const { graph, problems } = parser.end();
  if (!graph) throw new Error(`no graph: ${JSON.stringify(problems)}`);
  return graph;
}

/** The same graph in which functions show no variables: those lead everywhere. */
export function withoutVariables(graph: HeapGraph): HeapGraph {
  return new Proxy(graph, {
    get(target, name) {
      if (name === 'captured') return (node: number) => (target.kind(node) === 'function' ? [] : target.captured(node));
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

/** Leaves that differ, each as a sentence; `missing` counts what the reader says it could not read. */
export interface Comparison {
  readonly leaves: number;
  readonly missing: readonly string[];
  readonly different: readonly string[];
}

/** Compares what was read with what the program says. */
export function compare(read: Value, told: unknown): Comparison {
  let leaves = 0;
  const missing: string[] = [];
  const different: string[] = [];
  const say = (path: string, a: unknown, b: unknown): void => {
    const short = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 90);
    different.push(`${path}: read ${Object.is(a, -0) ? '-0' : short(a)}, is ${short(b)}`);
  };
  const walk = (a: unknown, b: unknown, path: string): void => {
    if (isMinusZero(b)) {
      leaves++;
      if (!Object.is(a, -0)) say(path, a, b);
      return;
    }
    if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
      leaves++;
      if (!Object.is(a, b)) say(path, a, b);
      return;
    }
    if (isMissing(a)) {
      missing.push(path);
      return;
    }
    if (Array.isArray(a) && Array.isArray(b)) {
      if (a.length !== b.length) say(`${path}.length`, a.length, b.length);
      for (let n = 0; n < Math.min(a.length, b.length); n++) walk(a[n], b[n], `${path}[${n}]`);
      return;
    }
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    for (const name of names) {
      walk(Reflect.get(a, name), Reflect.get(b, name), `${path}.${name}`);
    }
  };
  walk(read, told, '$');
  return { leaves, missing, different };
}

function isMinusZero(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '$type' in value && value.$type === 'minus zero';
}

function isMissing(value: object): boolean {
  const tagged = value as Value;
  return isTagged(tagged) && tagged.$type === 'truncated' && tagged.why === 'missing';
}
