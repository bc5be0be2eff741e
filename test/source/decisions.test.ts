// Deciders and evolvers kept in tables, linked by the names of what happened; and handlers with more ends than are told apart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transitionsOf } from './hosts.ts';

const WORLD = `
  export type Pass = Readonly<{ no: string; stage: 'asked' | 'granted' | 'refused' | 'void'; seal: 'none' | 'set' }>;
  export type World = Readonly<{ passes: ReadonlyMap<string, Pass> }>;
  export interface Facts {
    'pass-asked': { no: string }; 'pass-granted': { no: string }; 'pass-refused': { no: string };
    'pass-voided': { no: string }; 'pass-sealed': { no: string };
  }
  export type Kind = keyof Facts;
  export type Fact<K extends Kind = Kind> = { [P in K]: Readonly<{ kind: P }> & Readonly<Facts[P]> }[K];
  export function fact<K extends Kind>(kind: K, payload: Facts[K]): Fact { return { kind, ...payload } as unknown as Fact; }`;
const EVOLVE = `
  import type { Fact, Kind, Pass, World } from './world';
  const put = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> => new Map(map).set(key, value);
  const pass = (world: World, no: string, change: (p: Pass) => Pass): World => {
    const known = world.passes.get(no);
    return known === undefined ? world : { ...world, passes: put(world.passes, no, change(known)) };
  };
  const evolutions: { readonly [K in Kind]: (world: World, fact: Fact<K>) => World } = {
    'pass-asked': (world, { no }) => ({ ...world, passes: put(world.passes, no, { no, stage: 'asked', seal: 'none' }) }),
    'pass-granted': (world, f) => pass(world, f.no, (p) => ({ ...p, stage: 'granted' })),
    'pass-refused': (world, f) => pass(world, f.no, (p) => ({ ...p, stage: 'refused' })),
    'pass-voided': (world, f) => pass(world, f.no, (p) => ({ ...p, stage: 'void' })),
    'pass-sealed': (world, f) => pass(world, f.no, (p) => ({ ...p, seal: 'set' })),
  };
  export function evolve(world: World, fact: Fact): World { return (evolutions[fact.kind] as (w: World, f: Fact) => World)(world, fact); }`;
const DECIDE = `
  import { createServer } from 'node:http';
  import { evolve } from './evolve';
  import { fact, type Fact, type World } from './world';
  type Command = { do: 'ask'; no: string } | { do: 'grant'; no: string } | { do: 'refuse'; no: string } | { do: 'void'; no: string }
    | { do: 'seal'; no: string } | { do: 'reseal'; no: string };
  const unless = (wrong: boolean): void => { if (wrong) throw new Error(); };
  const passOf = (world: World, no: string) => { const pass = world.passes.get(no); if (!pass) throw new Error(); return pass; };
  const decisions: { readonly [C in Command['do']]: (world: World, command: Extract<Command, { do: C }>) => Fact[] } = {
    ask: (world, { no }) => { unless(world.passes.has(no)); return [fact('pass-asked', { no })]; },
    grant: (world, { no }) => { unless(passOf(world, no).stage !== 'asked'); return [fact('pass-granted', { no })]; },
    refuse: (world, { no }) => { unless(passOf(world, no).stage !== 'asked'); return [fact('pass-refused', { no })]; },
    void: (world, { no }) => { unless(!['granted', 'refused'].includes(passOf(world, no).stage)); return [fact('pass-voided', { no })]; },
    seal: (world, { no }) => { unless(passOf(world, no).seal === 'set'); return [fact('pass-sealed', { no })]; },
    reseal: (world, { no }) => { unless(passOf(world, no).seal !== 'none'); return [fact('pass-sealed', { no })]; },
  };
  let world: World = { passes: new Map() };
  createServer((req, res) => {
    req.on('end', () => {
      const command = JSON.parse('{}') as Command;
      const facts = decisions[command.do](world, command as never);
      world = facts.reduce(evolve, world);
      res.end(JSON.stringify(facts));
    });
  }).listen(0);`;

test('what is decided in one table and done in another: states before from the one, after from the other', () => {
  assert.deepEqual(transitionsOf({ 'world.ts': WORLD, 'evolve.ts': EVOLVE, 'decide.ts': DECIDE }), [
    'Pass.seal <new> > none by pass-asked',
    'Pass.seal none > set by pass-sealed',
    'Pass.stage <new> > asked by pass-asked',
    'Pass.stage asked > granted by pass-granted',
    'Pass.stage asked > refused by pass-refused',
    'Pass.stage granted > void by pass-voided',
    'Pass.stage refused > void by pass-voided',
  ]);
});

test('a callback of a library may end in more ways than are told apart: what happened on each happened', () => {
  const verbs = ['asked', 'granted', 'refused', 'void', 'lost', 'found', 'torn', 'burnt'];
  const text = `
    import { createServer } from 'node:http';
    const passes = new Map<string, { id: string; stage: ${verbs.map((verb) => `'${verb}'`).join(' | ')} }>();
    createServer((req, res) => {
      req.on('end', () => {
        const pass = passes.get(String(req.url))!;
        switch (req.method) {
          ${verbs
            .slice(1)
            .map(
              (verb, i) =>
                `case '${i}': if (pass.stage !== '${verbs[i]}') throw new Error(); pass.stage = '${verb}'; break;`,
            )
            .join('\n')}
        }
        res.end(pass.stage);
      });
    });
    export function ask(id: string) { passes.set(id, { id, stage: 'asked' }); }`;
  const steps = transitionsOf({ 'main.ts': text }).map((step) => step.replace(/^\S+ | by .*/g, ''));
  for (const [i, verb] of verbs.slice(1).entries())
    assert.ok(steps.includes(`${verbs[i]} > ${verb}`), `${verbs[i]} > ${verb}`);
});
