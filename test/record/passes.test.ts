// How texts become other ones in V8's eyes: no changed run is longer than V8 compares, and nothing is put where it can be mistaken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import ts from 'typescript';
import { lineByLine, linesTooLong, passes } from '../../src/record/passes.ts';
import { isDistinct, tailOf, takesAssignment } from '../../src/record/tails.ts';

const LIMIT = 800;

test('every step changes only runs of lines that V8 compares, and the last one is the text that was asked for', () => {
  const line = fc.string({ minLength: 0, maxLength: 390 }).map((text) => text.replace(/[\n\r\u2028\u2029]/g, ' '));
  const lines = fc.array(fc.tuple(line, fc.boolean()), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(lines, (all) => {
      const from = all.map(([text]) => text).join('\n');
      const to = all.map(([text, isChanged]) => (isChanged ? `${text}+` : text)).join('\n');
      const steps = passes(from, to);
      assert.equal(steps.at(-1), to);
      let now = from;
      for (const step of steps) {
        assert.ok(longestRun(now, step) < LIMIT);
        now = step;
      }
      assert.equal(linesTooLong(from, to).size, 0);
    }),
    { seed: 7, numRuns: 200 },
  );
});

test('a line that is too long by itself is said', () => {
  const from = `a\n${'x'.repeat(790)}\nb`;
  assert.deepEqual([...linesTooLong(from, from.replace('xb', 'yb').replace('x\nb', 'y\nb'))], [1]);
});

test('one by one, each step changes one line', () => {
  const steps = lineByLine('a\nb\nc', 'A\nb\nC');
  assert.deepEqual(steps, ['A\nb\nc', 'A\nb\nC']);
});

test('what could be mistaken for the end of an arrow function is seen', () => {
  const [arrow] = arrows('const close = (o) => (o.status = state);');
  assert.ok(arrow);
  const at = arrow.getSourceFile().text.indexOf('state)');
  assert.equal(isDistinct('probe.state(x).v=', arrow, at), false);
  assert.equal(isDistinct('P.q.v=', arrow, at), true);
});

test('only what stands in an expression of an arrow function is its tail', () => {
  const text = 'const f = (o) => ({ ...o, s: 1 }); const g = (o) => { return { ...o, s: 2 }; };';
  const found: boolean[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) found.push(tailOf(node) !== undefined && takesAssignment(node));
    ts.forEachChild(node, look);
  };
  look(parse(text));
  assert.deepEqual(found, [true, false]);
});

function longestRun(from: string, to: string): number {
  const [old, next] = [from.split('\n'), to.split('\n')];
  let [longest, run] = [0, 0];
  for (const [at, line] of next.entries()) {
    run = line === old[at] ? 0 : run + Math.max(line.length, old[at]?.length ?? 0) + 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

function arrows(text: string): ts.ArrowFunction[] {
  const out: ts.ArrowFunction[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isArrowFunction(node)) out.push(node);
    ts.forEachChild(node, look);
  };
  look(parse(text));
  return out;
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile('t.js', text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
}
