// What a transition asks besides the state it leaves, in the program's own words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources } from '../../src/source/index.ts';
import { memoryHost } from './hosts.ts';

function guards(body: string, rest = ''): (string | undefined)[] {
  const text = `type Stage = 'open' | 'sealed' | 'sent' | 'lost';
    class Box { stage: Stage = 'open'; weight = 0; limit = 9; items: { checked: boolean }[] = []; held = false;
      constructor(readonly id: string) {}
      ${body} }
    export const boxes = new Map<string, Box>();
    export function add(id: string) { boxes.set(id, new Box(id)); }
    ${rest}`;
  const model = readSources(['/app'], memoryHost({ 'box.ts': text }));
  assert.deepEqual(model.problems, []);
  return [...new Set(model.transitions.filter(({ from }) => from !== 'new').map(({ guard }) => guard))];
}

const CASES: readonly [string, string, string | undefined][] = [
  [
    'nothing else is asked',
    "seal() { if (this.stage !== 'open') throw new Error(); this.stage = 'sealed'; }",
    undefined,
  ],
  [
    'what leaves before is turned round',
    "seal() { if (this.stage !== 'open') throw new Error(); if (this.weight > this.limit) throw new Error(); this.stage = 'sealed'; }",
    'this.weight <= this.limit',
  ],
  [
    'either of two that leaves',
    "seal() { if (this.stage !== 'open' || this.held || !this.items.every((i) => i.checked)) return; this.stage = 'sealed'; }",
    '!this.held && this.items.every((i) => i.checked)',
  ],
  [
    'the condition around it, with that of the state left out',
    "seal() { if (this.stage === 'open' && this.weight > 0) { this.stage = 'sealed'; } }",
    'this.weight > 0',
  ],
  [
    'the other branch, and a callback that runs where it stands',
    "seal(run: (f: () => void) => void) { if (this.held) { return; } else { run(() => { if (this.stage === 'open') this.stage = 'sealed'; }); } }",
    '!this.held',
  ],
  [
    'a conditional expression and a short cut',
    "seal() { if (this.stage !== 'open') return; this.weight > 3 && (this.stage = 'sealed'); }",
    'this.weight > 3',
  ],
];
for (const [what, body, expected] of CASES) test(what, () => assert.deepEqual(guards(body), [expected]));

test('who may go where, asked of a function or a list, is said by the states; so is which message came', () => {
  assert.deepEqual(
    guards(
      "move(next: 'sealed') { const allowed = ['open']; if (!allowed.includes(this.stage)) throw new Error(); if (!this.may(next)) throw new Error(); this.stage = next; } may(to: string) { return to !== 'lost'; }",
    ),
    [undefined],
  );
});

test('two places that ask for different things ask for neither', () => {
  assert.deepEqual(
    guards(
      "seal() { if (this.stage !== 'open') return; if (this.weight > 3) { this.stage = 'sealed'; return; } if (this.held) { this.stage = 'sealed'; } }",
    ),
    [undefined],
  );
});

test('that the thing was found is no condition of the business', () => {
  assert.deepEqual(
    guards(
      '',
      "export function send(id: string) { const box = boxes.get(id); if (!box) throw new Error(); if (box.stage !== 'open') throw new Error(); if (box.weight === 0) throw new Error(); box.stage = 'sent'; }",
    ),
    ['box.weight !== 0'],
  );
});
