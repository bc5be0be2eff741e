// Full load on one service, in a process of its own: node load.cjs PORT CONNECTIONS. Each line on stdin is a number of seconds;
// answers each with one line of JSON: requests in a second and latencies in milliseconds.
'use strict';
const net = require('node:net');
const { createInterface } = require('node:readline');

const [port, connections] = process.argv.slice(2).map(Number);
const ASK = Buffer.from('GET /work HTTP/1.1\r\nHost: localhost\r\n\r\n');

/** Asks again as soon as it was answered. The answers end where their length says, and no header is looked at but that. */
function client(until, latencies) {
  return new Promise((done, fail) => {
    const socket = net.connect(port, '127.0.0.1');
    let [text, asked] = ['', 0];
    const ask = () => {
      if (performance.now() >= until) return socket.end(done);
      asked = performance.now();
      socket.write(ASK);
    };
    socket.setNoDelay(true);
    socket.on('connect', ask);
    socket.on('error', fail);
    socket.on('data', (chunk) => {
      text += chunk.latin1Slice();
      const head = text.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < head + 4 + length) return;
      latencies.push(performance.now() - asked);
      text = '';
      ask();
    });
  });
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const latencies = [];
  const start = performance.now();
  const until = start + Number(line) * 1000;
  await Promise.all(Array.from({ length: connections }, () => client(until, latencies)));
  const seconds = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.floor((latencies.length - 1) * share)];
  console.log(JSON.stringify({ perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99), max: at(1) }));
});
