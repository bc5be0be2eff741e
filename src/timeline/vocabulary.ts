// Names and references are written once and known by number, so that points and their indexes stay small.
import type { EntityRef } from '../model/index.ts';
import type { Database } from './database.ts';
import { fromText, toText } from './exactJson.ts';

/** References remembered in memory; forgotten all at once beyond this, to be looked up again. */
const MOST_REFS = 100_000;

export class Vocabulary {
  readonly #database: Database;
  readonly #names = new Map<string, number>();
  readonly #texts = new Map<number, string>();
  readonly #refs = new Map<string, number>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Undefined: nothing of that name was ever recorded. */
  findName(name: string): number | undefined {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    // As JSON text: names come from programs and may hold what SQLite's text cannot (lone surrogates, NUL).
    const id = this.#database.get('SELECT id FROM names WHERE text = ?', toText(name))?.['id'];
    if (typeof id === 'number') this.#keepName(id, name);
    return typeof id === 'number' ? id : undefined;
  }

  addName(name: string): number {
    const found = this.findName(name);
    if (found !== undefined) return found;
    const id = this.#database.run('INSERT INTO names (text) VALUES (?)', toText(name));
    this.#keepName(id, name);
    return id;
  }

  nameOf(id: number): string {
    const known = this.#texts.get(id);
    if (known !== undefined) return known;
    const text = this.#database.get('SELECT text FROM names WHERE id = ?', id)?.['text'];
    const name = typeof text === 'string' ? fromText(text) : undefined;
    if (typeof name !== 'string') throw new SyntaxError(`name ${id} is not there`);
    this.#keepName(id, name);
    return name;
  }

  findRef(ref: EntityRef): number | undefined {
    const entity = this.findName(ref.entity);
    if (entity === undefined) return undefined;
    const key = toText(ref.id);
    const known = this.#refs.get(`${entity} ${key}`);
    if (known !== undefined) return known;
    const id = this.#database.get('SELECT id FROM refs WHERE entity = ? AND key = ?', entity, key)?.['id'];
    if (typeof id === 'number') this.#keepRef(`${entity} ${key}`, id);
    return typeof id === 'number' ? id : undefined;
  }

  addRef(ref: EntityRef): number {
    const found = this.findRef(ref);
    if (found !== undefined) return found;
    const entity = this.addName(ref.entity);
    const key = toText(ref.id);
    const id = this.#database.run('INSERT INTO refs (entity, key) VALUES (?, ?)', entity, key);
    this.#keepRef(`${entity} ${key}`, id);
    return id;
  }

  /** After a batch was given up, numbers given in it mean nothing. */
  forget(): void {
    this.#names.clear();
    this.#texts.clear();
    this.#refs.clear();
  }

  #keepName(id: number, name: string): void {
    this.#names.set(name, id);
    this.#texts.set(id, name);
  }

  #keepRef(key: string, id: number): void {
    if (this.#refs.size >= MOST_REFS) this.#refs.clear();
    this.#refs.set(key, id);
  }
}
