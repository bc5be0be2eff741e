// What keeps the interpreter quick: recursion through callbacks ends, and a guard among many others still says where a change begins.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources } from '../../src/source/index.ts';
import { memoryHost } from './hosts.ts';

test('a recursion through a callback is followed once, and what stands beside it is still read', () => {
  const model = readSources(
    ['/app'],
    memoryHost({
      'parcel.ts': `
        export interface Parcel { id: string; state: 'packed' | 'sent'; inside: Parcel[] }
        const parcels = new Map<string, Parcel>();
        export function weigh(parcel: Parcel): number {
          return parcel.inside.map((p) => parcel.inside.map(weigh).length + weigh(p)).reduce((a, b) => a + b, 1);
        }
        export function send(id: string) {
          const parcel = parcels.get(id)!;
          if (weigh(parcel) > 10) throw new Error('too heavy');
          if (parcel.state !== 'packed') throw new Error('not packed');
          parcel.state = 'sent';
        }`,
    }),
  );
  assert.deepEqual(model.problems, []);
  assert.deepEqual(
    model.transitions.map(({ attribute, from, to, name }) => ({ attribute, from, to, name })),
    [{ attribute: 'state', from: ['packed'], to: ['sent'], name: 'send' }],
  );
});
