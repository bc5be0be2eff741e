// `npm test`: formatting, types and lint, then every test file with Node's own runner; what is absent here is reported as skipped.
//   npm test                     everything
//   npm test -- test/parse       only what lies below the paths given, without the checks
// AGAIN=1: what failed is run once more, each file by itself, and what passes then is named as unsteady, not as failed: on a machine
// that others use too, a process may not get its turn for seconds.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** More than these are no accident. */
const MOST_AGAIN = 5;
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

const OPTIONS = ['--disable-warning=ExperimentalWarning', '--test', '--test-timeout=240000'];

/** @returns the files with a failure; undefined: the runner itself failed and names none */
function failuresOf(files: readonly string[], concurrency: number): readonly string[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-tests-'));
  const list = join(folder, 'failed');
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=./test/failures.ts', `--test-reporter-destination=${list}`],
  ];
  const isGreen = run([...OPTIONS, `--test-concurrency=${concurrency}`, ...reporters, ...files]);
  const named = [...new Set(readFileSync(list, 'utf8').split('\n').filter(Boolean))];
  rmSync(folder, { recursive: true });
  if (isGreen) return [];
  return named.length > 0 ? named : undefined;
}

const asked = process.argv.slice(2);
const failed: string[] = [];
if (asked.length === 0 && !run(['.ci/check.mjs'])) failed.push('checks');
const files = (asked.length ? asked : ['test']).flatMap(testFiles).sort();
if (files.length === 0) failed.push('no test file found');
else {
  let open = failuresOf(files, 2);
  if (open && open.length > 0 && open.length <= MOST_AGAIN && process.env['AGAIN'] === '1') {
    const first = open;
    console.error(`once more, one by one: ${first.join(', ')}`);
    open = failuresOf(first, 1);
    const unsteady = first.filter((file) => !open?.includes(file));
    if (open && unsteady.length > 0) console.error(`unsteady, passed the second time: ${unsteady.join(', ')}`);
  }
  if (open === undefined) failed.push('tests');
  else failed.push(...open);
}
if (failed.length) console.error(`failed: ${failed.join(', ')}`);
process.exit(failed.length ? 1 : 0);
