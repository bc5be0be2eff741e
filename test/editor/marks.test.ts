// What the editor shows in source, as far as it needs no editor: lenses, words that are states, findings with their answers, links.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model, Problem } from '../../src/model/index.ts';
import { modelDocument, overviewPage } from '../../src/present/index.ts';
import { lensesOf } from '../../src/editor/entityLens.ts';
import { parseReference } from '../../src/editor/evidenceArguments.ts';
import { evidenceLinks } from '../../src/editor/evidenceLinks.ts';
import { findingsOf } from '../../src/editor/findings.ts';
import { fileInModel } from '../../src/editor/modelPlace.ts';
import { hoverText, statesMeant, wordAt } from '../../src/editor/stateWords.ts';
import { clock, recorded, sceneOf } from '../present/recording.ts';
import { SHOP } from '../present/shopModel.ts';

test('over a class stand its instances, states and transitions, as the last extraction found them', () => {
  assert.deepEqual(lensesOf(SHOP, 'src/order.ts'), [
    {
      line: 4,
      entity: 'Order',
      title:
        '3 instances in the last snapshot · status: placed | paid | packed | shipped | cancelled · 5 transitions, 1 seen to happen',
    },
  ]);
  assert.deepEqual(lensesOf(SHOP, 'src/elsewhere.ts'), []);
  const declared = { ...SHOP, entities: SHOP.entities.map(({ instances: _, ...entity }) => entity) };
  assert.match(
    lensesOf(declared, 'src/shipment.ts')[0]?.title ?? '',
    /^entity, declared · status: packed \| delivered/,
  );
});

test('of an open session: counts at the cursor and the last event', (t) => {
  const store = recorded(t);
  const { types } = overviewPage(sceneOf(store, store.summary().last?.seq ?? 0));
  const last = new Map([
    ['Order', { time: clock('10:34:30.000'), text: 'Order 1039: shipped -> placed', type: 'fixUp' }],
  ]);
  assert.equal(
    lensesOf(SHOP, 'src/order.ts', { types, last })[0]?.title,
    '2 instances · status: placed 1, paid 1 · last 10:34:30 Order 1039: shipped -> placed (fixUp)',
  );
  assert.match(lensesOf(SHOP, 'src/shipment.ts', { types, last })[0]?.title ?? '', /^0 instances/);
});

test('a string literal or a member is found where the pointer stands', () => {
  const line = `  if (this.status === 'paid' && kind !== OrderStatus.Paid) say("it's \\"so\\"", \`open\`);`;
  const at = (part: string): ReturnType<typeof wordAt> => wordAt(line, line.indexOf(part) + 1);
  assert.equal(at('paid')?.text, 'paid');
  assert.deepEqual(at('OrderStatus')?.member, ['OrderStatus', 'Paid']);
  assert.deepEqual(at('.Paid')?.member, ['OrderStatus', 'Paid']);
  assert.equal(at('open')?.text, 'open');
  assert.equal(at('so')?.text, `it's "so"`);
  assert.equal(at('this.status'), undefined, 'a member of what has no capital is no enum');
  const found = wordAt(line, line.indexOf('paid'));
  assert.equal(line.slice(found?.from, found?.to), `'paid'`);
});

test('a word means a state of what the file speaks of, and of nothing else', () => {
  const meant = (text: string, file?: string): string[] =>
    statesMeant(SHOP, { from: 0, to: 1, text: 'packed' }, { text, ...(file !== undefined && { file }) }).map(
      ({ entity, attribute }) => `${entity}.${attribute}`,
    );
  assert.deepEqual(meant('', 'src/order.ts'), ['Order.status']);
  assert.deepEqual(meant('', 'src/shipment.ts'), ['Shipment.status']);
  assert.deepEqual(meant('class Depot {}', 'src/depot.ts'), []);
  assert.deepEqual(meant('function pack(order: Order) {}'), ['Order.status']);
  assert.deepEqual(meant('Reorder; Orders; statusText'), [], 'whole names only');
  assert.deepEqual(statesMeant(SHOP, { from: 0, to: 1, text: 'nonsense' }, { text: 'Order' }), []);
});

test('an enum member means the state that has its label', () => {
  const states = [
    { value: 0, label: 'Placed' },
    { value: 1, label: 'Paid' },
  ];
  const model: Model = {
    ...SHOP,
    entities: [
      { name: 'Order', status: 'declared', attributes: [{ name: 'status', type: 'enum', role: 'state', states }] },
    ],
    transitions: [{ object: 'Order', attribute: 'status', preState: 0, postState: 1, status: 'declared' }],
  };
  const of = (member: readonly [string, string]): unknown =>
    statesMeant(model, { from: 0, to: 1, member }, { text: 'Order' }).map(({ value, into }) => [value, into.length]);
  assert.deepEqual(of(['OrderStatus', 'Paid']), [[1, 1]]);
  assert.deepEqual(of(['OrderStatus', 'Lost']), []);
});

test('a hover says what leads in and out, where, and how many are in it now', (t) => {
  const store = recorded(t);
  const { types } = overviewPage(sceneOf(store, store.summary().last?.seq ?? 0));
  const [paid] = statesMeant(SHOP, { from: 0, to: 1, text: 'paid' }, { text: 'Order' }, types);
  assert.ok(paid);
  assert.equal(
    hoverText(paid, ({ file, line }) => `file:///${file}#L${line}`),
    [
      '**`Order.status`** is `paid` · confirmed · 1 instance is in it now',
      'Comes from:\n- `placed` on `OrderPaid` if `payment.state === "captured"` (confirmed, seen once) [src/order.ts:21](file:///src/order.ts#L21)',
      'Goes to:\n- `packed` on `OrderPacked` if `stock.has(this)` (declared) [src/order.ts:27](file:///src/order.ts#L27)\n- `cancelled` on `OrderCancelled` (declared) [src/order.ts:39](file:///src/order.ts#L39)',
    ].join('\n\n'),
  );
  const [hostile] = statesMeant(
    {
      ...SHOP,
      transitions: [
        {
          ...SHOP.transitions[1],
          object: 'Order',
          attribute: 'status',
          preState: '`](x)',
          postState: 'paid',
          status: 'declared',
        },
      ],
    },
    { from: 0, to: 1, text: 'paid' },
    { text: 'Order' },
  );
  assert.ok(hostile);
  assert.match(
    hoverText(hostile, () => undefined),
    /^- ` \]\(x\)`|^- `\]\(x\)`/m,
  );
});

const DRIFT: readonly Problem[] = [
  {
    ...{ code: 'drift-undeclared-transition', message: 'm1', entity: 'Order', attribute: 'status' },
    ...{ preState: 'shipped', postState: 'placed', source: { file: 'src/admin.ts', line: 3, column: 5 } },
  },
  { code: 'drift-undeclared-state', message: 'm2', entity: 'Order', attribute: 'status', states: ['lost', 'found'] },
  { code: 'drift-state-never-seen', message: 'm3', entity: 'Shipment', attribute: 'status', states: ['delivered'] },
  { code: 'drift-broken-relation', message: 'm4', entity: 'Order', attribute: 'paidBy' },
  {
    code: 'drift-undeclared-state',
    message: 'no source at all',
    entity: 'Customer',
    attribute: 'mood',
    states: ['bad'],
  },
  { code: 'unreadable-values', message: 'no drift', source: { file: 'src/order.ts', line: 9 } },
];

test('findings stand at their line, else at that of what they are about, with what can be answered', () => {
  const found = findingsOf({ ...SHOP, problems: DRIFT });
  assert.deepEqual(
    found.map(({ file, line, column, wrong, answers }) => [
      `${file}:${line}:${column}`,
      wrong,
      answers.map(({ kind, what }) => `${kind} ${what}`.trim()),
    ]),
    [
      ['src/admin.ts:3:5', true, ['accept shipped -> placed', 'ignore']],
      ['src/order.ts:7:1', true, ['accept lost, found', 'ignore']],
      ['src/shipment.ts:3:1', false, ['ignore']],
      ['src/order.ts:4:1', true, ['ignore']],
    ],
  );
  assert.deepEqual(found[0]?.answers[0]?.verdicts, [
    { of: 'Order.status', from: 'shipped', to: 'placed', accept: true },
  ]);
  assert.deepEqual(found[1]?.answers[1]?.verdicts, [
    { of: 'Order.status', state: 'lost' },
    { of: 'Order.status', state: 'found' },
  ]);
});

test('evidence that is no line is a link of the entity in whose section it stands', () => {
  const text = modelDocument(SHOP);
  const links = evidenceLinks(text).map(({ from, to, entity, by }) => [text.slice(from, to), entity, by]);
  assert.deepEqual(links, [
    ['instance', 'Order', 'instance'],
    ['value', 'Order', 'instance'],
    ['instance', 'Customer', 'instance'],
  ]);
  const odd =
    '## `` a`b ``\n| event [`a.ts:3`](file:///a.ts#L3) 3 times in snapshot `2` | preinstance once | event `a.ts:4` |\n## Context\nevent once';
  assert.deepEqual(
    evidenceLinks(odd).map(({ entity, by }) => [entity, by]),
    [['a`b', 'event']],
  );
  assert.deepEqual(parseReference({ entity: 'Order', by: 'event' }), { entity: 'Order', by: 'event' });
  for (const wrong of [undefined, 'Order', { entity: 7, by: 'event' }, { entity: 'Order', by: 'line' }])
    assert.equal(parseReference(wrong), undefined);
});

test('a file is in the model under the directory it was read from', () => {
  assert.equal(fileInModel('/home/shop/src/order.ts', ['/home/other', '/home/shop/']), 'src/order.ts');
  assert.equal(fileInModel('c:\\shop\\src\\order.ts', ['C:\\shop']), 'src/order.ts');
  assert.equal(fileInModel('/home/shopping/order.ts', ['/home/shop']), undefined);
});
