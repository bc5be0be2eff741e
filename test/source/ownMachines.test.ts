// State machines that a program makes for itself: a function that gives a function, made with a table; types that stand beside untyped code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources } from '../../src/source/index.ts';
import { memoryHost, transitionsOf } from './hosts.ts';

const MACHINE = `
  export const Gate = Object.freeze({ Shut: 'shut', Open: 'open', Stuck: 'stuck' });
  const { Shut, Open } = Gate;
  export function machine(noun, field, table) {
    function fire(thing, event, rest = {}) {
      const edges = table[event];
      if (edges === undefined) throw new Error(noun);
      const to = edges[thing[field]];
      if (to === undefined) throw new Error(event);
      Object.assign(thing, rest, { [field]: to });
      return thing;
    }
    fire.admits = (thing, event) => thing[field] in (table[event] ?? {});
    return fire;
  }
  export const gateFlow = machine('gate', 'position', Object.freeze({
    opened: { [Shut]: Open },
    closed: { [Open]: Shut },
    jammed: { [Open]: Gate.Stuck, [Shut]: Gate.Stuck },
  }));`;
const LOCKS = `
  import { Gate, gateFlow } from './machine.js';
  /** @type {Map<string, import('./types.js').LockGate>} */
  const gates = new Map();
  export function build(sign, basin) { const gate = { sign, basin, position: Gate.Shut, openedAt: null }; gates.set(sign, gate); return gate; }
  export const open = (sign) => gateFlow(gates.get(sign), 'opened', { openedAt: Date.now() });
  export const close = (sign) => gateFlow(gates.get(sign), 'closed');
  export const jam = (sign) => gateFlow(gates.get(sign), 'jammed');`;
const TYPES = `
  export interface LockGate { sign: string; basin: string; position: 'shut' | 'open' | 'stuck'; openedAt: number | null }`;

test('the call says which field, the table where it leads from where', () => {
  const steps = transitionsOf({ 'machine.js': MACHINE, 'locks.js': LOCKS });
  assert.deepEqual(
    steps.map((step) => step.replace(/ by .*/, '').replace(/^\w+\./, '')),
    [
      'position <new> > shut',
      'position open > shut',
      'position open > stuck',
      'position shut > open',
      'position shut > stuck',
    ],
  );
});

test('types that somebody wrote beside untyped code are the types of its things', () => {
  const { types } = readSources(
    ['/app'],
    memoryHost({ 'machine.js': MACHINE, 'locks.js': LOCKS, 'types.d.ts': TYPES }),
  );
  const gate = types.find(({ name }) => name === 'LockGate');
  assert.equal(gate?.source.file, 'types.d.ts');
  assert.equal(gate?.fields.find(({ name }) => name === 'openedAt')?.type.kind, 'number');
  const compiled = { 'machine.js': MACHINE, 'locks.js': LOCKS, 'types.d.ts': TYPES, 'types.js': 'export {};' };
  const beside = readSources(['/app'], memoryHost(compiled));
  assert.equal(beside.types.filter(({ name }) => name === 'LockGate').length, 1, 'once, also where it was compiled');
});
