// Every value of live programs on Node 20, 22 and 24, read from their memory and compared with what the programs themselves say.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findPath, readValue } from '../../src/parse/index.ts';
import { NODE_MAJORS } from '../containers/index.ts';
import { binaryOf, compare, graphOf, startProgram, takeMemory, withoutVariables, type Comparison } from './account.ts';

async function compared(
  binary: string,
  program: string,
  path: string,
  args: readonly string[] = [],
): Promise<Comparison> {
  await using running = await startProgram(binary, program, args);
  const { bytes, result } = await takeMemory(running.pid);
  assert.equal(result.method, 'memory');
  const graph = graphOf(bytes);
  assert.deepEqual(graph.problems, []);
  const node = findPath(graph, path);
  assert.notEqual(node, undefined, `${path} is in the memory`);
  return compare(readValue(withoutVariables(graph), node as number, { depth: 500, limit: 1_000_000 }), running.account);
}

function exact({ missing, different, leaves }: Comparison, fewest: number): void {
  assert.deepEqual(different.slice(0, 10), [], `${different.length} differ`);
  assert.deepEqual(missing.slice(0, 10), [], `${missing.length} are missing`);
  assert.ok(leaves >= fewest, `${leaves} leaves were compared`);
}

for (const major of NODE_MAJORS) {
  const binary = binaryOf(major);
  const onEach = (title: string, check: (binary: string) => Promise<void>): void => {
    test(`Node ${major}: ${title}`, { skip: binary ? false : 'npm has no binary of this Node for this machine' }, () =>
      check(binary as string),
    );
  };

  onEach('one value of each kind', async (binary) => {
    const directory = mkdtempSync(join(tmpdir(), 'semstate-memory-'));
    try {
      exact(await compared(binary, 'kinds.cjs', 'kinds', [join(directory, 'own.heapsnapshot')]), 1400);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  for (const seed of [1, 2, 3]) {
    onEach(`structures at random, seed ${seed}`, async (binary) => {
      exact(await compared(binary, 'random.cjs', 'things', [String(seed)]), 5000);
    });
  }

  onEach('objects of other contexts and of worker threads', async (binary) => {
    await using program = await startProgram(binary, 'contexts.cjs');
    const graph = graphOf((await takeMemory(program.pid)).bytes);
    const count = (name: string): number => graph.classes().find((each) => each.name === name)?.instances.length ?? 0;
    assert.deepEqual([count('Thing'), count('Job')], [10, 333]);
    assert.equal(graph.globals().length, 12);
  });

  onEach('objects of packages and of the runtime', async (binary) => {
    exact(await compared(binary, 'wild.cjs', 'wild'), 50_000);
  });
}
