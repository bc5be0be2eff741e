// The query form over a recorded timeline: what people type, what they get, and where they are told it is wrong.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { showRef, showValue } from '../../src/model/index.ts';
import { evaluateQuery, type QueryScene } from '../../src/present/index.ts';
import { MODEL, recordOrderService } from '../view/orderService.ts';

const recorded = recordOrderService();
after(() => recorded[Symbol.dispose]());
const LAST = recorded.store.summary().last?.seq ?? 0;
const FIRST = recorded.store.summary().first?.seq ?? 0;
const scene = (seq = LAST): QueryScene => ({ store: recorded.store, model: MODEL, seq });

/** The answer as one line. */
function ask(text: string, seq = LAST): string {
  const answer = evaluateQuery(text, scene(seq));
  if ('problem' in answer) {
    const { message, start, end } = answer.problem;
    return `${text.slice(start, end) || '<end>'}: ${message}`;
  }
  const { found } = answer;
  switch (found.kind) {
    case 'value':
      return showValue(found.value);
    case 'entity':
      return `${showRef(found.ref)}${found.instance ? '' : ' (not there)'}`;
    case 'entities':
      return found.refs.map(showRef).join(', ') || 'no entities';
    case 'values':
      return found.values.map((value) => showValue(value)).join(', ') || 'no values';
    case 'type':
      return `type ${found.entity}`;
  }
}

function table(cases: readonly (readonly [string, string])[], seq = LAST): void {
  assert.deepEqual(
    cases.map(([text]) => [text, ask(text, seq)]),
    cases,
  );
}

describe('the query form', () => {
  it('finds an entity, its attributes and what it leads to', () => {
    table([
      ['Order', 'type Order'],
      ['Order["1042"]', 'Order 1042'],
      ['Order[1042]', 'Order 1042'],
      ['Customer["7"]', 'Customer 7'],
      ['Order["1"]', 'Order 1 (not there)'],
      ['Order["1042"].status', 'shipped'],
      ['Order["1042"].customer', 'Customer 7'],
      ['Order["1042"].customer.name', 'Ada'],
      ['Order["1042"].lines', 'Product pen, Product desk'],
      ['Order["1042"].lines.price', '2.5, 300'],
      ['Order["1042"].lines[0].price', '2.5'],
      ['Order["1042"].lines[price > 100]', 'Product desk'],
      ['Order["1042"].tags[1][1]', '-0'],
      ['Order["1042"].tags.length', '2'],
      ['Order["1042"].note', 'none'],
      ['Payment["p1"].order.customer.id', '7'],
      ['`Order`["1042"]["status"]', 'shipped'],
    ]);
  });

  it('filters by conditions', () => {
    table([
      ['Order[status="draft"]', 'Order 1040, Order 1041, Order 1043'],
      ['Order[status = "shipped" and total > 100]', 'Order 1042'],
      ['Order[status in ["shipped", "paid"] or total = 20]', 'Order 1040, Order 1042'],
      ['Order[not status = "draft"]', 'Order 1042'],
      ['Order[customer = Customer[7]]', 'Order 1042, Order 1043'],
      ['Order[customer = 7]', 'Order 1042, Order 1043'],
      ['Order[customer.name ~ "AD"]', 'Order 1042, Order 1043'],
      ['Order[lines.price > 100]', 'Order 1042'],
      ['Order[count(lines) = 2].customer', 'Customer 8, Customer 7'],
      ['Order[note = none]', 'Order 1040, Order 1041, Order 1042, Order 1043'],
      ['Customer[since < "2025-06-01"]', 'Customer 7'],
      ['Order[status="nowhere"]', 'no entities'],
    ]);
  });

  it('counts and adds up', () => {
    table([
      ['count(Order)', '4'],
      ['count(Order[status="draft"])', '3'],
      ['count(Payment[state="failed"])', '0'],
      ['exists(Order[total > 300])', 'true'],
      ['sum(Order[status="shipped"].total)', '302.5'],
      ['max(Product.price)', '300'],
      ['min(Product.price)', '2.5'],
      ['count(Order) > 3 and count(Customer) = 1', 'true'],
    ]);
  });

  it('claims nothing of values that are not known', () => {
    table([
      ['Order["1041"].total', 'not in the snapshot'],
      ['Order[total < 1000000]', 'Order 1040, Order 1042, Order 1043'],
      ['Order[not (total < 1000000)]', 'no entities'],
      ['Order[total != 20]', 'Order 1042, Order 1043'],
      ['sum(Order.total)', 'not in the snapshot'],
      ['Customer[7].password', 'redacted'],
      ['Customer[password = ""]', 'no entities'],
    ]);
  });

  it('goes to another point: by place, by steps, by time', () => {
    table([
      [`Order["1042"].status @ ${FIRST}`, 'draft'],
      [`Order["1042"].status @ ${FIRST + 1}`, 'paid'],
      ['Order["1042"].status @ -1', 'shipped'],
      ['Order["1042"].status @ -6', 'paid'],
      ['Order["1042"].status @ "10:30:04"', 'draft'],
      ['Order["1042"].status @ "10:30:05"', 'paid'],
      ['Order["1042"].status @ "10:30:05.2"', 'draft'],
      ['Order["1042"].status @ "2026-03-01T10:30:05.250Z"', 'paid'],
      ['count(Order) @ "10:30"', '3'],
      ['Order["1042"] @ 4711', `4711: There is no point 4711: they go from ${FIRST} to ${LAST}.`],
      ['Order["1042"] @ -99', '-99: There are 10 points before this one and 0 after it.'],
      ['Order["1042"] @ "10:29"', '"10:29": Nothing was observed before 2026-03-01T10:30:00.000000Z.'],
      ['Order @ "noon"', '"noon": "noon" is no time: write 10:30:12 or 2026-03-01T10:30:12Z.'],
    ]);
  });

  it('says where the text is wrong', () => {
    table([
      ['Ordr["1042"]', 'Ordr: There is no type "Ordr"; did you mean "Order"?'],
      ['Order["1042"].Status', 'Status: Order has no "Status"; did you mean "status"?'],
      ['Order.colour', 'colour: Order has no "colour".'],
      ['Order[stats = "paid"]', 'stats: Order has no "stats"; did you mean "status"?'],
      ['Order[status = paid]', 'paid: Order has no "paid".'],
      ['Order[', '<end>: The query ends too early.'],
      ['Order["1042"', '<end>: "]" was expected, not the end.'],
      ['Order["1042', '"1042: The quotation mark has no partner.'],
      ['Order["1042"].', '<end>: A name was expected after the dot, not the end.'],
      ['Order Order', 'Order: "Order" was not expected here.'],
      ['sum(Order)', 'sum(Order): This needs numbers, not the type Order: add an attribute, as in Order.total.'],
      ['Order["1042"].total.currency', 'currency: This value has no "currency".'],
      ['Order = 3', 'Order = 3: Order is a type: compare one of its attributes, or write a text in quotation marks.'],
      ['', '<end>: The query ends too early.'],
      ['Order @', '<end>: After "@" stands a place (@ 4711), a step (@ -1) or a time (@ "10:30:12").'],
    ]);
  });

  it('keeps its cost bounded', () => {
    const deep = `${'('.repeat(500)}1${')'.repeat(500)}`;
    assert.match(ask(deep), /levels are too deep/);
    assert.match(ask('x'.repeat(20_000)), /at most 10000 characters/);
    let nested = 'Order';
    for (let i = 0; i < 30; i++) nested = `Order[exists(${nested}) and exists(Order)]`;
    assert.match(ask(nested), /too many things at once/);
  });
});
