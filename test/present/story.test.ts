// The story of an entity as Markdown, and links to a place in a timeline: what is written is read back, whatever the names are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  EXTENSION_ID,
  readTimelineLink,
  readTimelinePlace,
  storyDocument,
  writeTimelineLink,
} from '../../src/present/index.ts';
import { readFileSync } from 'node:fs';
import { assertGolden } from './golden.ts';
import { changed, clock, order, recorded, sceneOf } from './recording.ts';

test('the story says since when, by which line, what is broken, what led here, and the values', (t) => {
  const store = recorded(t);
  const link = writeTimelineLink({ store: '/data/shop.semstate', seq: 10, focus: order(1042) });
  assertGolden('story-1042.md', storyDocument(sceneOf(store, 10, {}), order(1042), link));
  assert.match(storyDocument(sceneOf(store, 10, {}), order(9)), /^## Order 9 is not there\n/);
});

test('names of the program are no markup in it', (t) => {
  const store = recorded(t);
  const hostile = { entity: 'Order', id: '](x) <img> | `a`\n# b' };
  store.append([changed(clock('10:59:00'), hostile, 'status', 'paid', '| x | <script>', { type: '**Bold**' })]);
  const text = storyDocument(sceneOf(store, store.summary().last?.seq ?? 0, {}), hostile);
  assert.doesNotMatch(text, /^# b|[^\\]<img>/m);
  for (const line of text.split('\n').filter((each) => each.startsWith('|')))
    assert.equal(line.replaceAll('\\|', '').split('|').length - 2, 5, line);
});

test('a link is read back as it was written, from the text and from the query an editor decoded (seed 7)', () => {
  const id = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
  );
  const place = fc.record(
    {
      store: fc.string({ unit: 'grapheme' }).map((name) => `/data/${name.replaceAll('\0', '')}.semstate`),
      seq: fc.nat(),
      focus: fc.record({ entity: fc.string({ unit: 'grapheme' }), id }, { noNullPrototype: true }),
    },
    { requiredKeys: ['store'], noNullPrototype: true },
  );
  fc.assert(
    fc.property(place, (given) => {
      const link = writeTimelineLink(given);
      assert.match(
        link,
        /^vscode:\/\/[\w.-]+\/open\?[\w.~%-]+$/,
        'nothing in it ends a link in Markdown or in angle brackets',
      );
      assert.deepEqual(readTimelineLink(link), given);
      const { pathname, search } = new URL(link);
      assert.deepEqual(readTimelinePlace(pathname, decodeURIComponent(search.slice(1))), given);
    }),
    { seed: 7 },
  );
});

test('what is no link of ours, or names no timeline, is none', () => {
  const at = (query: unknown, path = '/open'): unknown => readTimelinePlace(path, JSON.stringify(query));
  assert.deepEqual(at({ store: 'C:\\data\\a.semstate', at: 3 }), { store: 'C:\\data\\a.semstate', seq: 3 });
  for (const wrong of [
    {},
    null,
    [],
    { store: 'a.semstate' },
    { store: '/etc/passwd' },
    { store: '/a.semstate', at: -1 },
    { store: '/a.semstate', at: '1' },
    { store: '/a.semstate', entity: 'Order' },
    { store: '/a.semstate', entity: 'Order', id: {} },
    { store: '/a\0.semstate' },
  ])
    assert.equal(at(wrong), undefined, JSON.stringify(wrong));
  assert.equal(at({ store: '/a.semstate' }, '/other'), undefined);
  for (const wrong of ['', 'no link', 'https://example.org/open', `vscode://${EXTENSION_ID}/open?%`])
    assert.equal(readTimelineLink(wrong), undefined);
  assert.match(writeTimelineLink({ store: '/a.semstate' }, 'javascript:alert(1)//'), /^vscode:\/\//);
});

test('links go to the extension that package.json names', () => {
  const { publisher, name } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    publisher: string;
    name: string;
  };
  assert.equal(EXTENSION_ID, `${publisher}.${name}`);
});
