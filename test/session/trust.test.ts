// A build of Node.js that nobody knows is tried out before its memory is relied on, once; what fails is refused, and said why.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isFailure } from '../../src/model/index.ts';
import { differences } from '../../src/session/trust/differences.ts';
import { distrust } from '../../src/session/trust/index.ts';
import { KNOWN_BUILDS } from '../../src/session/trust/knownBuilds.ts';
import { expectedKinds } from '../../src/session/trust/program.ts';
import { selfTest, type Verdict } from '../../src/session/trust/selfTest.ts';
import { constantsOf } from '../../src/acquire/memory/elfConstants.ts';
import { NODE_MAJORS } from '../containers/index.ts';
import { binaryOf } from '../memory/account.ts';

const folder = mkdtempSync(join(tmpdir(), 'semstate-trust-'));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const major of NODE_MAJORS) {
  const binary = binaryOf(major);
  const skip = binary ? false : 'npm has no binary of this Node for this machine';
  test(`Node ${major}: the self-test reads every kind of value and finds none different`, { skip }, async () => {
    const verdict = await selfTest(binary as string, {});
    assert.ok(verdict.trusted, JSON.stringify(verdict));
    assert.ok(verdict.leaves > 450);
    assert.ok(KNOWN_BUILDS.has(constantsOf(binary as string)?.buildId ?? ''), 'and the build is among those known');
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => name.startsWith('semstate-self-test-')),
      [],
    );
  });
}

const one = binaryOf(22);
const skip = one ? false : 'npm has no binary of this Node for this machine';

/** The binary with the place of one field said wrongly, as another version might have it. */
function changed(name: string, value: number): string {
  const path = join(folder, `node-${name}`);
  copyFileSync(one as string, path);
  const bytes = readFileSync(path);
  const { values, buildId } = constantsOf(path) ?? { values: {} };
  const before = values[name];
  assert.ok(before !== undefined && buildId !== undefined);
  // Another build: what is known of one is kept by its number.
  const build = bytes.indexOf(Buffer.from(buildId, 'hex'));
  bytes[build] = (bytes[build] as number) ^ 0xff;
  const at = placeOf(bytes, `v8dbg_${name}`);
  assert.equal(bytes.readInt32LE(at), before);
  bytes.writeInt32LE(value, at);
  writeFileSync(path, bytes);
  return path;
}

/** Where in the file the value of a dynamic symbol stands. */
function placeOf(bytes: Buffer, symbol: string): number {
  const long = (at: number): number => Number(bytes.readBigUInt64LE(at));
  const table = long(40);
  const section = (n: number): { type: number; address: number; offset: number; size: number; link: number } => {
    const at = table + n * 64;
    const link = bytes.readUInt32LE(at + 40);
    return {
      type: bytes.readUInt32LE(at + 4),
      address: long(at + 16),
      offset: long(at + 24),
      size: long(at + 32),
      link,
    };
  };
  for (let n = 0; n < bytes.readUInt16LE(60); n++) {
    const { type, offset, size, link } = section(n);
    if (type !== 11) continue;
    for (let at = offset; at < offset + size; at += 24) {
      const name = section(link).offset + bytes.readUInt32LE(at);
      if (bytes.toString('latin1', name, name + symbol.length + 1) !== `${symbol}\0`) continue;
      const home = section(bytes.readUInt16LE(at + 6));
      return home.offset + long(at + 8) - home.address;
    }
  }
  throw new Error(`no symbol ${symbol}`);
}

test(
  'a build whose memory is understood otherwise is refused by its self-test',
  { skip, timeout: 120_000 },
  async () => {
    const verdict = await selfTest(changed('class_JSTypedArray__external_pointer__uintptr_t', 72), {});
    assert.equal(verdict.trusted, false);
    assert.ok(!verdict.trusted && verdict.final, JSON.stringify(verdict));
    assert.match(verdict.why, /differ/);
  },
);

test('a binary that cannot be run here is not relied on, and tried again next time', { skip }, async () => {
  const path = join(folder, 'broken');
  writeFileSync(path, Buffer.from('no program'));
  const verdict = await selfTest(path, {});
  assert.ok(!verdict.trusted && !verdict.final, JSON.stringify(verdict));
});

test('a verdict is made once for each build, and refusals say what to do instead', async () => {
  let tried = 0;
  const directory = join(folder, 'builds');
  const ask = async (id: string, verdict: Verdict): Promise<string | undefined> => {
    const options = { directory, test: () => Promise.resolve((tried++, verdict)) };
    const failure = await distrust({ path: '/nowhere', id }, {}, options);
    assert.ok(!failure || isFailure(failure, 'memory-self-test'));
    return failure && `${failure.message} ${failure.action}`;
  };
  const good: Verdict = { trusted: true, leaves: 500 };
  const bad: Verdict = { trusted: false, final: true, why: '2 values differ' };
  assert.equal(await ask('aa', good), undefined);
  assert.equal(await ask('aa', bad), undefined);
  assert.match((await ask('bb', bad)) ?? '', /2 values differ.*--method heap/);
  assert.match((await ask('bb', good)) ?? '', /2 values differ/);
  assert.equal(tried, 2);
  await ask('cc', { ...bad, final: false });
  await ask('cc', { ...bad, final: false });
  assert.equal(tried, 4, 'what could not be tried is tried again');
  assert.equal(await ask([...KNOWN_BUILDS][0] as string, bad), undefined, 'known builds are not tried at all');
  assert.equal(tried, 4);
});

test('one leaf that is another is found and named', () => {
  const text = JSON.stringify(expectedKinds());
  const wrong = JSON.parse(text.replace('"total":12.5', '"total":12.25')) as ReturnType<typeof expectedKinds>;
  const right = JSON.parse(text) as ReturnType<typeof expectedKinds>;
  const { different, leaves } = differences(wrong, right);
  assert.ok(leaves > 450);
  assert.deepEqual(different, ['$.value.order.value.total is read as 12.25, and is 12.5']);
});
