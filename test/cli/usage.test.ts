// Help, wrong usage, and the small tools of the command line.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nearestOf } from '../../src/cli/command.ts';
import { exactJson } from '../../src/cli/exactJson.ts';
import { harmless, table } from '../../src/cli/text.ts';
import { semstate } from './semstate.ts';

const GOLDEN = fileURLToPath(new URL('../goldens/cli/help.txt', import.meta.url));
const COMMANDS = [
  'ps',
  'doctor',
  'snapshot',
  'objects',
  'extract',
  'diff',
  'record',
  'state',
  'check',
  'export',
  'view',
];

test('the help is the one that was agreed on', async () => {
  const texts = [(await semstate('--help')).stdout];
  for (const command of COMMANDS) {
    const { status, stdout } = await semstate(command, '--help');
    assert.equal(status, 0);
    assert.equal((await semstate('help', command)).stdout, stdout);
    texts.push(stdout);
  }
  const text = texts.join(`${'-'.repeat(72)}\n`);
  if (process.env['UPDATE_GOLDENS'] === '1') {
    mkdirSync(dirname(GOLDEN), { recursive: true });
    writeFileSync(GOLDEN, text);
  }
  assert.ok(existsSync(GOLDEN), `${GOLDEN} is missing: run with UPDATE_GOLDENS=1 and review it`);
  assert.equal(text, readFileSync(GOLDEN, 'utf8'));
});

const WRONG: readonly [readonly string[], RegExp][] = [
  [['recrod'], /recrod is no command\. Did you mean record\?/],
  [['snapshot', 'pid:1', '--ot', 'x'], /--ot is no flag of semstate snapshot\. Did you mean --out\?/],
  [['snapshot', 'pid:1'], /--out FILE is missing/],
  [['snapshot', '--out', 'x'], /TARGET is missing/],
  [['snapshot', 'pid:1', '--out', '--json'], /--out needs a value: --out FILE/],
  [['snapshot', 'pid:1', '--out', 'a', '--out', 'b'], /--out can be given only once/],
  [['snapshot', 'pid:1', '--out', 'a', '--method', 'xray'], /--method xray is none of auto, heap, memory, objects/],
  [['snapshot', 'container:1', '--out', 'a'], /\[bad-target\]: "container:1" is no target/],
  [['ps', '--json=yes'], /--json takes no value/],
  [['ps', 'all'], /"all" is one word too many/],
  [['ps', '-x'], /-x is no flag/],
  [['extract'], /There is nothing to read/],
  [['extract', '--source', '/no/such/directory'], /\[source-missing\]/],
  [['objects', 'pid:1', '--class', 'A', '--path', 'b'], /either --class NAME or --path PATH/],
  [['objects', '--class', 'A'], /either a TARGET or --snapshot FILE/],
  [['objects', 'pid:1', '--class', 'A', '--limit', 'many'], /--limit many is no number/],
  [['record', 'pid:1', '--for', 'ever'], /--for ever is no time in seconds/],
  [['record', 'pid:1', '--tier', 'wood'], /--tier wood is none of gold, silver, bronze/],
  [['state'], /--store FILE is missing/],
  [['export', '--store', 'x'], /--as FORM is missing/],
  [['export', '--store', 'x', '--as', 'ocel2-sqlite'], /\[usage\]: --as ocel2-sqlite makes a file/],
  [['export', '--store', 'x', '--as', 'csv', '--out', './x'], /\[usage\]: --out is the timeline itself/],
  [
    ['export', '--store', 'x', '--as', 'pdf'],
    /--as pdf is none of ocel2, ocel2-sqlite, csv, cloudevents, xstate, mermaid, shacl, json-schema/,
  ],
  [['view'], /Give --store FILE or a TARGET/],
];
for (const [args, message] of WRONG) {
  test(`semstate ${args.join(' ')}: wrong usage, status 2`, async () => {
    const { status, stdout, stderr } = await semstate(...args);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, message);
    assert.match(stderr, /^error \[[a-z-]+\]: .* → .+\n$/);
  });
}

test('without a command the help goes to stderr, status 2', async () => {
  const { status, stdout, stderr } = await semstate();
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^semstate COMMAND/);
});

test('--version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  assert.equal((await semstate('--version')).stdout, `${version}\n`);
});

test('what cannot be read is status 3', async () => {
  for (const args of [
    ['state', '--store', '/no/such/file'],
    ['objects', '--snapshot', '/no/such/file', '--class', 'A'],
    ['snapshot', 'pid:999999999', '--out', '/tmp/never'],
  ]) {
    assert.equal((await semstate(...args)).status, 3, args.join(' '));
  }
});

test('minus zero is written as the number it is, whatever else stands there', () => {
  assert.equal(exactJson({ a: -0, b: 0, c: 'minus zero', d: [-0] }), '{"a":-0,"b":0,"c":"minus zero","d":[-0]}');
});

test('a program cannot rule the terminal through its names', () => {
  assert.equal(harmless('a\u001b[31mb\u202ec\n'), 'a\\u001b[31mb\\u202ec\\u000a');
  assert.equal(harmless('Müller 名前'), 'Müller 名前');
});

test('columns are as wide as their cells', () => {
  assert.equal(
    table(
      ['A', 'B'],
      [
        ['long', 'x'],
        ['', 'y'],
      ],
    ),
    'A     B\nlong  x\n      y\n',
  );
});

test('the nearest name is offered only when it is near', () => {
  assert.equal(nearestOf('sorce', ['source', 'store', 'snapshot']), 'source');
  assert.equal(nearestOf('snap', ['source', 'store', 'snapshot']), 'snapshot');
  assert.equal(nearestOf('whatever', ['source', 'store', 'snapshot']), undefined);
});
