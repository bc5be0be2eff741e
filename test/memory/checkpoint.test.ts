// Checkpoints at rest, made here out of a live memory in the form that CRIU gives them, in every wrapping and damage that they come in.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { isCheckpoint, openCheckpoint } from '../../src/acquire/index.ts';
import { constantsOf } from '../../src/acquire/memory/elfConstants.ts';
import { isFailure } from '../../src/model/index.ts';
import { createHeapParser, findPath, readValue } from '../../src/parse/index.ts';
import { binaryOf, compare, graphOf, startProgram, takeMemory, withoutVariables, type Program } from './account.ts';
import { writeCheckpoint } from './criuWriter.ts';

const binary = binaryOf(24);
const lacksZstd = process.env['REQUIRE_CHECKPOINTS'] !== '1' && spawnSync('zstd', ['-V']).error !== undefined;
const folder = mkdtempSync(join(tmpdir(), 'semstate-checkpoint-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function bytesOf(path: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const piece of (await openCheckpoint(path, {})).bytes) parts.push(Uint8Array.from(piece));
  return Buffer.concat(parts);
}

describe('checkpoints at rest', { skip: binary ? false : 'npm has no binary of this Node for this machine' }, () => {
  let program: Program;
  let images: string;
  const told = (bytes: Buffer): readonly string[] => {
    const graph = graphOf(bytes);
    const node = findPath(graph, 'things') as number;
    const found = compare(readValue(withoutVariables(graph), node, { depth: 500, limit: 1e6 }), program.account);
    return [...graph.problems.map(({ message }) => message), ...found.different, ...found.missing].slice(0, 5);
  };
  const tar = (name: string, ...options: readonly string[]): string => {
    const path = join(folder, name);
    const { status, stderr } = spawnSync('tar', ['-C', folder, ...options, '-cf', path, 'images'], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return path;
  };

  before(async () => {
    program = await startProgram(binary as string, 'random.cjs', ['31']);
    images = join(folder, 'images');
    const { bytes } = await takeMemory(program.pid);
    const { buildId = '' } = constantsOf(binary as string) ?? {};
    writeCheckpoint(images, bytes, { program: '/no/where/node', buildId });
  });
  after(() => program[Symbol.asyncDispose]());

  it('a folder, as Docker keeps it; the program is told by its build id among those that run', async () => {
    assert.equal(await isCheckpoint(images), true);
    assert.deepEqual(told(await bytesOf(images)), []);
  });

  for (const [name, ...options] of [
    ['ustar.tar', '--format=ustar'],
    ['gnu.tar', '--format=gnu', `--transform=s,^images,${'long/'.repeat(40)}images,`],
    ['pax.tar', '--format=pax', `--transform=s,^images,${'long/'.repeat(40)}images,`],
    ['packed.tar.gz', '-z'],
    ['packed.tar.zst', '--zstd'],
  ] as const) {
    it(
      `an archive: ${name}`,
      { skip: name.endsWith('zst') && lacksZstd ? 'zstd is not installed' : false },
      async () => {
        const path = tar(name, ...options);
        assert.equal(await isCheckpoint(path), true);
        assert.deepEqual(told(await bytesOf(path)), []);
      },
    );
  }

  it('where the program is not here, it is said how to bring it; beside the archive it is found', async () => {
    const other = join(folder, 'other');
    const { bytes } = await takeMemory(program.pid);
    writeCheckpoint(other, bytes, { program: '/usr/local/bin/node', buildId: 'ab'.repeat(20) });
    await assert.rejects(openCheckpoint(other, {}), (error) => {
      assert.ok(isFailure(error, 'memory-unknown-binary'), String(error));
      assert.match(error.message, /\/usr\/local\/bin\/node, build (ab){20}.*copy it to .*other\.node/);
      return true;
    });
    const unknown = join(folder, 'unknown');
    writeCheckpoint(unknown, bytes, { program: '/no/where', buildId: '' });
    copyFileSync(binary as string, `${unknown}.node`);
    assert.equal((await openCheckpoint(unknown, {})).binary.path, `${unknown}.node`);
    rmSync(`${unknown}.node`);
  });

  it('pages that only an earlier checkpoint holds are not made up', async () => {
    const parent = join(folder, 'parent');
    const { bytes } = await takeMemory(program.pid);
    writeCheckpoint(parent, bytes, {
      program: binary as string,
      buildId: constantsOf(binary as string)?.buildId ?? '',
      inParent: 3,
    });
    await assert.rejects(openCheckpoint(parent, {}), (error) => {
      assert.ok(isFailure(error, 'snapshot-unreadable'), String(error));
      assert.match(error.message, /3 of its pages/);
      return true;
    });
  });

  it(
    'damage of any kind ends in a graph or in a failure with a code, never in a crash',
    { timeout: 120_000 },
    async () => {
      const whole = readFileSync(tar('whole.tar'));
      const names = ['pagemap-7.img', 'mm-7.img', 'files.img', 'core-7.img', 'pstree.img'];
      const path = join(folder, 'damaged');
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(names.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
            minLength: 1,
            maxLength: 6,
          }),
          fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
          async (changes, cut) => {
            rmSync(path, { recursive: true, force: true });
            if (cut !== null) {
              writeFileSync(path, whole);
              truncateSync(path, Math.floor(whole.length * cut));
            } else {
              mkdirSync(path);
              for (const name of [...names, 'pages-1.img']) copyFileSync(join(images, name), join(path, name));
              for (const [which, where, byte] of changes) {
                const file = join(path, names[which] as string);
                const content = readFileSync(file);
                content[Math.floor(where * (content.length - 1))] = byte;
                writeFileSync(file, content);
              }
            }
            if (!(await isCheckpoint(path))) return;
            try {
              const parser = createHeapParser();
              for await (const piece of (await openCheckpoint(path, {})).bytes) parser.write(piece);
              parser.end();
            } catch (error) {
              assert.ok(isFailure(error), String(error));
            }
          },
        ),
        { seed: 5, numRuns: 25 },
      );
    },
  );

  it('nothing else is taken for one', async () => {
    const text = join(folder, 'text');
    writeFileSync(text, 'no checkpoint');
    for (const path of [text, process.execPath, folder, join(folder, 'nothing')])
      assert.equal(await isCheckpoint(path), false);
  });
});
