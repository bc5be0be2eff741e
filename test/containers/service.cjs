// A small service for the tests: keeps orders in memory, advances one of them ten times a second, and serves them on port 8080.
// FILLER_MB adds that much heap, for captures that take a while.
'use strict';
const http = require('node:http');

class Order {
  constructor(id, total) {
    this.id = id;
    this.total = total;
    this.status = 'new';
  }
  advance() {
    const next = { new: 'paid', paid: 'shipped', shipped: 'new' };
    this.status = next[this.status];
  }
}

const orders = new Map();
for (let id = 1; id <= 20; id++) orders.set(id, new Order(id, id * 1.5));
globalThis.orders = orders;
globalThis.filler = [];
for (let i = 0; i < Number(process.env.FILLER_MB || 0) * 4096; i++)
  filler.push({ number: i, text: `filler ${i}`, parts: [{}, {}] });

// The longest time for which the program did not run, by its own clock: what a capture's measured pause has to agree with.
globalThis.longestGap = 0;
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  globalThis.longestGap = Math.max(globalThis.longestGap, now - last);
  last = now;
}, 5);

let turn = 0;
setInterval(() => orders.get((turn++ % 20) + 1).advance(), 100);
http
  .createServer((_request, response) => response.end(JSON.stringify([...orders.values()])))
  .listen(8080, '127.0.0.1', () => console.log('ready'));
