// A published program that nobody wrote for this: Vendure, a shop of some 3,000 scripts on a database, unchanged, recorded inside its
// container while it is driven. Its source is what the registry has: compiled JavaScript with declarations. It takes minutes: VENDURE=1.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { EventDocument } from '../../src/model/index.ts';
import { Running } from '../cli/semstate.ts';
import { NODE_MAJORS, nodeBinary, requireEngine, startContainer, type NodeMajor } from '../containers/index.ts';
import { drive, linesOf, livesOf, seenIn } from './ormService.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/vendure', import.meta.url));
const HOME = resolve(FIXTURE, '../../../.cache/external/vendure');
const PACKAGES = join(HOME, 'node_modules');
const PATIENCE_MS = 900_000;

test('Vendure in a container: recorded is what its driver saw', { timeout: PATIENCE_MS }, async (t) => {
  if (process.env['VENDURE'] !== '1') return t.skip('it takes minutes; VENDURE=1 runs it');
  const engine = requireEngine(t);
  if (!engine) return;
  install();
  await using container = await startContainer(engine, {
    node: nodeThatLoads(),
    command: ['node', '/shop/start.cjs'],
    flags: ['-v', `${PACKAGES}:/shop/node_modules:ro`, ...fixture('start.cjs'), ...fixture('drive.mjs')],
    readyMs: 180_000,
  });
  const dir = mkdtempSync(join(tmpdir(), 'semstate-vendure-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const source = join(PACKAGES, '@vendure/core/dist');
  const asked = performance.now();
  const store = join(dir, 'shop.semstate');
  const recording = new Running(['record', container.target, '--source', source, '--store', store, '--ndjson']);
  await recording.said(/^recording$/m);
  t.diagnostic(`armed after ${((performance.now() - asked) / 1000).toFixed(0)} s`);
  const { program, args, env } = engine.command;
  const log = await drive([program, ...args, 'exec', container.name, 'node', '/shop/drive.mjs'], env);
  recording.child.kill('SIGINT');
  const { stdout } = await recording.outcome;
  const events = linesOf(stdout) as EventDocument[];
  assert.ok(log.length > 50, `${log.length} changes are enough to compare`);
  assert.deepEqual(livesOf(seenIn(events, log)), livesOf(log));
  t.diagnostic(`${log.length} changes, each recorded once and in order`);
});

function fixture(name: string): string[] {
  return ['-v', `${join(FIXTURE, name)}:/shop/${name}:ro`];
}

function install(): void {
  if (existsSync(join(PACKAGES, '@vendure/core/package.json'))) return;
  mkdirSync(HOME, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(FIXTURE, name), join(HOME, name));
  const options = ['--no-audit', '--no-fund', '--loglevel=error'];
  for (const command of [
    ['ci', '--ignore-scripts', ...options],
    ['rebuild', 'better-sqlite3', '--ignore-scripts=false', ...options],
  ]) {
    const { status, stderr } = spawnSync('npm', command, { cwd: HOME, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm ${command[0]} failed: ${stderr}`);
  }
}

/** Its database is a native addon, built for the Node that was there when it was installed. */
function nodeThatLoads(): NodeMajor {
  const script = "require('better-sqlite3')(':memory:')";
  const fitting = NODE_MAJORS.find((major) => spawnSync(nodeBinary(major), ['-e', script], { cwd: HOME }).status === 0);
  assert.ok(fitting, 'better-sqlite3 was built for none of the Nodes here');
  return fitting;
}
