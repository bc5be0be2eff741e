// Sharing and cycles survive as JSONPaths that lead to where the object is written in the document.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Value } from '../../src/model/index.ts';
import { findPath, readValue } from '../../src/parse/index.ts';
import { graphOf, snapshotOf } from './everyKind.ts';

/** The part of RFC 9535 that the paths use: `.name`, `["name"]` and `[number]`. */
function resolve(document: unknown, path: string): unknown {
  assert.match(path, /^\$/);
  let at = document;
  for (const [, name, quoted, index] of path.matchAll(
    /\.([\p{ID_Start}_]\p{ID_Continue}*)|\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]/gu,
  )) {
    const key = name ?? (quoted === undefined ? index : (JSON.parse(quoted) as string));
    at = (at as Record<string, unknown>)[key ?? ''];
  }
  return at;
}

function* refsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  if ('$type' in value && value.$type === 'ref' && 'value' in value) yield String(value.value);
  else for (const inner of Object.values(value)) yield* refsIn(inner);
}

test('every reference of a document leads to an object that is written there', () => {
  const graph = graphOf(snapshotOf(process.execPath));
  const node = findPath(graph, 'kinds');
  assert.ok(node !== undefined);
  const inner = readValue(graph, node, { depth: 5, limit: 2000, at: '$.objects[0]' });
  const document: { readonly objects: readonly Value[] } = JSON.parse(JSON.stringify({ objects: [inner] })) as never;
  const refs = [...refsIn(document)];
  assert.ok(refs.length >= 3, `${refs.length} references`);
  for (const ref of refs) {
    const there = resolve(document, ref) as { readonly $type?: string } | undefined;
    assert.ok(
      there?.$type !== undefined && there.$type !== 'ref',
      `${ref} leads to ${JSON.stringify(there)?.slice(0, 80)}`,
    );
  }
});
