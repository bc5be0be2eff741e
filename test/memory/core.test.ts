// A core file of a live process holds the same values as its memory, and those the program says.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isCoreFile, readCoreFile } from '../../src/acquire/index.ts';
import { isFailure } from '../../src/model/index.ts';
import { findPath, readValue } from '../../src/parse/index.ts';
import { NODE_MAJORS } from '../containers/index.ts';
import { binaryOf, compare, graphOf, startProgram, withoutVariables } from './account.ts';

const hasGcore = spawnSync('gcore', [], { stdio: 'ignore' }).error === undefined;

for (const major of NODE_MAJORS) {
  const binary = binaryOf(major);
  const skip = !binary
    ? 'npm has no binary of this Node for this machine'
    : hasGcore
      ? false
      : 'gcore is not installed';
  test(`Node ${major}: a core file of gcore`, { skip }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'semstate-core-'));
    try {
      await using program = await startProgram(binary as string, 'random.cjs', ['9']);
      const prefix = join(directory, 'core');
      spawnSync('gcore', ['-o', prefix, String(program.pid)], { stdio: 'ignore', timeout: 60_000 });
      const path = `${prefix}.${program.pid}`;
      assert.ok(existsSync(path), 'gcore wrote a core file');
      const parts: Uint8Array[] = [];
      for await (const chunk of readCoreFile(path, {})) parts.push(chunk);
      const graph = graphOf(Buffer.concat(parts));
      assert.deepEqual(graph.problems, []);
      const things = readValue(withoutVariables(graph), findPath(graph, 'things') as number, {
        depth: 500,
        limit: 1e6,
      });
      const { different, missing, leaves } = compare(things, program.account);
      assert.deepEqual([different.slice(0, 5), missing.slice(0, 5)], [[], []]);
      assert.ok(leaves > 5000);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
}

test('what is no core file is refused', async () => {
  assert.equal(isCoreFile(Buffer.from('{"snapshot":')), false);
  await assert.rejects(
    async () => {
      for await (const chunk of readCoreFile(process.execPath, {})) assert.ok(chunk);
    },
    (error) => isFailure(error, 'snapshot-unreadable'),
  );
});
