// What a person says of findings: accepted states and transitions count as declared, ignored findings are not told, others still are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractModel, withDrift, type ObservedTransition } from '../../src/extract/index.ts';
import type { DriftVerdict, Model } from '../../src/model/index.ts';
import { code } from './codeBuilder.ts';
import { heapOf } from './heapOf.ts';

const PROGRAM = code(
  {
    Ferry: {
      form: 'interface',
      fields: {
        id: 'string',
        name: 'string',
        phase: {
          is: "'docked'|'boarding'|'sailing'",
          starts: 'docked',
          becomes: { open: 'boarding', leave: 'sailing' },
        },
        routeId: '@Route',
      },
      kept: { ferries: 'id' },
    },
    Route: { form: 'interface', fields: { id: 'string', from: 'string', to: 'string' }, kept: { routes: 'id' } },
  },
  [
    { type: 'Ferry', attribute: 'phase', from: ['docked'], to: ['boarding'], name: 'open' },
    { type: 'Ferry', attribute: 'phase', from: ['boarding'], to: ['sailing'], name: 'leave' },
  ],
);
const PHASES = ['docked', 'boarding', 'adrift', 'sunk'];
const EVENTS: readonly ObservedTransition[] = [
  { entity: 'Ferry', attribute: 'phase', preState: 'docked', postState: 'adrift', count: 2 },
  { entity: 'Ferry', attribute: 'phase', preState: 'boarding', postState: 'docked', count: 1 },
];

/** Ferries in two undeclared states, none sailing, one on a route that is nowhere. */
function modelWith(drift: readonly DriftVerdict[] | undefined): Model {
  const ferries = Array.from({ length: 12 }, (_, n) => ({
    ...{
      id: `f${n}`,
      name: `ferry ${n}`,
      phase: PHASES[n < 10 ? n % 2 : n - 8],
      routeId: n === 0 ? 'r9' : `r${n % 2}`,
    },
  }));
  const routes = ['r0', 'r1'].map((id): [string, object] => [id, { id, from: 'A', to: 'B' }]);
  const graph = heapOf({ ferries: new Map(ferries.map((each) => [each.id, each])), routes: new Map(routes) });
  const workspaceFile = drift ? { drift } : {};
  return extractModel({ code: PROGRAM, graph, events: EVENTS, snapshotId: 's1', workspaceFile }).model;
}

const findings = ({ problems }: Model): string[] =>
  problems
    .filter(({ code: is }) => is.startsWith('drift-'))
    .map(({ code: is, states, preState, postState }) =>
      [
        is.slice(6),
        ...(states ?? []),
        ...(postState === undefined ? [] : [`${String(preState)}>${String(postState)}`]),
      ].join(' '),
    )
    .sort();

const ALL = [
  'broken-relation',
  'state-never-seen sailing',
  'undeclared-state adrift sunk',
  'undeclared-transition boarding>docked',
  'undeclared-transition docked>adrift',
];
const of = 'Ferry.phase';
const CASES: readonly [string, readonly DriftVerdict[], readonly string[]][] = [
  ['an accepted state', [{ of, state: 'sunk', accept: true }], ['undeclared-state adrift']],
  [
    'an accepted transition, and with it the states it joins',
    [{ of, from: 'docked', to: 'adrift', accept: true }],
    ['undeclared-state sunk'],
  ],
  ['an ignored state', [{ of, state: 'adrift', ignore: 'towed by hand' }], ['undeclared-state sunk']],
  ['an ignored transition', [{ of, from: 'boarding', to: 'docked', ignore: 'crew change' }], []],
  ['a state that need not come', [{ of, state: 'sailing', ignore: 'winter' }], []],
  [
    'a relation that need not hold',
    [
      { of: 'Ferry.route', ignore: 'routes are archived' },
      { of: 'Ferry.routeId', ignore: 'routes are archived' },
    ],
    [],
  ],
  ['all of an attribute', [{ of, ignore: 'under repair' }], []],
  [
    'of something else',
    [
      { of: 'Ferry.other', ignore: 'no' },
      { of, state: 'afloat', ignore: 'no' },
    ],
    [],
  ],
];
const GONE: readonly (readonly string[])[] = [
  ['undeclared-state adrift sunk'],
  ['undeclared-state adrift sunk', 'undeclared-transition docked>adrift'],
  ['undeclared-state adrift sunk'],
  ['undeclared-transition boarding>docked'],
  ['state-never-seen sailing'],
  ['broken-relation'],
  ALL.filter((each) => each !== 'broken-relation'),
  [],
];

test('without a verdict everything is told', () => assert.deepEqual(findings(modelWith(undefined)), ALL));

for (const [at, [what, drift, instead]] of CASES.entries())
  test(`${what}: told no more; the rest is`, () => {
    const model = modelWith(drift);
    const expected = [...ALL.filter((each) => !(GONE[at] ?? []).includes(each)), ...instead].sort();
    assert.deepEqual(findings(model), expected);
    assert.deepEqual(findings(withDrift(model)), expected, 'the verdicts travel with the model');
  });

test('what is accepted is declared: in the model, and in one that never saw it', () => {
  const drift: readonly DriftVerdict[] = [{ of, from: 'docked', to: 'adrift', accept: true }];
  const seen = modelWith(drift).transitions.find(({ postState }) => postState === 'adrift');
  assert.equal(seen?.status, 'confirmed');
  assert.ok(seen.evidence?.some(({ note }) => note === 'accepted in semstate.json'));
  const { model } = extractModel({ code: PROGRAM, workspaceFile: { drift } });
  const unseen = model.transitions.find(({ postState }) => postState === 'adrift');
  assert.deepEqual([unseen?.status, unseen?.object, unseen?.attribute], ['declared', 'Ferry', 'phase']);
  const states = model.entities
    .find(({ name }) => name === 'Ferry')
    ?.attributes.find(({ name }) => name === 'phase')?.states;
  assert.ok(states?.some(({ value, status }) => value === 'adrift' && status === 'declared'));
});
