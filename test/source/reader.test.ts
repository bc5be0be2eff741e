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
