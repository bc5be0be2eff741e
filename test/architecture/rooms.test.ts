// The architecture as a table. What a room may import, and why the rule exists, stands in docs/architecture.md.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const src = join(root, 'src');

/** room -> [rooms it may enter, packages and node: modules it may use]. `pure` rooms do no IO and read no clock. */
const ROOMS: Record<string, { enters: string[]; uses: string[]; pure?: true }> = {
  model: { enters: [], uses: [], pure: true },
  acquire: { enters: ['model'], uses: ['node:', 'dockerode', 'ws', 'devtools-protocol'] },
  parse: { enters: ['model'], uses: [], pure: true },
  source: { enters: ['model'], uses: ['typescript', '@jridgewell/trace-mapping'], pure: true },
  extract: { enters: ['model', 'parse', 'source'], uses: [], pure: true },
  record: { enters: ['model', 'source', 'acquire'], uses: ['node:', 'typescript', '@jridgewell/trace-mapping'] },
  laws: { enters: ['model'], uses: ['@marcbachmann/cel-js', 'jsep', '@jsep-plugin/arrow'], pure: true },
  timeline: { enters: ['model'], uses: ['node:'] },
  restore: { enters: ['model', 'acquire', 'timeline', 'laws'], uses: ['node:'] },
  present: { enters: ['model', 'timeline', 'laws'], uses: [], pure: true },
  session: {
    enters: ['model', 'acquire', 'parse', 'source', 'extract', 'record', 'laws', 'timeline', 'restore', 'present'],
    uses: ['node:', 'jsonc-parser'],
  },
  adapter: {
    enters: ['model', 'present', 'session'],
    uses: ['node:', '@vscode/debugadapter', '@vscode/debugprotocol'],
  },
  editor: { enters: ['model', 'present'], uses: ['node:', 'vscode', '@vscode/debugprotocol', 'jsonc-parser'] },
  cli: { enters: ['model', 'present', 'session'], uses: ['node:', 'ws'] },
};
const ENTRIES = ['extension.ts', 'debugAdapter.ts', 'cli.ts', 'worker.ts'];
const IMPURE =
  /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bMath\.random\(|\bprocess\.|\bsetTimeout\(|\bfetch\(/;

function filesUnder(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory()
      ? ['node_modules', 'out', 'fixtures'].includes(e.name)
        ? []
        : filesUnder(join(dir, e.name))
      : e.name.endsWith('.ts')
        ? [join(dir, e.name)]
        : [],
  );
}

function importsOf(text: string): string[] {
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'";]*?\bfrom\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g,
    ),
  ].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
}

test('every import follows the table of rooms, through the door', () => {
  const faults: string[] = [];
  for (const [room, { enters, uses }] of Object.entries(ROOMS)) {
    for (const file of filesUnder(join(src, room))) {
      for (const target of importsOf(readFileSync(file, 'utf8'))) {
        const where = `${relative(root, file)} imports ${target}`;
        if (!target.startsWith('.')) {
          if (!uses.some((u) => target === u || target.startsWith(u.endsWith(':') ? u : `${u}/`)))
            faults.push(`${where}: ${room} may only use ${uses.join(', ') || 'no package'}`);
          continue;
        }
        const path = relative(src, resolve(dirname(file), target)).split(sep);
        if (path[0] === room || (path.length === 1 && path[0] === 'worker.ts' && room === 'session')) continue;
        if (!enters.includes(path[0] ?? ''))
          faults.push(`${where}: ${room} may only enter ${enters.join(', ') || 'no room'}`);
        else if (path[1] !== 'index.ts') faults.push(`${where}: a room is entered through its index.ts`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

test('src holds the rooms of the table and four short entry files', () => {
  const found = readdirSync(src, { withFileTypes: true });
  assert.deepEqual(
    found.filter((e) => e.isDirectory() && !ROOMS[e.name]).map((e) => e.name),
    [],
    'a new room needs a line in the table and in docs/architecture.md',
  );
  assert.deepEqual(
    found.filter((e) => e.isFile() && !ENTRIES.includes(e.name)).map((e) => e.name),
    [],
  );
  for (const entry of ENTRIES) {
    const lines = readFileSync(join(src, entry), 'utf8').split('\n').length;
    assert.ok(lines <= 61, `${entry} has ${lines} lines; an entry file only wires, 60 lines at most`);
  }
});

test('no file over 300 lines, no name that says nothing, no switched-off rule', () => {
  const faults: string[] = [];
  for (const file of ['src', 'webview', 'test'].flatMap((d) => filesUnder(join(root, d)))) {
    const text = readFileSync(file, 'utf8');
    const name = relative(root, file);
    const lines = text.split('\n').length - 1;
    if (lines > 300) faults.push(`${name} has ${lines} lines: split it by idea`);
    if (/^(utils?|helpers?|common|misc|types)\.ts$/.test(basename(file)))
      faults.push(`${name}: name it after what it does`);
    if (/@ts-(ignore|nocheck)|eslint-disable/.test(text) && !name.startsWith('test/architecture'))
      faults.push(`${name}: fix the cause instead of switching a rule off`);
  }
  assert.deepEqual(faults, []);
});

test('pure rooms do no IO and read no clock', () => {
  const faults: string[] = [];
  for (const [room, { pure }] of Object.entries(ROOMS)) {
    if (!pure) continue;
    for (const file of filesUnder(join(src, room))) {
      const hit = IMPURE.exec(readFileSync(file, 'utf8').replace(/^\s*\/\/.*$|\/\*[\s\S]*?\*\//gm, ''));
      if (hit)
        faults.push(
          `${relative(root, file)}: ${hit[0]} makes ${room} depend on when or where it runs; take it as an argument`,
        );
    }
  }
  assert.deepEqual(faults, []);
});

test('each door exports names, never everything', () => {
  for (const room of Object.keys(ROOMS)) {
    const door = join(src, room, 'index.ts');
    assert.ok(existsSync(door), `src/${room} has no index.ts`);
    const text = readFileSync(door, 'utf8');
    assert.ok(!/export \*/.test(text), `src/${room}/index.ts exports *`);
    assert.match(text, /^\/\//, `src/${room}/index.ts says what the room does and does not know`);
  }
});
