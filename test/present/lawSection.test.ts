// The laws in the model document: what follows from the model, and what a person wrote, with hostile texts in their cells.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelDocument } from '../../src/present/index.ts';
import { SHOP } from './shopModel.ts';

test('laws that were written stand beside those that follow from the model', () => {
  const laws = [
    { id: 'total', holds: 'self.total >= 0', title: 'Nothing costs | less than *nothing*.', for: 'Order' },
    { id: 'whole', holds: 'count(Payment) <= count(Order)' },
  ];
  const text = modelDocument({ ...SHOP, laws });
  const section = /## Laws\n([\s\S]*?)\n## /.exec(text)?.[1] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  assert.equal(rows.length, SHOP.entities.length + SHOP.relations.length + 3 + 2);
  assert.deepEqual(rows.slice(-2), [
    '| `total` | Nothing costs \\| less than \\*nothing\\*. `self.total >= 0` | `Order` | declaration `semstate.json` |',
    '| `whole` | `count(Payment) <= count(Order)` |  | declaration `semstate.json` |',
  ]);
});

test('a model without entities has no laws', () => {
  assert.doesNotMatch(modelDocument({ ...SHOP, entities: [], relations: [], transitions: [] }), /## Laws/);
});
