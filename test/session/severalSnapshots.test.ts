// Several snapshots of one program without its source: what changed from one to the next is what can change.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { extractOnce } from '../../src/session/index.ts';
import type { Attribute } from '../../src/model/index.ts';

const PROGRAM = `
const { writeHeapSnapshot } = require('node:v8');
class Buoy {
  constructor(id, light) { this.id = id; this.light = light; this.colour = 'red'; this.owner = null; }
}
const buoys = new Map(['b1', 'b2', 'b3', 'b4'].map((id) => [id, new Buoy(id, 'steady by day')]));
globalThis.find = (id) => buoys.get(id);
writeHeapSnapshot(process.argv[2], { exposeNumericValues: true });
buoys.get('b1').light = 'flashing by night';
buoys.get('b2').light = 'flashing by night';
buoys.get('b3').owner = 'port';
buoys.get('b4').owner = 'port';
writeHeapSnapshot(process.argv[3], { exposeNumericValues: true });
`;

test('an attribute seen to change between two snapshots is a state attribute; one that is filled in once is not', async (t: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-several-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [program, first, second] = ['buoys.cjs', 'a.heapsnapshot', 'b.heapsnapshot'].map((name) => join(folder, name));
  assert.ok(program !== undefined && first !== undefined && second !== undefined);
  writeFileSync(program, PROGRAM);
  execFileSync(process.execPath, [program, first, second]);

  const attributes = async (snapshots: readonly string[]): Promise<readonly Attribute[]> => {
    const model = await extractOnce({ source: [], snapshots }, {});
    return model.entities.find(({ name }) => name === 'Buoy')?.attributes ?? [];
  };
  const roles = (all: readonly Attribute[]): string => all.map(({ name, role }) => `${name} ${role}`).join(', ');
  assert.equal(roles(await attributes([second])), 'colour plain, id identity, light plain, owner plain');
  const both = await attributes([first, second]);
  assert.equal(roles(both), 'colour plain, id identity, light state, owner plain');
  const states = both.find(({ name }) => name === 'light')?.states?.map(({ value }) => value);
  assert.deepEqual(states?.toSorted(), ['flashing by night', 'steady by day']);
});
