// A program that is busy nearly all the time is only ever seen between its transactions: money moves between a thousand accounts, their sum
// never changes, and what was begun was done. `CAPTURES=200` takes so many captures on each Node, `BUSY=0.95` at
// that share of work alone; without them, a few. On a busy machine an idle moment takes seconds to come: 200 captures then take a quarter
// of an hour for each Node and share.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { isFailure } from '../../src/model/index.ts';
import { findPath, type HeapGraph } from '../../src/parse/index.ts';
import { NODE_MAJORS } from '../containers/index.ts';
import { binaryOf, graphOf, startProgram, takeMemory, type Taken } from './account.ts';

const CAPTURES = Number(process.env['CAPTURES'] ?? 5);
const BUSY = process.env['BUSY']?.split(',') ?? ['0.5', '0.95'];

interface Ledger {
  readonly accounts: number;
  readonly sum: number;
  readonly begun: number;
  readonly done: number;
  readonly recent: number;
}

function ledgerIn(graph: HeapGraph): Ledger {
  const at = (path: string): number => findPath(graph, `ledger.${path}`) as number;
  const accounts = graph.elements(at('accounts'));
  const balances = accounts.map((node) => graph.leaf(graph.property(node as number, 'balance') as number) as number);
  return {
    accounts: accounts.length,
    sum: balances.reduce((total, balance) => total + balance, 0),
    begun: graph.leaf(at('begun')) as number,
    done: graph.leaf(at('done')) as number,
    recent: graph.mapEntries(at('recent')).length,
  };
}

/** A machine that others use may not give an idle moment in time; then it is asked again, and counted. */
async function takeSafely(pid: number, gaveUp: () => void): Promise<Taken> {
  for (;;) {
    try {
      return await takeMemory(pid);
    } catch (error) {
      if (!isFailure(error, 'memory-never-idle')) throw error;
      gaveUp();
    }
  }
}

for (const major of NODE_MAJORS) {
  const binary = binaryOf(major);
  const skip = binary ? false : 'npm has no binary of this Node for this machine';
  test(`Node ${major}: ${CAPTURES} captures of a busy program, none torn`, { skip }, async (t) => {
    for (const share of BUSY) {
      await using program = await startProgram(binary as string, 'ledger.cjs', [share]);
      await wait(200);
      let before = 0;
      let waits = 0;
      for (let n = 0; n < CAPTURES; n++) {
        const { bytes } = await takeSafely(program.pid, () => waits++);
        const graph = graphOf(bytes);
        const { accounts, sum, begun, done, recent } = ledgerIn(graph);
        const where = `capture ${n} at ${share}`;
        assert.deepEqual([accounts, sum, begun], [1000, 1_000_000, done], where);
        assert.ok(recent <= 500 && done >= before, where);
        assert.deepEqual(graph.problems, [], where);
        before = done;
      }
      t.diagnostic(
        `${share} busy: ${CAPTURES} captures, 0 torn, ${before} moves; no idle moment within 3 s ${waits} times`,
      );
    }
  });
}
