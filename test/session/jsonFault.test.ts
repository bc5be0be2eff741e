// The place where a text stops being JSON.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonFault } from '../../src/session/jsonFault.ts';

test('the first wrong character is found', () => {
  assert.equal(jsonFault('{"a": [1, 2,]}'), 12);
  assert.equal(jsonFault('{"a": 01}'), 6);
  assert.equal(jsonFault("{'a': 1}"), 1);
  assert.equal(jsonFault('{"a": 1'), 7);
  assert.equal(jsonFault('{"a": 1} x'), 9);
  assert.equal(jsonFault(''), 0);
});

test('it agrees with JSON.parse on everything (seed 3)', () => {
  const parses = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const json = fc.json();
  const broken = fc
    .tuple(json, fc.nat(), fc.constantFrom('', ',', '"', '}', '1', '\u0007', '\\'))
    .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1));
  fc.assert(
    fc.property(fc.oneof(json, broken), (text) => assert.equal(jsonFault(text) === undefined, parses(text))),
    { seed: 3, numRuns: 2000 },
  );
});
