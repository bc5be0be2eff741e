// Completion in unfinished queries, the panel's search, and that no text whatever breaks either.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { refKey, type EntityInstance, type SemanticState } from '../../src/model/index.ts';
import {
  completeQuery,
  evaluateQuery,
  parseQuery,
  searchPage,
  writeName,
  type QueryScene,
} from '../../src/present/index.ts';
import { openTimeline } from '../../src/timeline/index.ts';
import { MODEL, recordOrderService } from '../view/orderService.ts';

const recorded = recordOrderService();
after(() => recorded[Symbol.dispose]());
const scene = (seq = recorded.store.summary().last?.seq ?? 0): QueryScene => ({
  store: recorded.store,
  model: MODEL,
  seq,
});

/** The text after each completion at `|` is taken. */
function complete(text: string): string[] {
  const at = text.indexOf('|');
  const plain = text.replace('|', '');
  return completeQuery(plain, at, scene()).map(
    ({ text: insert, start, length }) => plain.slice(0, start) + insert + plain.slice(start + length),
  );
}

describe('completion', () => {
  it('proposes what can stand at the cursor', () => {
    assert.deepEqual(complete('Cus|'), ['Customer']);
    assert.deepEqual(complete('Order[cu|'), ['Order[customer', 'Order[Customer']);
    assert.deepEqual(complete('Payment[state = |').slice(0, 3), [
      'Payment[state = "pending"',
      'Payment[state = "captured"',
      'Payment[state = "failed"',
    ]);
    assert.deepEqual(complete('Payment[state in ["c|'), ['Payment[state in ["captured"']);
    assert.deepEqual(complete('Customer[|').slice(0, 2), ['Customer[7', 'Customer[id']);
    assert.deepEqual(complete('Product[price > 2].|'), ['Product[price > 2].id', 'Product[price > 2].price']);
    assert.deepEqual(complete('Payment["p1"].order.cust|'), ['Payment["p1"].order.customer']);
    assert.deepEqual(complete('Order[customer.name = |')[0], 'Order[customer.name = "Ada"');
    assert.deepEqual(complete('count(Order[status="paid"]) > 1 and cou|'), [
      'count(Order[status="paid"]) > 1 and count(',
    ]);
    assert.deepEqual(complete('Order["1042"].total.|'), []);
    assert.deepEqual(complete('Nothing.|'), []);
  });

  it('finishes to queries that are answered', () => {
    for (const text of ['Or|', 'Order["1042"].|', 'Order["|"]', 'Order[status="|"]', 'Order["1042"].lines.|']) {
      for (const finished of complete(text).filter((one) => !/[[(]$/.test(one))) {
        assert.ok(!('problem' in evaluateQuery(finished, scene())), finished);
      }
    }
  });

  it('writes names that are no identifiers so that they are read back', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const parsed = parseQuery(writeName(name));
        assert.ok('query' in parsed);
        assert.deepEqual(parsed.query.expression.kind === 'name' && parsed.query.expression.name, name);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});

describe('search', () => {
  const hits = (query: string): string[] => searchPage(scene(), { query }).hits.map(({ text }) => text);

  it('finds what people type', () => {
    assert.deepEqual(hits('1042'), ['Order 1042']);
    assert.deepEqual(hits('Order 1042'), ['Order 1042']);
    assert.deepEqual(hits('ord'), ['Order']);
    assert.deepEqual(hits(''), ['Order', 'Customer', 'Product', 'Payment']);
    assert.deepEqual(hits('state:draft'), ['Order 1040', 'Order 1041', 'Order 1043']);
    assert.deepEqual(hits('type:Pay'), ['Payment', 'Payment p1']);
    assert.deepEqual(hits('OrderPaid'), ['OrderPaid · Order 1042']);
    assert.deepEqual(searchPage(scene(), { query: '10:31' }).hits, [
      { kind: 'time', text: '10:31', detail: '2026-03-01T10:31:00.000000Z', seq: 6 },
    ]);
    assert.deepEqual(
      searchPage(scene(), { query: 'time: 10:31' }).hits.map(({ kind, seq }) => [kind, seq]),
      [['time', 6]],
    );
    assert.deepEqual(hits('id:104'), ['Order 1040', 'Order 1041', 'Order 1042', 'Order 1043']);
    assert.deepEqual(hits('id:p1'), ['Payment p1']);
    assert.deepEqual(hits('event:OrderPaid'), ['OrderPaid · Order 1042']);
    assert.deepEqual(searchPage(scene(), { query: '#7' }).hits[0]?.seq, 7);
    assert.deepEqual(hits('Order[total > 300]'), ['Order 1042']);
    assert.deepEqual(hits('Order["1042"].status'), ['shipped']);
    assert.deepEqual(hits('count(Order)'), ['4']);
    assert.deepEqual(searchPage(scene(), { query: 'Order["1042"] @ 1' }).hits[0]?.detail, 'draft, normal');
  });

  it('marks what is broken, keeps to its limit, and says what is wrong with a query', () => {
    const page = searchPage(scene(), { query: 'order 104', limit: 2 }, ({ id }) => id === '1041');
    assert.deepEqual(
      page.hits.map(({ text, broken }) => [text, broken]),
      [
        ['Order 1040', undefined],
        ['Order 1041', true],
      ],
    );
    assert.deepEqual(searchPage(scene(), { query: 'Order[stats="paid"]' }), {
      hits: [],
      problem: 'Order has no "stats"; did you mean "status"?',
    });
    assert.deepEqual(searchPage(scene(), { query: 'nothing at all' }), { hits: [] });
  });
});

describe('any text at all', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom(
          ...[
            'Order',
            'status',
            'lines',
            '"1042"',
            '1042',
            '[',
            ']',
            '(',
            ')',
            '.',
            '=',
            '!=',
            '~',
            'in',
            'and',
            'not',
          ],
          ...['@', '-1', '"10:30"', 'count(', ',', ' ', '`', '"', '#', 'null', '<', '12n', '0x1', '1e999', '-', "'"],
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  );

  it('is answered or refused with a place inside it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const answer = evaluateQuery(text, scene());
        if (!('problem' in answer)) return;
        const { start, end, message } = answer.problem;
        assert.ok(start >= 0 && start <= end && end <= text.length, `${start}..${end} of ${text.length}`);
        assert.ok(message.length > 0);
      }),
      { seed: 11, numRuns: 3000 },
    );
  });

  it('is completed within its bounds and searched for', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: -5, max: 40 }), (text, offset) => {
        for (const { start, length } of completeQuery(text, offset, scene())) {
          assert.ok(start >= 0 && start + length <= text.length);
        }
        searchPage(scene(), { query: text });
      }),
      { seed: 12, numRuns: 2000 },
    );
  });
});

it('names from hostile programs are names, and nothing more', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const instances = names.map((entity): EntityInstance => {
    const attributes = Object.fromEntries(names.map((name) => [name, `of ${name}`]));
    return { entity, id: '__proto__', attributes, links: {} };
  });
  const state: SemanticState = new Map(instances.map((one) => [refKey(one), one]));
  const directory = mkdtempSync(join(tmpdir(), 'semstate-query-'));
  const store = openTimeline(join(directory, 'timeline.semstate'));
  try {
    store.append(
      [
        {
          kind: 'snapshot',
          time: 1,
          id: 's',
          method: 'heap',
          bytes: 1,
          pauseMs: 1,
          consistency: 'unknown',
          entities: names.length,
          problems: 0,
        },
      ],
      state,
    );
    const model = { ...MODEL, entities: [], relations: [], transitions: [] };
    for (const name of names) {
      const answer = evaluateQuery(`${name}["__proto__"].${name}`, { store, model, seq: 1 });
      assert.ok('found' in answer && answer.found.kind === 'value');
      assert.equal(answer.found.value, `of ${name}`);
    }
  } finally {
    store.dispose();
    rmSync(directory, { recursive: true, force: true });
  }
});
