// Laws on the command line: those in force, those that data suggest, and a decision that goes into semstate.json and nowhere else.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { NO_CONTEXT, refKey, type EntityInstance, type Model } from '../../src/model/index.ts';
import { openTimeline } from '../../src/timeline/index.ts';
import { semstate } from './semstate.ts';

const folder = mkdtempSync(join(tmpdir(), 'semstate-test-'));
const store = join(folder, 'bills.semstate');
const settings = join(folder, 'semstate.json');
after(() => rmSync(folder, { recursive: true, force: true }));

const model: Model = {
  ...{ document: 'model', version: 1, context: NO_CONTEXT, problems: [], relations: [], transitions: [] },
  entities: [
    {
      ...{ name: 'Bill', status: 'confirmed', identity: ['id'], instances: 40 },
      attributes: ['id', 'net', 'tax', 'total'].map((name) => ({ name, type: 'number' })),
    },
  ],
};

before(() => {
  const bills = Array.from({ length: 40 }, (_, id): [string, EntityInstance] => {
    const [net, tax] = [(id * 37) % 101, (id * 13) % 17];
    const bill = { entity: 'Bill', id, attributes: { id, net, tax, total: net + tax }, links: {} };
    return [refKey(bill), bill];
  });
  const timeline = openTimeline(store);
  const snapshot = { kind: 'snapshot', time: 1, id: 's', bytes: 1, pauseMs: 1, entities: 40, problems: 0 } as const;
  timeline.append([{ ...snapshot, method: 'heap', consistency: 'consistent' }], new Map(bills));
  timeline.saveModel(model);
  timeline.dispose();
});

test('laws lists those of every service; with --mine those that the data suggest, with how sure and on how many', async () => {
  const plain = await semstate('laws', '--store', store);
  assert.equal(plain.status, 0, plain.stderr);
  assert.match(plain.stdout, /^references-resolve +Every reference leads to an entity that exists\.$/m);
  assert.doesNotMatch(plain.stdout, /Bill/);
  const mined = await semstate('laws', '--store', store, '--mine');
  assert.match(mined.stdout, /^Bill\.total-is-net-plus-tax +\d+ % +40 +0 +self\.total == self\.net \+ self\.tax$/m);
});

test('what is accepted stands in semstate.json beside what was there, what is rejected is not proposed again', async () => {
  writeFileSync(settings, '{\n    "source": ["src"]\n}\n');
  const into = ['--into', settings] as const;
  const decided = await semstate(
    ...['laws', '--store', store, ...into],
    ...['--accept', 'Bill.total-is-net-plus-tax', '--reject', 'Bill.net-not-negative'],
  );
  assert.equal(decided.status, 0, decided.stderr);
  assert.equal(
    readFileSync(settings, 'utf8'),
    `{
    "source": [
        "src"
    ],
    "laws": {
        "Bill.total-is-net-plus-tax": {
            "for": "Bill",
            "holds": "self.total == self.net + self.tax",
            "title": "total of Bill is net plus tax."
        }
    },
    "rejected": [
        "Bill.net-not-negative"
    ]
}
`,
  );
  const again = await semstate('laws', '--store', store, '--mine', ...into);
  assert.match(again.stdout, /^Bill\.total-is-net-plus-tax +total of Bill is net plus tax\.$/m);
  const [, proposed = ''] = again.stdout.split('PROPOSED');
  assert.doesNotMatch(proposed, /Bill\.total-is-net-plus-tax|Bill\.net-not-negative/);
  assert.equal((await semstate('check', '--store', store, '--laws', settings)).status, 0);
});

test('a law that is not proposed cannot be accepted, and nothing is written', async () => {
  const file = join(folder, 'other.json');
  const { status, stderr } = await semstate('laws', '--store', store, '--into', file, '--accept', 'Bill.nothing');
  assert.equal(status, 2);
  assert.match(stderr, /no-such-law.*Bill\.total-is-net-plus-tax/);
  assert.throws(() => readFileSync(file), { code: 'ENOENT' });
  assert.equal((await semstate('laws', '--store', store, '--accept', 'x')).status, 2);
});
