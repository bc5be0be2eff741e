// `npm test`: formatting, types and lint, then every test file with Node's own runner; what is absent here is reported as skipped.
//   npm test                     everything
//   npm test -- test/parse       only what lies below the paths given, without the checks
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const OWN_RUNNERS = new Set(['node_modules', 'bench', 'demo', 'fixtures', 'out']);

function testFiles(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !(entry.isDirectory() && OWN_RUNNERS.has(entry.name)))
    .flatMap((entry) => {
      const inner = join(path, entry.name);
      return entry.isDirectory() ? testFiles(inner) : entry.name.endsWith('.test.ts') ? [inner] : [];
    });
}

function run(args: readonly string[]): boolean {
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0;
}

const asked = process.argv.slice(2);
const failed: string[] = [];
if (asked.length === 0 && !run(['.ci/check.mjs'])) failed.push('checks');
const files = (asked.length ? asked : ['test']).flatMap(testFiles).sort();
const options = ['--disable-warning=ExperimentalWarning', '--test', '--test-concurrency=2', '--test-timeout=240000'];
if (files.length === 0) failed.push('no test file found');
else if (!run([...options, ...files])) failed.push('tests');
if (failed.length) console.error(`failed: ${failed.join(', ')}`);
process.exit(failed.length ? 1 : 0);
