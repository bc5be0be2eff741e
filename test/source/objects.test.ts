// Things that are no class of the language: constructor functions, closures, prototypes given whole; and aggregates that apply events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transitionsOf } from './hosts.ts';

test('constructor functions: inherits, accessor on the prototype, `arguments`', () => {
  assert.deepEqual(
    transitionsOf({
      'craft.js': `var util = require('util');
var fleet = {};
function Craft(name) { this.name = name; this._phase = 'docked'; }
Object.defineProperty(Craft.prototype, 'phase', { get: function () { return this._phase; }, set: function (next) { this._phase = next; } });
function Tug(name, pull) { Craft.call(this, name); this.pull = pull; }
util.inherits(Tug, Craft);
Tug.prototype.sail = function () { this.only('docked', 'moored'); this.phase = 'at sea'; };
Tug.prototype.moor = function () { if (this.phase === 'at sea') this.phase = 'moored'; };
Tug.prototype.only = function () { if (Array.prototype.indexOf.call(arguments, this.phase) === -1) throw new Error('no'); };
exports.launch = function (name, pull) { var tug = new Tug(name, pull); fleet[tug.name] = tug; return tug; };
exports.sail = function (name) { fleet[name].sail(); };
`,
    }).filter((line) => line.startsWith('Tug._phase')),
    [
      'Tug._phase <new> > docked by launch',
      'Tug._phase at sea > moored by moor',
      'Tug._phase docked > at sea by sail',
      'Tug._phase moored > at sea by sail',
    ],
  );
});

test('variables that the functions of a thing keep are its fields; a prototype may be given whole', () => {
  assert.deepEqual(
    transitionsOf({
      'crate.js': `const crates = new Map();
function createCrate(no) {
  let sealed = false;
  function seal() { if (sealed) throw new Error('is'); sealed = true; }
  function open() { sealed = false; }
  return { no, seal, open };
}
exports.add = (no) => { const crate = createCrate(no); crates.set(no, crate); return crate; };
exports.seal = (no) => crates.get(no).seal();
exports.open = (no) => crates.get(no).open();
`,
      'tag.js': `var tags = {};
function Tag(code) { this.code = code; this.place = Tag.SHELF; }
Tag.SHELF = 'shelf';
Tag.GONE = 'gone';
Tag.prototype = { constructor: Tag, lose: function () { if (this.place !== Tag.SHELF) throw new Error('no'); this.place = Tag.GONE; } };
exports.make = function (code) { var tag = new Tag(code); tags[tag.code] = tag; return tag; };
exports.lose = function (code) { tags[code].lose(); };
`,
    }),
    [
      'Tag.place <new> > shelf by make',
      'Tag.place shelf > gone by lose',
      'crate.sealed <any> > false by open',
      'crate.sealed <new> > false by createCrate',
      'crate.sealed false > true by seal',
    ],
  );
});

test('an aggregate decides and applies; what it is rebuilt from is no change; the event names what its function changes', () => {
  assert.deepEqual(
    transitionsOf({
      'account.ts': `type AccountEvent = { type: 'Opened'; id: string } | { type: 'Frozen' };
export class Account {
  id = '';
  status: 'pending' | 'active' | 'frozen' = 'pending';
  static fromHistory(events: AccountEvent[]): Account { const account = new Account(); for (const e of events) account.when(e); return account; }
  open(id: string) { if (this.status !== 'pending') throw new Error('no'); this.raise({ type: 'Opened', id }); }
  freeze() { if (this.status !== 'active') throw new Error('no'); this.raise({ type: 'Frozen' }); }
  private raise(e: AccountEvent) { this.when(e); }
  private when(e: AccountEvent) {
    switch (e.type) {
      case 'Opened': this.id = e.id; this.status = 'active'; break;
      case 'Frozen': this.status = 'frozen'; break;
    }
  }
}
const accounts = new Map<string, Account>();
export const freeze = (id: string) => accounts.get(id)!.freeze();
export const keep = (account: Account) => accounts.set(account.id, account);
`,
      'order.ts': `export class OrderPaid { constructor(readonly id: string) {} }
class OrderPaidEvent extends OrderPaid {}
class PaymentTakenEvent { constructor(readonly id: string) {} }
const bus = { publish(event: object): void { void event; } };
class Payment { state: 'made' | 'taken' = 'made'; constructor(readonly id: string) {} take() { if (this.state !== 'made') throw new Error('no'); this.state = 'taken'; bus.publish(new PaymentTakenEvent(this.id)); } }
class Order { state: 'open' | 'paid' = 'open'; constructor(readonly id: string) {} pay() { if (this.state !== 'open') throw new Error('no'); this.state = 'paid'; bus.publish(new OrderPaidEvent(this.id)); } }
const orders = new Map<string, Order>();
const payments = new Map<string, Payment>();
export function settle(id: string) { const payment = new Payment('p' + id); payments.set(payment.id, payment); payment.take(); orders.get(id)!.pay(); }
`,
    }).filter((line) => !line.startsWith('AccountEvent')),
    [
      'Account.status active > frozen by Frozen',
      'Account.status pending > active by Opened',
      'Order.state open > paid by OrderPaidEvent',
      'Payment.state <new> > made by settle',
      'Payment.state made > taken by PaymentTakenEvent',
    ],
  );
});

test('what leaves the collection it is kept in is gone, whatever the form; what passes through a list, or goes on elsewhere, is not', () => {
  const gone = (name: string, take: string): string[] =>
    transitionsOf({
      'depot.js': `class Crate {
  constructor(no) { this.no = no; this.phase = 'stored'; }
  seal() { if (this.phase !== 'stored') throw new Error('no'); this.phase = 'sealed'; }
}
class Depot {
  constructor() { this.${name} = []; this.done = []; }
  add(no) { this.${name}.push(new Crate(no)); }
  seal(no) { this.${name}.find((each) => each.no === no).seal(); }
  take(no) { ${take} }
}
exports.depot = new Depot();
`,
    }).filter((line) => line.includes('<gone>'));
  const GONE = ['Crate.phase <any> > <gone> by take'];
  assert.deepEqual(gone('crates', 'this.crates.splice(this.crates.findIndex((each) => each.no === no), 1);'), GONE);
  assert.deepEqual(gone('crates', 'return this.crates.splice(no, 1)[0].no;'), GONE);
  assert.deepEqual(gone('crates', 'this.crates.pop();'), GONE);
  assert.deepEqual(gone('crates', 'return this.crates.shift();'), GONE);
  assert.deepEqual(gone('crates', 'this.crates = this.crates.filter((each) => each.no !== no);'), GONE);
  assert.deepEqual(gone('crates', 'this.crates.length = 0;'), GONE);
  assert.deepEqual(gone('crates', 'this.done.push(this.crates.pop());'), []);
  assert.deepEqual(gone('crates', 'this.crates.splice(no, 1, new Crate(no));'), []);
  assert.deepEqual(gone('crates', 'const next = this.crates.shift(); next.seal();'), []);
  assert.deepEqual(gone('pending', 'this.pending.shift();'), []);
});
