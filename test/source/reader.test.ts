// Reading again after an edit gives what a first reading of the edited files gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSourceReader, readSources } from '../../src/source/index.ts';
import { memoryHost } from './hosts.ts';

const lamp = (after: string): string => `import { lamps } from './store';
export class Lamp { mode: 'off' | 'on' | 'broken' = 'off'; constructor(readonly id: string) {} light() { if (this.mode !== 'off') throw new Error('no'); this.mode = '${after}'; } }
export function make(id: string) { const lamp = new Lamp(id); lamps.set(lamp.id, lamp); return lamp; }
`;
const store = "import type { Lamp } from './lamp';\nexport const lamps = new Map<string, Lamp>();\n";

test('a file that is edited is read anew, in types and operations of the others too', () => {
  const reader = createSourceReader();
  for (const after of ['on', 'broken', 'on']) {
    const host = memoryHost({ 'lamp.ts': lamp(after), 'store.ts': store });
    const model = reader.read(['/app'], host);
    assert.deepEqual(model, readSources(['/app'], host));
    assert.ok(model.transitions.some(({ from, to }) => String(from) === 'off' && String(to) === after));
  }
});

test('where no file says anything else, the model is that of the last reading; a file more or a file that is gone is seen', () => {
  const reader = createSourceReader();
  const files = { 'lamp.ts': lamp('on'), 'store.ts': store };
  const first = reader.read(['/app'], memoryHost(files));
  assert.equal(reader.read(['/app'], memoryHost({ ...files })), first);
  const more = { ...files, 'shade.ts': 'export class Shade { constructor(readonly id: string) {} }' };
  assert.ok(reader.read(['/app'], memoryHost(more)).types.some(({ name }) => name === 'Shade'));
  assert.deepEqual(reader.read(['/app'], memoryHost(files)), first);
  assert.deepEqual(reader.read(['/app/lamp.ts'], memoryHost(files)), readSources(['/app/lamp.ts'], memoryHost(files)));
});
