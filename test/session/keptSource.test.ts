// What the worker keeps of the source between readings serves the next one, and is given back.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { cancelled } from '../../src/model/index.ts';
import { createFileHost } from '../../src/session/worker/fileHost.ts';
import { createKeptSource } from '../../src/session/worker/keptSource.ts';
import { readSources } from '../../src/source/index.ts';

const lamp = (after: string): string =>
  `export class Lamp { mode: 'off' | 'on' | 'broken' = 'off'; constructor(readonly id: string) {} turn() { if (this.mode === 'off') this.mode = '${after}'; } }
export const lamps = new Map<string, Lamp>();
export function make(id: string) { const lamp = new Lamp(id); lamps.set(lamp.id, lamp); return lamp; }
`;
const nobody = (): void => undefined;

test('a file that was saved is read anew, and after a while nothing is kept', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'semstate-kept-'));
  try {
    const kept = createKeptSource(1);
    for (const after of ['on', 'broken']) {
      writeFileSync(join(directory, 'lamp.ts'), lamp(after));
      const model = kept.read([directory], createFileHost(nobody));
      assert.deepEqual(model, readSources([directory], createFileHost(nobody)));
      assert.ok(model.transitions.some(({ to }) => String(to) === after));
    }
    while (kept.holds) await wait(5);
    assert.ok(kept.read([directory], createFileHost(nobody)).types.length > 0);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test('a reading that was called off leaves the next one whole', () => {
  const directory = mkdtempSync(join(tmpdir(), 'semstate-kept-'));
  try {
    writeFileSync(join(directory, 'lamp.ts'), lamp('on'));
    const kept = createKeptSource();
    let questions = 0;
    const host = createFileHost(() => {
      questions += 1;
      if (questions > 3) throw cancelled();
    });
    assert.throws(() => kept.read([directory], host), { code: 'cancelled' });
    const model = kept.read([directory], createFileHost(nobody));
    assert.deepEqual(model, readSources([directory], createFileHost(nobody)));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
