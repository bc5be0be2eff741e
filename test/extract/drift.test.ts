// Where code and data disagree: which finding, on what, where in the source.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftOf, extractModel, withDrift, type ObservedTransition } from '../../src/extract/index.ts';
import type { Problem } from '../../src/model/index.ts';
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

function ferries(count: number, phase: (n: number) => string, route: (n: number) => string | null): object {
  const list = Array.from({ length: count }, (_, n) => ({
    id: `f${n}`,
    name: `ferry ${n}`,
    phase: phase(n),
    routeId: route(n),
  }));
  return {
    ferries: new Map(list.map((ferry) => [ferry.id, ferry])),
    routes: new Map(['r0', 'r1'].map((id) => [id, { id, from: 'A', to: 'B' }])),
  };
}

function findings(roots: object, events: readonly ObservedTransition[] = []): Problem[] {
  const graph = heapOf(roots as Record<string, unknown>);
  const { model } = extractModel({ code: PROGRAM, graph, events, snapshotId: 's1' });
  return model.problems.filter(({ code: is }) => is.startsWith('drift-'));
}

const phases = ['docked', 'boarding', 'sailing'];
const known = (n: number): string => phases[n % 3] as string;
const fields = PROGRAM.types[0]?.fields ?? [];
const lineOf = (name: string): number | undefined => fields.find((field) => field.name === name)?.source.line;

test('data that do what the code says give no finding', () => {
  assert.deepEqual(
    findings(
      ferries(12, known, (n) => `r${n % 2}`),
      [{ entity: 'Ferry', attribute: 'phase', preState: 'docked', postState: 'boarding', count: 2 }],
    ),
    [],
  );
});

test('a transition that was seen and no code declares', () => {
  const source = { file: 'app.ts', line: 90 };
  const [only, ...others] = findings(
    ferries(12, known, (n) => `r${n % 2}`),
    [{ entity: 'Ferry', attribute: 'phase', preState: 'docked', postState: 'sailing', count: 2, source }],
  );
  assert.deepEqual(others, []);
  assert.deepEqual(only, {
    code: 'drift-undeclared-transition',
    message: 'Ferry.phase went docked -> sailing (2 times), which the code does not declare.',
    entity: 'Ferry',
    attribute: 'phase',
    source,
    preState: 'docked',
    postState: 'sailing',
    count: 2,
    evidence: [{ by: 'event', count: 2, source }],
  });
});

test('a state that no code declares', () => {
  const found = findings(
    ferries(
      12,
      (n) => (n === 5 ? 'adrift' : known(n)),
      (n) => `r${n % 2}`,
    ),
  );
  assert.deepEqual(found, [
    {
      code: 'drift-undeclared-state',
      message: 'Ferry.phase was seen as adrift, which the code does not declare.',
      entity: 'Ferry',
      attribute: 'phase',
      source: { file: 'app.ts', line: lineOf('phase') },
      states: ['adrift'],
    },
  ]);
});

test('a declared state that never comes, once there were looks enough', () => {
  const docked = (n: number): string => phases[n % 2] as string;
  assert.deepEqual(findings(ferries(4, docked, () => 'r0')), []);
  const [only] = findings(ferries(12, docked, () => 'r0'));
  assert.equal(only?.code, 'drift-state-never-seen');
  assert.equal(only?.message, 'Ferry.phase is never sailing in 12 instances and changes.');
  assert.deepEqual([only?.entity, only?.attribute, only?.states], ['Ferry', 'phase', ['sailing']]);
  // A change to it counts as a look that met it, though no instance is in it now.
  const left: ObservedTransition = {
    entity: 'Ferry',
    attribute: 'phase',
    preState: 'boarding',
    postState: 'sailing',
    count: 1,
  };
  assert.deepEqual(
    findings(
      ferries(12, docked, () => 'r0'),
      [left],
    ),
    [],
  );
});

test('references that lead to nothing, and required ones that are not there', () => {
  const [dangling, missing] = findings(ferries(12, known, (n) => (n < 2 ? 'r9' : n === 2 ? null : 'r1')));
  assert.deepEqual(dangling, {
    code: 'drift-broken-relation',
    message: 'Ferry.routeId -> Route: 2 references lead to nothing in memory.',
    source: { file: 'app.ts', line: lineOf('routeId') },
    entity: 'Ferry',
    attribute: 'routeId',
    count: 2,
    evidence: [{ by: 'reference', snapshot: 's1', count: 2 }],
  });
  assert.equal(
    missing?.message,
    'Ferry.routeId -> Route is declared to be always there and is missing in 1 instances.',
  );
});

test('memory alone has nothing to disagree with', () => {
  const { model } = extractModel({
    graph: heapOf(
      ferries(
        12,
        (n) => `p${n % 2}`,
        () => 'r9',
      ) as Record<string, unknown>,
    ),
  });
  assert.deepEqual(driftOf(model), []);
});

test('findings are said anew, not twice', () => {
  const graph = heapOf(
    ferries(
      12,
      (n) => (n === 5 ? 'adrift' : known(n)),
      () => 'r0',
    ) as Record<string, unknown>,
  );
  const { model } = extractModel({ code: PROGRAM, graph });
  assert.deepEqual(withDrift(withDrift(model)).problems, model.problems);
});
