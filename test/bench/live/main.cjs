// The service that is measured: GET /work advances one parcel and answers with it; every other path measures something in the service
// itself, by its own clock, and answers with JSON. It says its port and nothing else.
'use strict';
const http = require('node:http');
const { createHash } = require('node:crypto');
const { parcels } = require('./service/parcel.cjs');
const { twins } = require('./twin.cjs');

const list = [...parcels.values()];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];

// The longest time for which nothing of the service ran, and when it was used up last.
let longest = 0;
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, now - last - 1);
  last = now;
}, 1);
let requests = 0;
let usage = process.cpuUsage();

/** Nanoseconds of one assignment: bursts of the recorded class and of its twin in turn, with time between to tell what happened. */
async function cost({ bursts = 60, size = 1500 }) {
  const recorded = [];
  const untouched = [];
  const burst = (things, times) => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < size; i++) things[i & 1023].advance();
    times.push(Number(process.hrtime.bigint() - start) / size);
  };
  for (let n = 0; n < bursts * 2; n++) {
    if (n === bursts) recorded.length = untouched.length = 0; // what was before made the code warm
    burst(twins, untouched);
    burst(list, recorded);
    await pause(n < bursts ? 5 : 120);
  }
  return { recorded: median(recorded), untouched: median(untouched) };
}

/** Changes at an even rate, in portions of a few milliseconds as requests would bring them. */
async function events({ rate, seconds = 3 }) {
  const usedBefore = process.cpuUsage();
  const start = performance.now();
  const end = start + seconds * 1000;
  let done = 0;
  for (let now = start; now < end; now = performance.now()) {
    const due = Math.min(Math.floor(((now - start) * rate) / 1000), done + Math.ceil(rate / 20));
    while (done < due) list[done++ & 1023].advance();
    await pause(2);
  }
  const used = process.cpuUsage(usedBefore);
  return { done, ms: performance.now() - start, cpuMs: (used.user + used.system) / 1000 };
}

/** What happened since it was asked last: longest standstill, requests, processor time. */
function since() {
  const used = process.cpuUsage(usage);
  const answer = { longestMs: longest, requests, cpuMs: (used.user + used.system) / 1000 };
  [longest, requests, usage] = [0, 0, process.cpuUsage()];
  return answer;
}

const tasks = { '/cost': cost, '/events': events, '/since': since };

http
  .createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const task = tasks[pathname];
    if (task) {
      const given = Object.fromEntries([...searchParams].map(([name, value]) => [name, Number(value)]));
      Promise.resolve(task(given)).then((answer) => response.end(JSON.stringify(answer)));
      return;
    }
    // About what a handler does beside its one change: reads, checks, signs and writes some kilobytes.
    const parcel = list[requests++ & 1023];
    parcel.advance();
    const body = JSON.stringify({ parcel, near: list.slice(parcel.id % 1000, (parcel.id % 1000) + 24) });
    const mark = createHash('sha256').update(body).digest('hex');
    response.setHeader('etag', mark);
    response.end(body);
  })
  .listen(0, '127.0.0.1', function () {
    console.log(this.address().port);
  });
