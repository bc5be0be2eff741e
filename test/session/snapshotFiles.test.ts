// Snapshots at rest: whole or not there, private, packed or not, read back to the same bytes.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isFailure } from '../../src/model/index.ts';
import { compressedExtension, createSnapshotFile, readSnapshotFile } from '../../src/session/snapshotFiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'semstate-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const content = Buffer.from(JSON.stringify(Array.from({ length: 200_000 }, (_, n) => n * 7)));

async function readAll(path: string, signal?: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readSnapshotFile(path, signal ? { signal } : {})) chunks.push(chunk);
  return Buffer.concat(chunks);
}

for (const compress of [false, true]) {
  test(`a ${compress ? 'compressed' : 'plain'} file appears when it is whole, for its owner only, and reads back`, async () => {
    const path = join(folder, 'deep', `a${compress ? compressedExtension() : ''}`);
    const file = createSnapshotFile(path, { compress });
    for (let at = 0; at < content.length; at += 65_536) await file.write(content.subarray(at, at + 65_536));
    assert.ok(!readdirSync(join(folder, 'deep')).includes(`a${compress ? compressedExtension() : ''}`));
    await file.keep();
    assert.equal(statSync(path).mode & 0o777, 0o600);
    if (compress) assert.ok(statSync(path).size < content.length / 2);
    assert.ok((await readAll(path)).equals(content));
  });
}

test('a dropped file leaves nothing', async () => {
  const file = createSnapshotFile(join(folder, 'dropped', 'a'), { compress: true });
  await file.write(content);
  await file.drop();
  assert.deepEqual(readdirSync(join(folder, 'dropped')), []);
});

test('a place that cannot be written is an error of the catalogue, not a hang', async () => {
  writeFileSync(join(folder, 'blocker'), '');
  const notWritten = (error: unknown): boolean => isFailure(error, 'file-not-written');
  assert.throws(() => createSnapshotFile(join(folder, 'blocker', 'a'), { compress: false }), notWritten);
  mkdirSync(join(folder, 'taken'));
  const file = createSnapshotFile(join(folder, 'taken'), { compress: false });
  await file.write(content);
  await assert.rejects(file.keep(), notWritten);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('taken.')),
    [],
  );
});

test('gzip of other tools is read; a torn file is an error of the catalogue', async () => {
  const path = join(folder, 'other.gz');
  writeFileSync(path, gzipSync(content));
  assert.ok((await readAll(path)).equals(content));
  writeFileSync(path, readFileSync(path).subarray(0, 1000));
  await assert.rejects(readAll(path), (error) => isFailure(error, 'snapshot-unreadable'));
});

test('a missing file is said, a cancelled reading ends', async () => {
  await assert.rejects(readAll(join(folder, 'none')), (error) => isFailure(error, 'snapshot-missing'));
  const path = join(folder, 'plain');
  writeFileSync(path, content);
  await assert.rejects(readAll(path, AbortSignal.abort()), (error) => isFailure(error, 'cancelled'));
});
