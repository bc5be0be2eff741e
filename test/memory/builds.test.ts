// Builds of Node.js that are no official ones: what keeps its symbols is tried out, what cannot be understood is refused and it is said why.
// `SHARED_NODE=1` fetches the system's own packages of a Node.js whose V8 is in a library; without it that test is skipped.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openMemory } from '../../src/acquire/index.ts';
import { constantsOf } from '../../src/acquire/memory/elfConstants.ts';
import { isFailure } from '../../src/model/index.ts';
import { createHeapParser } from '../../src/parse/index.ts';
import { distrust } from '../../src/session/trust/index.ts';
import { binaryOf, startProgram } from './account.ts';

const binary = binaryOf(24);
const lacks = (tool: string): string | false =>
  spawnSync(tool, ['--version']).error ? `${tool} is not installed` : false;
const program = join(import.meta.dirname, 'fixtures', 'still.cjs');

async function inFolder(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'semstate-build-'));
  try {
    await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Where in the file the value of one of V8's constants stands. */
function placeOf(path: string, symbol: string): number {
  const read = (...args: string[]): string =>
    execFileSync('readelf', ['-W', ...args, path], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const [, address = '', section = ''] =
    new RegExp(`: ([0-9a-f]+) .* (\\d+) ${symbol}$`, 'm').exec(read('--dyn-syms')) ?? [];
  const [, start = '', offset = ''] =
    new RegExp(`\\[ *${section}\\] \\S+ +\\S+ +([0-9a-f]+) ([0-9a-f]+)`).exec(read('-S')) ?? [];
  return Number.parseInt(address, 16) - Number.parseInt(start, 16) + Number.parseInt(offset, 16);
}

const skip = binary ? lacks('readelf') : 'npm has no binary of this Node for this machine';

test('a build that compresses its pointers is refused', { skip }, () =>
  inFolder(async (directory) => {
    const copy = join(directory, 'node');
    copyFileSync(binary as string, copy);
    const bytes = readFileSync(copy);
    // Another build, since of builds that are known the constants are known too; and words of half the size.
    const build = bytes.indexOf(Buffer.from(constantsOf(copy)?.buildId ?? '', 'hex'));
    bytes[build] = (bytes[build] as number) ^ 0xff;
    bytes.writeInt32LE(4, placeOf(copy, 'v8dbg_TaggedSize'));
    writeFileSync(copy, bytes);
    await using running = await startProgram(copy, 'heavy.cjs', ['1']);
    await assert.rejects(openMemory({ runtime: 'local', pid: running.pid }, {}, {}), (error) => {
      assert.ok(isFailure(error, 'memory-unknown-binary'), String(error));
      assert.match(error.message, /compresses its pointers/);
      return true;
    });
  }),
);

/** Packages of the distribution, and what of them the program asks for by an absolute name. */
const PACKAGES = ['nodejs', 'libnode108', 'libc-ares2', 'libuv1', 'libnghttp2-14', 'libicu72', 'libbrotli1', 'libssl3'];
const SCRIPTS = ['node-cjs-module-lexer', 'node-undici', 'node-acorn', 'node-busboy'];
const DISTRIBUTION = 'mount --bind "$1/usr/share" /usr/share && shift && exec "$@"';

function sharedNode(): string | { readonly skip: string } {
  if (process.env['SHARED_NODE'] !== '1') return { skip: 'fetches packages: SHARED_NODE=1 does it' };
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return { skip: 'needs root on Linux' };
  const directory = join(import.meta.dirname, '../../.cache/shared-node');
  mkdirSync(directory, { recursive: true });
  const own = spawnSync('apt-cache', ['madison', 'nodejs'], { encoding: 'utf8' }).stdout ?? '';
  const [, version] = /nodejs \| (18\.\S+)/.exec(own) ?? [];
  if (version === undefined) return { skip: 'the distribution has no Node.js with its V8 in a library' };
  const names = [...PACKAGES, ...SCRIPTS].map((name) => (/node(js|108)$/.test(name) ? `${name}=${version}` : name));
  const fetched = spawnSync('apt-get', ['download', ...names], { cwd: directory, encoding: 'utf8' });
  if (fetched.status !== 0) return { skip: `packages cannot be fetched: ${fetched.stderr.slice(0, 200)}` };
  for (const name of readdirSync(directory).filter((each) => each.endsWith('.deb')))
    execFileSync('dpkg-deb', ['-x', name, 'root'], { cwd: directory });
  const [library] = readdirSync(join(directory, 'root/usr/lib')).filter((name) => name.endsWith('-linux-gnu'));
  cpSync(join(directory, 'root/usr/lib', library ?? ''), join(directory, 'root/lib'), { recursive: true });
  return join(directory, 'root');
}

test('a build with its V8 in a library: its constants are found there, and an unknown layout is refused', async (t) => {
  const root = sharedNode();
  if (typeof root !== 'string') return t.skip(root.skip);
  const node = join(root, 'usr/bin/node');
  const child: ChildProcess = spawn('unshare', ['-m', '/bin/sh', '-c', DISTRIBUTION, 'sh', root, node, program], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LD_LIBRARY_PATH: join(root, 'lib') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
    const { memory } = await openMemory({ runtime: 'local', pid: child.pid as number }, {}, {});
    const found = await memory.binary();
    assert.match(found?.id ?? '', /^[0-9a-f]{40}$/);
    await inFolder(async (directory) => {
      const refusal = found && (await distrust(found, {}, { directory }));
      assert.ok(isFailure(refusal, 'memory-self-test'), String(refusal));
    });
    const parser = createHeapParser();
    await memory.capture((chunk) => parser.write(chunk), {}, {});
    assert.deepEqual(
      parser.end().problems.map(({ code }) => code),
      ['unknown-v8'],
    );
  } finally {
    child.kill('SIGKILL');
  }
});
