// Captures on a busy machine: programs of random structures, each started anew (so that the system lays out its memory anew), each read
// at the first attempt, each value compared with what the program says. `CAPTURES=200` reads so many; without it, a few.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { findPath, readValue } from '../../src/parse/index.ts';
import { NODE_MAJORS } from '../containers/index.ts';
import { binaryOf, compare, graphOf, startProgram, takeMemory, withoutVariables } from './account.ts';

const CAPTURES = Number(process.env['CAPTURES'] ?? 6);
/** Programs that allocate all the time beside those that are read. */
const RIVALS = 1;
const BUSY = 'for (;;) { const list = []; for (let n = 0; n < 1e5; n++) list.push({ n }) }';

const binaries = NODE_MAJORS.map((major) => [major, binaryOf(major)] as const);
const skip = binaries.some(([, binary]) => !binary) ? 'npm has no binary of this Node for this machine' : false;

test(`${CAPTURES} captures on a busy machine, none different`, { skip }, async (t) => {
  const rivals = Array.from({ length: RIVALS }, () => spawn(process.execPath, ['-e', BUSY], { stdio: 'ignore' }));
  let leaves = 0;
  try {
    for (let n = 0; n < CAPTURES; n++) {
      const [major, binary] = binaries[n % binaries.length] as (typeof binaries)[number];
      const seed = 1000 + n;
      await using program = await startProgram(binary as string, 'random.cjs', [String(seed)]);
      const graph = graphOf((await takeMemory(program.pid)).bytes);
      const node = findPath(graph, 'things') as number;
      const things = readValue(withoutVariables(graph), node, { depth: 500, limit: 1e6 });
      const found = compare(things, program.account);
      leaves += found.leaves;
      const said = [...graph.problems, ...found.different.slice(0, 5), ...found.missing.slice(0, 5)];
      assert.deepEqual(said, [], `Node ${major}, seed ${seed}`);
    }
  } finally {
    for (const rival of rivals) rival.kill('SIGKILL');
  }
  t.diagnostic(`${leaves} values compared`);
});
