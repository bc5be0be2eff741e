// One service taken back, on either engine: what must hold of every return, however the engine does it.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { NodeMajor, TestContainer, TestEngine } from '../containers/index.ts';
import { startContainer } from '../containers/index.ts';
import { engineCommand } from '../containers/images.ts';
import { semstate } from '../cli/semstate.ts';

/** io_uring is what CRIU cannot keep; newer engines forbid it by themselves. */
const NO_IO_URING = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['io_uring_setup'], action: 'SCMP_ACT_ERRNO' }],
};
const LONGEST_MS = 60_000;
const TOTAL = 20_000;
const program = readFileSync(join(import.meta.dirname, 'fixtures/till.cjs'), 'utf8');

export interface Till extends AsyncDisposable {
  readonly container: TestContainer;
  readonly folder: string;
  readonly store: string;
}

/** @param everyMs how often money moves */
export async function startTill(engine: TestEngine, node: NodeMajor = 22, everyMs = 40): Promise<Till> {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-return-'));
  const seccomp = join(folder, 'seccomp.json');
  writeFileSync(seccomp, JSON.stringify(NO_IO_URING));
  const container = await startContainer(engine, {
    node,
    files: { '/app/till.cjs': program },
    command: ['node', '/app/till.cjs', String(everyMs)],
    flags: ['--security-opt', `seccomp=${seccomp}`],
  });
  return {
    ...{ container, folder, store: join(folder, 'till.semstate') },
    async [Symbol.asyncDispose]() {
      await container[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Move {
  readonly count: number;
  readonly total: number;
}

export function movesIn(text: string): Move[] {
  return [...text.matchAll(/^move (\d+) total (-?\d+)$/gm)].map(([, count, total]) => ({
    count: Number(count),
    total: Number(total),
  }));
}

/** Waits until the text holds a move beyond the number. */
export async function movedBeyond(logs: () => string, count: number): Promise<readonly Move[]> {
  const until = Date.now() + LONGEST_MS;
  for (;;) {
    const moves = movesIn(logs());
    if ((moves.at(-1)?.count ?? 0) > count) return moves;
    assert.ok(Date.now() < until, `no move after ${count}: ${logs().slice(-300)}`);
    await wait(50);
  }
}

/** What a copy said itself: its log may begin with what the original had said until the log was kept, which is after the checkpoint. */
function sinceReturn(moves: readonly Move[], kept: number): readonly Move[] {
  return moves.slice(moves.findLastIndex(({ count }) => count === kept + 1));
}

/** It counts on without a gap and loses no money. */
export function assertGoesOn(moves: readonly Move[], from: number): void {
  const [first] = moves;
  assert.equal(first?.count, from + 1, 'the first move after the return');
  for (const [n, { count, total }] of moves.entries()) {
    assert.equal(count, from + 1 + n, 'each move once');
    assert.equal(total, TOTAL, `money is neither made nor lost at move ${count}`);
  }
}

export function runEngine(engine: TestEngine, ...args: readonly string[]): string {
  return engineCommand(engine.command, args);
}

const sayings = (engine: TestEngine, name: string): string => runEngine(engine, 'logs', name);

export function removeContainer(engine: TestEngine, name: string): void {
  try {
    runEngine(engine, 'rm', '-f', ...(engine.kind === 'podman' ? ['-t', '0'] : []), name);
  } catch {
    // It was not made.
  }
}

interface StateDocument {
  readonly entities: readonly { readonly entity: string; readonly attributes: { readonly [name: string]: unknown } }[];
}

/** How many moves there were at a point of the timeline, as its state says. */
export async function movesAt(store: string, seq: number): Promise<number> {
  const { status, stdout, stderr } = await semstate('state', '--store', store, '--at', String(seq), '--json');
  assert.equal(status, 0, stderr);
  const { entities } = JSON.parse(stdout) as StateDocument;
  const accounts = entities.filter(({ entity }) => entity === 'Account');
  assert.equal(accounts.length, 20);
  return accounts.reduce((sum, { attributes }) => sum + Number(attributes['moves']), 0);
}

export interface CheckpointSaid {
  readonly seq: number;
  readonly folder: string;
  readonly pauseMs: number;
  readonly entities: number;
  readonly outside: readonly { readonly kind: string; readonly text: string }[];
}

export async function checkpointOf({ container, store }: Till): Promise<CheckpointSaid> {
  const { status, stdout, stderr } = await semstate('checkpoint', container.target, '--store', store, '--json');
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as CheckpointSaid;
}

export interface ReturnSaid {
  readonly target?: string;
  readonly original?: string;
  readonly equal: boolean;
  readonly entities: number;
  readonly relations: number;
  readonly threads: number;
  readonly differences: readonly string[];
}

export async function returnOf({ container, store }: Till, ...flags: readonly string[]): Promise<ReturnSaid> {
  const { status, stdout, stderr } = await semstate('rollback', container.target, '--store', store, '--json', ...flags);
  assert.ok(status === 0 || status === 1, stderr);
  const said = JSON.parse(stdout) as ReturnSaid;
  assert.equal(status, said.equal ? 0 : 1);
  return said;
}

/** There and back once: the copy has what was kept and counts on from there, alone, while the original was never held up by it. */
export async function thereAndBack(engine: TestEngine, till: Till): Promise<void> {
  const { container } = till;
  await movedBeyond(() => container.logs(), 3);
  const { seq, outside, entities } = await checkpointOf(till);
  assert.ok(outside.some(({ kind, text }) => kind === 'listener' && text.includes('8123')));
  const kept = await movesAt(till.store, seq);
  assert.ok(kept > 3);
  await movedBeyond(() => container.logs(), kept + 3);
  const said = await returnOf(till, '--to', String(seq));
  const copy = `${container.name}-at-${seq}`;
  try {
    assert.deepEqual(said.differences, []);
    assert.deepEqual([said.target, said.equal, said.entities], [`${engine.kind}:${copy}`, true, entities]);
    assert.ok(said.threads > 5, 'its threads were compared, those of the worker too');
    const moves = await movedBeyond(() => sayings(engine, copy), kept + 30);
    assertGoesOn(sinceReturn(moves, kept), kept);
    // The original never noticed: it goes on without a gap.
    const own = await movedBeyond(() => container.logs(), movesIn(container.logs()).at(-1)?.count ?? 0);
    assertGoesOn(own, 0);
    const again = await semstate('rollback', container.target, '--store', till.store, '--to', String(seq));
    assert.equal(again.status, 3);
    assert.match(again.stderr, /name-taken/);
  } finally {
    removeContainer(engine, copy);
  }
}

/** In its place: the name leads to what it was, and the original waits under another. */
export async function inItsPlace(engine: TestEngine, till: Till): Promise<void> {
  const { container } = till;
  const { seq } = await checkpointOf(till);
  const kept = await movesAt(till.store, seq);
  await movedBeyond(() => container.logs(), kept + 3);
  const aside = `${container.name}-before-${seq}`;
  try {
    const said = await returnOf(till, '--to', String(seq), '--in-place');
    assert.deepEqual([said.differences, said.target, said.original], [[], container.target, `${engine.kind}:${aside}`]);
    const moves = await movedBeyond(() => sayings(engine, container.name), kept + 30);
    assertGoesOn(sinceReturn(moves, kept), kept);
    assert.equal(runEngine(engine, 'inspect', '-f', '{{.State.Running}}', aside), 'false');
  } finally {
    removeContainer(engine, aside);
  }
}
