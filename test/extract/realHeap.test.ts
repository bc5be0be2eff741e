// A real heap of the running Node: the parking program, driven, its snapshot read alone and together with its source.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { extractModel } from '../../src/extract/index.ts';
import { createHeapParser, type HeapGraph } from '../../src/parse/index.ts';
import { createSourceJoin, readSources } from '../../src/source/index.ts';
import { diskHost } from '../source/hosts.ts';

const fixtures = resolve(dirname(fileURLToPath(import.meta.url)), '../fixtures/extract');
const folder = mkdtempSync(join(tmpdir(), 'extract-'));
let graph: HeapGraph;

function heapOfProgram(program: string): HeapGraph {
  const file = join(folder, `${program}.heapsnapshot`);
  execFileSync(process.execPath, [join(fixtures, program), file]);
  const parser = createHeapParser();
  parser.write(readFileSync(file));
  const result = parser.end();
  assert.ok(result.graph);
  return result.graph;
}

before(() => {
  graph = heapOfProgram('drive-parking.mjs');
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('memory alone: the things that variables of the program keep, and nothing of the runtime', () => {
  const { model, state } = extractModel({ graph });
  assert.deepEqual(
    model.entities.map(({ name, identity, instances }) => `${name} by ${identity?.join()} (${instances})`),
    ['Permit by plate (3)', 'Session by id (2)'],
  );
  const permit = [...state.values()].find(({ id }) => id === 'BE 2');
  assert.equal(permit?.attributes['revoked'], true);
  assert.equal(permit?.attributes['holder'], 'holder of BE 2');
});

test('with the source: what both say is confirmed, values are exact, ids are links', () => {
  const root = join(fixtures, 'parking');
  const code = readSources([root], diskHost);
  const toSource = createSourceJoin(graph.scripts.values(), [root], diskHost);
  const { model, state } = extractModel({ code, graph, toSource, snapshotId: 's1' });
  const session = model.entities.find(({ name }) => name.toLowerCase() === 'session');
  assert.equal(session?.status, 'confirmed');
  assert.equal(session?.instances, 2);
  const states = session?.attributes.find(({ name }) => name === 'state')?.states;
  assert.deepEqual(
    states?.map(({ value, status }) => `${String(value)} ${status}`),
    ['active declared', 'paid declared', 'exited confirmed', 'towed confirmed'],
  );
  const left = [...state.values()].find(({ attributes }) => attributes['state'] === 'exited');
  assert.equal(left?.attributes['fee'], 12.5);
  assert.deepEqual(
    left?.links['spaceNumber']?.map(({ id }) => id),
    [1],
  );
});

test('tables that one factory makes are told apart by the variables whose functions close over them', () => {
  const { model } = extractModel({ graph: heapOfProgram('drive-tables.cjs') });
  assert.deepEqual(
    model.entities.map(({ name, identity, instances }) => `${name} by ${identity?.join()} (${instances})`),
    ['Berth by code (1)', 'Crane by id (2)', 'Vessel by callSign (3)'],
  );
  assert.deepEqual(
    model.relations.map(({ subject, predicate, object }) => `${subject} ${predicate} ${object}`),
    ['Crane berth Berth', 'Vessel berth Berth'],
  );
});
