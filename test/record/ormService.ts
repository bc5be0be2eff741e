// A service that keeps its state in a database through an ORM, as people build it: TypeScript with decorators, compiled to CommonJS with
// source maps, its packages from the registry. Installed and built once; and what tells whether a recording equals the driver's log.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { EventDocument } from '../../src/model/index.ts';

export const ORM = resolve(fileURLToPath(new URL('../fixtures/orm', import.meta.url)));
export const ORM_SOURCE = join(ORM, 'src');
export const ORM_PACKAGES = join(ORM, 'node_modules');

/** One line of the driver's log. */
export interface Seen {
  readonly entity: string;
  readonly id: string | number;
  readonly attribute: string;
  readonly pre: unknown;
  readonly post: unknown;
}

/** False, with the test skipped, where its packages are not there and cannot be had. */
export function requireOrm(t: TestContext): boolean {
  if (existsSync(join(ORM_PACKAGES, 'typeorm', 'package.json'))) return true;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', args, { cwd: ORM, encoding: 'utf8', timeout: 120_000 });
  if (status === 0) return true;
  const reason = `the packages of test/fixtures/orm could not be installed: ${stderr.trim()}`;
  if (process.env['REQUIRE_CONTAINERS'] === '1') throw new Error(reason);
  t.skip(reason);
  return false;
}

/** @returns a directory with `dist` and the driver, and what removes it */
export function buildOrm(): { readonly dir: string; readonly remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'semstate-orm-'));
  buildSync({
    entryPoints: ['entities', 'workshop', 'main'].map((name) => join(ORM_SOURCE, `${name}.ts`)),
    outdir: join(dir, 'dist'),
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
    sourcemap: true,
    sourcesContent: false,
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
  });
  mkdirSync(join(dir, 'dist'), { recursive: true });
  writeFileSync(join(dir, 'dist', 'package.json'), '{"type":"commonjs"}');
  symlinkSync(ORM_PACKAGES, join(dir, 'node_modules'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Runs a driver to its end. @returns its log */
export function drive(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Seen[]> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let [said, faults] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (faults += text));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => {
      if (status !== 0) fail(new Error(`the driver ended with ${status}: ${faults}`));
      else done(linesOf(said) as Seen[]);
    });
  });
}

export function linesOf(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** Each thing's states in order, as text: what the log and the recording are compared in. */
export function livesOf(changes: readonly Seen[]): { readonly [thing: string]: readonly string[] } {
  const lives: { [thing: string]: string[] } = {};
  for (const { entity, id, attribute, pre, post } of changes) {
    const life = (lives[`${entity} ${id} ${attribute}`] ??= []);
    life.push(`${JSON.stringify(pre)} -> ${JSON.stringify(post)}`);
  }
  return Object.fromEntries(Object.entries(lives).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The events on attributes that the log speaks of. */
export function seenIn(events: readonly EventDocument[], log: readonly Seen[]): Seen[] {
  const spoken = new Set(log.map(({ entity, attribute }) => `${entity}.${attribute}`));
  return events
    .filter(({ object, attribute }) => spoken.has(`${object.entity}.${attribute}`))
    .map(({ object, attribute = '', preState, postState }) => ({
      entity: object.entity,
      id: object.id,
      attribute,
      pre: preState,
      post: postState,
    }));
}
