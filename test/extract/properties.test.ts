// What must hold of every extraction: more to read takes no unrelated fact away, names are names and nothing else, a minified program is its sources.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { extractModel } from '../../src/extract/index.ts';
import { canonicalText, type Model, type SourcePosition } from '../../src/model/index.ts';
import type { HeapLocation } from '../../src/parse/index.ts';
import { readSources } from '../../src/source/index.ts';
import { memoryHost } from '../source/hosts.ts';
import { code } from './codeBuilder.ts';
import { heapOf } from './heapOf.ts';
import { modelText } from './modelText.ts';

const SEED = 20_262;

function modelOf(files: Readonly<Record<string, string>>): Model {
  return extractModel({ code: readSources(['/app'], memoryHost(files)) }).model;
}

/** One business in one file, with everything that is told of a thing: a key, a state, its changes, a part that refers. */
function business(name: string, [first, second, third]: readonly string[]): string {
  return `export type ${name}Status = '${first}' | '${second}' | '${third}';
export interface ${name} { readonly id: string; title: string; weight: number; status: ${name}Status; flagged: boolean }
const kept${name} = new Map<string, ${name}>();
export function create${name}(id: string, title: string, weight: number): ${name} {
  const made: ${name} = { id, title, weight, status: '${first}', flagged: false };
  kept${name}.set(made.id, made);
  return made;
}
export function advance${name}(id: string): void {
  const found = kept${name}.get(id);
  if (!found || found.status !== '${first}') throw new Error('not now');
  found.status = '${second}';
}
export function finish${name}(id: string): void {
  const found = kept${name}.get(id);
  if (!found || found.status !== '${second}') throw new Error('not now');
  found.status = '${third}';
  found.flagged = true;
}
`;
}

const NOUNS = ['Trawler', 'Orchard', 'Parcel', 'Lantern', 'Quarry', 'Violin', 'Glacier', 'Tannery'];
const nouns = fc.shuffledSubarray(NOUNS, { minLength: 2, maxLength: 4 });
const states = fc.shuffledSubarray(['grey', 'amber', 'violet', 'teal', 'ochre', 'coral'], {
  minLength: 3,
  maxLength: 3,
});

/** Lines of one entity: its own, its attributes', its relations', its transitions'. */
function factsOf(model: Model, entity: string): string[] {
  const own = {
    ...model,
    entities: model.entities.filter(({ name }) => name === entity),
    relations: model.relations.filter(({ subject }) => subject === entity),
    transitions: model.transitions.filter(({ object }) => object === entity),
    problems: [],
  };
  return modelText(own).split('\n');
}

test(`a further file takes no fact of the others away (seed ${SEED})`, () => {
  fc.assert(
    fc.property(nouns, states, (names, values) => {
      const files = names.map((name): [string, string] => [`${name.toLowerCase()}.ts`, business(name, values)]);
      const whole = modelOf(Object.fromEntries(files));
      assert.deepEqual(
        whole.entities.map(({ name }) => name),
        [...names].sort(),
      );
      const without = modelOf(Object.fromEntries(files.slice(1)));
      for (const name of names.slice(1)) assert.deepEqual(factsOf(whole, name), factsOf(without, name));
    }),
    { seed: SEED, numRuns: 6 },
  );
});

test(`a further instance takes no fact of others away (seed ${SEED})`, () => {
  const status = fc.constantFrom('open', 'closed');
  const parcel = fc.record({
    title: fc.constantFrom('a', 'b', 'c'),
    weight: fc.integer({ min: 100, max: 900 }),
    status,
  });
  const trawler = fc.record({
    hull: fc.constantFrom('oak', 'steel'),
    crew: fc.integer({ min: 1, max: 40 }),
    phase: status,
  });
  const parcels = fc.array(parcel, { minLength: 4, maxLength: 9 });
  const trawlers = fc.array(trawler, { minLength: 4, maxLength: 9 });
  const table = (of: string, records: readonly object[]): Map<string, object> =>
    new Map(records.map((each, n) => [`${of}${n}`, { id: `${of}${n}`, ...each }]));
  const facts = (inParcels: readonly object[], inTrawlers: readonly object[]): Model => {
    const berths = new Map([['q', { berthId: 'q', depth: 12, lit: true, side: 'north' }]]);
    return extractModel({
      graph: heapOf({ parcels: table('p', inParcels), trawlers: table('t', inTrawlers), berths }),
    }).model;
  };
  fc.assert(
    fc.property(parcels, trawlers, parcel, (inParcels, inTrawlers, more) => {
      const before = facts(inParcels, inTrawlers);
      const after = facts([...inParcels, more], inTrawlers);
      for (const unrelated of ['Berth', 'Trawler'])
        assert.deepEqual(factsOf(after, unrelated), factsOf(before, unrelated));
      for (const entity of before.entities) {
        const now = after.entities.find(({ name }) => name === entity.name);
        assert.deepEqual(now?.identity, entity.identity);
        for (const { name, states: seen = [] } of entity.attributes) {
          const same = now?.attributes.find((attribute) => attribute.name === name);
          assert.ok(same, `${entity.name}.${name}`);
          for (const { value } of seen) assert.ok(same.states?.some((state) => state.value === value));
        }
      }
    }),
    { seed: SEED, numRuns: 25 },
  );
});

test(`a name changed everywhere is changed in the model, and nothing else is (seed ${SEED})`, () => {
  const members = ['title', 'weight', 'flagged'];
  fc.assert(
    fc.property(nouns, states, fc.constantFrom(...members), ([old, next], values, member) => {
      const text = business(old as string, values);
      const renamed = text.replaceAll(old as string, next as string);
      assert.equal(
        modelText(modelOf({ 'main.ts': renamed })),
        modelText(modelOf({ 'main.ts': text })).replaceAll(old as string, next as string),
      );
      const other = text.replaceAll(new RegExp(`\\b${member}\\b`, 'g'), 'zeal');
      const byLine = (model: string): string[] => model.split('\n').sort();
      assert.deepEqual(
        byLine(modelText(modelOf({ 'main.ts': other }))),
        byLine(modelText(modelOf({ 'main.ts': text })).replaceAll(new RegExp(`\\b${member}\\b`, 'g'), 'zeal')),
      );
    }),
    { seed: SEED, numRuns: 6 },
  );
});

test('a minified program with its map gives the model and the state of its sources', () => {
  class Trawler {
    id: string;
    phase: string;
    crew: Hand[];
    constructor(id: string, phase: string, crew: Hand[]) {
      this.id = id;
      this.phase = phase;
      this.crew = crew;
    }
  }
  class Hand {
    id: string;
    rank: string;
    constructor(id: string, rank: string) {
      this.id = id;
      this.rank = rank;
    }
  }
  // What a bundler leaves of them: other names, all on the first line.
  const a = class a extends Trawler {};
  const b = class b extends Hand {};
  const program = code({
    Trawler: {
      fields: {
        id: 'string',
        phase: { is: "'ashore'|'fishing'", starts: 'ashore', becomes: { sail: 'fishing' } },
        crew: 'Hand[]',
      },
      kept: { trawlers: 'id' },
    },
    Hand: { fields: { id: 'string', rank: 'string' }, kept: { hands: 'id' } },
  });
  const sourceOf = (name: string): SourcePosition =>
    program.types.find((type) => type.name === name)?.source ?? assert.fail(name);
  const run = (Boat: typeof Trawler, Man: typeof Hand, minified: boolean): string => {
    const hands = ['h1', 'h2'].map((id) => new Man(id, 'mate'));
    const boats = ['t1', 't2'].map((id, n) => new Boat(id, n ? 'ashore' : 'fishing', hands));
    const at = minified
      ? { a: { script: 1, line: 0, column: 10 }, b: { script: 1, line: 0, column: 90 } }
      : { Trawler: { script: 1, line: 4, column: 2 }, Hand: { script: 1, line: 9, column: 2 } };
    const roots = { trawlers: byId(boats), hands: byId(hands) };
    const toSource = ({ line, column }: HeapLocation): SourcePosition =>
      sourceOf(line === 4 || column === 10 ? 'Trawler' : 'Hand');
    const { model, state } = extractModel({ code: program, graph: heapOf(roots, { at }), toSource });
    return canonicalText([model, [...state]]);
  };
  assert.equal(run(a, b, true), run(Trawler, Hand, false));
  assert.match(run(a, b, true), /"confirmed"/);
});

function byId<T extends { readonly id: string }>(things: readonly T[]): Map<string, T> {
  return new Map(things.map((thing) => [thing.id, thing]));
}
