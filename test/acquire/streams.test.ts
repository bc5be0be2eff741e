// The bytes on their way: the engine's frames, the snapshot's last key, files of the target in one go.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { Duplex, PassThrough } from 'node:stream';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { ExecStream } from '../../src/acquire/engine/frames.ts';
import { readFiles, splitFiles } from '../../src/acquire/remote/files.ts';
import { SnapshotTail } from '../../src/acquire/snapshotTail.ts';

function frame(stream: 1 | 2, body: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

function cut(bytes: Buffer, lengths: readonly number[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return [...pieces, bytes.subarray(at)].filter((p) => p.length > 0);
}

test('frames of stdout and stderr come apart however they are cut (seed 3)', async () => {
  const body = fc.uint8Array({ maxLength: 40 }).map((a) => Buffer.from(a));
  const frames = fc.array(fc.tuple(fc.constantFrom(1 as const, 2 as const), body), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(frames, fc.array(fc.integer({ min: 1, max: 30 })), async (sent, lengths) => {
      const raw = new PassThrough();
      const stream = new ExecStream(raw);
      for (const piece of cut(Buffer.concat(sent.map(([s, b]) => frame(s, b))), lengths)) raw.write(piece);
      raw.end();
      const read = Buffer.concat((await stream.toArray()) as Buffer[]);
      assert.deepEqual(read, Buffer.concat(sent.filter(([s]) => s === 1).map(([, b]) => b)));
    }),
    { seed: 3, numRuns: 60 },
  );
});

test('a slow reader holds the sender back', async () => {
  let asked = 0;
  const raw = new Duplex({
    read() {
      asked++;
      this.push(frame(1, Buffer.alloc(16_384)));
    },
    write: (_chunk, _encoding, done) => done(),
  });
  const stream = new ExecStream(raw);
  await new Promise((done) => setTimeout(done, 50));
  const before = asked;
  assert.ok(before < 50, `${before} frames were taken although nobody reads`);
  stream.read();
  await new Promise((done) => setTimeout(done, 20));
  assert.ok(asked >= before);
  stream.destroy();
});

test('one more last key, however the text is cut (seed 4)', () => {
  const text = `{"snapshot":{"node_count":2},"strings":["}","${'x'.repeat(90)}"]}\n`;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 })), (lengths) => {
      const tail = new SnapshotTail();
      const passed = cut(Buffer.from(text), lengths).map((piece) => tail.pass(piece));
      const rest = tail.finish('semstate', { version: 1 });
      assert.ok(rest);
      const whole = JSON.parse(Buffer.concat([...passed, rest]).toString()) as object;
      assert.deepEqual(whole, { ...(JSON.parse(text) as object), semstate: { version: 1 } });
      assert.equal(Object.keys(whole).at(-1), 'semstate');
    }),
    { seed: 4 },
  );
});

test('a stream that did not end as an object gets no last key', () => {
  for (const torn of ['', '{"a":1', '{"a":1}, ']) {
    const tail = new SnapshotTail();
    tail.pass(Buffer.from(torn));
    assert.equal(tail.finish('semstate', {}), undefined, torn);
  }
});

test('files in one go: those that are there and small enough, byte for byte', async () => {
  const own = fileURLToPath(import.meta.url);
  const paths = [own, '/no/such/file', process.execPath, fileURLToPath(new URL('./address.test.ts', import.meta.url))];
  const input = new PassThrough();
  const output = new PassThrough();
  readFiles({ readFileSync, statSync }, input, output, 100_000);
  input.end(`${JSON.stringify(paths)}\n`);
  const bytes = Buffer.concat((await output.toArray()) as Buffer[]);
  const files = splitFiles(paths, bytes);
  assert.deepEqual([...files.keys()], [paths[0], paths[3]]);
  assert.deepEqual(files.get(own), readFileSync(own));
  assert.deepEqual([...splitFiles(paths, bytes.subarray(0, bytes.length - 1)).keys()], [paths[0]]);
});
