// Documents for reading, and the contract's documents of a state and of what it breaks.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Model } from '../../src/model/index.ts';
import { modelDocument, stateDocument, violationsDocument } from '../../src/present/index.ts';
import { assertGolden } from './golden.ts';
import { order, recorded } from './recording.ts';
import { SHOP } from './shopModel.ts';

const EMPTY: Model = { ...SHOP, entities: [], relations: [], transitions: [], problems: [] };

test('the model as a document: a summary, entities with states, transitions and relations, each with its line', () => {
  const text = modelDocument(SHOP);
  assertGolden('shop-model.md', text);
  for (const { evidence } of SHOP.transitions)
    for (const { source } of evidence ?? []) assert.ok(source && text.includes(`\`${source.file}:${source.line}\``));
});

test('an empty model says that nothing was found, and what was looked at', () => {
  assert.match(
    modelDocument(EMPTY),
    /\*\*No business entities found\.\*\* Looked at: container `shop`, node `v22\.23\.0`\./,
  );
  const nowhere = { ...EMPTY, context: { space: [], time: [], subject: [], device: [] }, problems: SHOP.problems };
  assert.match(modelDocument(nowhere), /Looked at: the given source and snapshots\. 1 thing in it could not be read/);
});

test('hostile names stay names: no markup, no row broken, no fence closed', () => {
  const name = '</script><img onerror=x> `a` | b\n```\n# x';
  const text = modelDocument({
    ...SHOP,
    entities: [
      { name, attributes: [{ name, type: 'string', role: 'state', states: [{ value: name }] }], status: 'observed' },
    ],
    relations: [{ subject: name, predicate: name, object: 'gone|', cardinality: '*', status: 'observed' }],
    transitions: [{ object: name, attribute: name, preState: name, postState: name, guard: name, status: 'declared' }],
    problems: [{ code: name, message: name }],
  });
  const prose = text.replace(/^```mermaid\n[\s\S]*?\n```$/gm, '').replaceAll(/\\[\\`*_[\]<>#|~$&]/g, '');
  assert.doesNotMatch(prose.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, ''), /[<>`]/);
  for (const row of text.split('\n').filter((line) => line.startsWith('|')))
    assert.ok([5, 6, 8, 9].includes(row.replaceAll('\\|', '').split('|').length - 1), row);
  assert.equal(text.match(/^```/gm)?.length, 4, 'two diagrams');
});

test('a state as the contract says it: values, relations, the point it stands at', (t) => {
  const store = recorded(t);
  const document = stateDocument(store.stateAt(5), { seq: 5, time: store.point(5)?.time ?? 0 });
  assert.equal(document.timestamp, '2026-03-02T10:31:12.408000Z');
  assert.equal(document.entities.length, 5);
  assert.deepEqual(
    document.relations.filter(({ subject }) => subject.id === 1039),
    [
      { subject: order(1039), predicate: 'placedBy', object: { entity: 'Customer', id: 'c-7' } },
      { subject: order(1039), predicate: 'paidBy', object: { entity: 'Payment', id: 'P-8' } },
    ],
  );
  const one = stateDocument(store.stateAt(5), { seq: 5, time: 0 }, { entity: 'Order', id: '1042' });
  assert.deepEqual(
    one.entities.map(({ id, attributes }) => [id, attributes['status']]),
    [[1042, 'paid']],
  );
  assert.deepEqual(violationsDocument([]), { document: 'violations', violations: [] });
});

test('the golden document names every problem of the model', () => {
  const golden = readFileSync(new URL('../goldens/present/shop-model.md', import.meta.url), 'utf8');
  for (const { code } of SHOP.problems) assert.ok(golden.includes(code));
});
