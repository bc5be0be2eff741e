// By which field things are kept, however the key reaches the store; and whose key a field holds, also through keepers of anything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources, type CodeModel } from '../../src/source/index.ts';
import { memoryHost } from './hosts.ts';

function read(text: string, name = 'app.ts'): CodeModel {
  return readSources(['/app'], memoryHost({ [name]: text }));
}

function keysOf({ types }: CodeModel, type: string): string[] {
  const found = types.find(({ name }) => name.toLowerCase() === type.toLowerCase());
  return (found?.stores ?? []).map(({ name, keyField }) => `${name} by ${keyField}`);
}

test('the key is the value that a field of the literal was given', () => {
  const model = read(`
    interface Tram { plate: string; seats: number }
    const trams = new Map<string, Tram>();
    let built = 0;
    export function build(seats: number) { built += 1; const plate = 'T' + built; const tram = { plate, seats }; trams.set(plate, tram); }
    export function buy({ plate, seats }: Tram) { if (trams.has(plate)) throw new Error(); trams.set(plate, { seats, plate: plate }); }`);
  assert.deepEqual(keysOf(model, 'Tram'), ['trams by plate']);
});

test('the key is what the constructor was given, through the method of a register for anything', () => {
  const model = read(`
    class Register<T> {
      readonly #rows = new Map<string, T>();
      enter(key: string, row: T): T { this.#rows.set(key, row); return row; }
    }
    class Depot { readonly #sign: string; #open = true; constructor(sign: string) { this.#sign = sign; } close() { this.#open = false; } }
    export class Network {
      readonly depots = new Register<Depot>();
      found(sign: string) { return this.depots.enter(sign, new Depot(sign)); }
    }`);
  assert.deepEqual(keysOf(model, 'Depot'), ['depots by #sign']);
});

test('a new table takes the place of the one before: what is put into it is kept where that one was', () => {
  const model = read(`
    type Line = Readonly<{ code: string; colour: string }>;
    type World = Readonly<{ lines: ReadonlyMap<string, Line> }>;
    const put = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> => new Map(map).set(key, value);
    export const open = (world: World, f: { code: string; colour: string }): World =>
      ({ ...world, lines: put(world.lines, f.code, { code: f.code, colour: f.colour }) });`);
  assert.deepEqual(keysOf(model, 'Line'), ['lines by code']);
});

const CLONES = `
  export abstract class Root { abstract key(): string; }
  export class Tram extends Root {
    private depot: string | null = null;
    constructor(private readonly plate: string, private readonly line: string) { super(); }
    key() { return this.plate; }
    place(depot: Depot) { this.depot = depot.key(); }
    onLine() { return this.line; }
  }
  export class NightTram extends Tram {}
  export class Depot extends Root { constructor(private readonly sign: string) { super(); } key() { return this.sign; } }
  export class Line extends Root { constructor(private readonly code: string) { super(); } key() { return this.code; } }
  function copy<T extends Root>(one: T): T { return Object.assign(Object.create(Object.getPrototypeOf(one)), one); }
  class Shelf<T extends Root> {
    private readonly rows = new Map<string, T>();
    load(key: string): T { const row = this.rows.get(key); if (!row) throw new Error(); return copy(row); }
    save(one: T): T { this.rows.set(one.key(), copy(one)); return one; }
  }
  export class Service {
    readonly trams = new Shelf<Tram>();
    readonly depots = new Shelf<Depot>();
    readonly lines = new Shelf<Line>();
    start(plate: string, code: string) { this.lines.load(code); return this.trams.save(new NightTram(plate, code)); }
    open(sign: string) { return this.depots.save(new Depot(sign)); }
    draw(code: string) { return this.lines.save(new Line(code)); }
    park(plate: string, sign: string) { const tram = this.trams.load(plate); tram.place(this.depots.load(sign)); this.trams.save(tram); }
    lineOf(plate: string) { return this.lines.load(this.trams.load(plate).onLine()); }
  }`;

test('a method says the key of each sort of thing; copies are kept; a sort is kept as its kind is', () => {
  const model = read(CLONES);
  assert.deepEqual(
    ['Tram', 'NightTram', 'Depot', 'Line'].map((name) => keysOf(model, name)),
    [['trams by plate'], [], ['depots by sign'], ['lines by code']],
  );
});

test('what a keeper of anything gives is what the call says, and its key links the field that holds it', () => {
  const model = read(CLONES);
  const tram = model.types.find(({ name }) => name === 'Tram');
  const links = ['depot', 'line'].map((name) => tram?.fields.find((field) => field.name === name)?.type);
  assert.deepEqual(
    links.map((type) => [type?.target, type?.byId]),
    [
      ['app.ts#Depot', true],
      ['app.ts#Line', true],
    ],
  );
});
