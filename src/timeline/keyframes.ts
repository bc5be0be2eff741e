// Whole states in the file: a keyframe is a list of chunks, and a chunk that did not change is stored once.
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { refKey, type EntityInstance } from '../model/index.ts';
import type { Database, Row } from './database.ts';
import { fromText, toText } from './exactJson.ts';
import { chunkPlace, inChunk, StateMap, type Chunk } from './stateMap.ts';

/** A keyframe without its content: the state after the point `seq`. */
export interface Keyframe {
  readonly seq: number;
  readonly size: number;
  readonly chunks: Uint32Array;
}

/** Chunks kept in memory after reading, some 250,000 instances; the oldest go first. */
const MOST_CHUNKS = 4096;
const HASH_BYTES = 16;

export class Keyframes {
  readonly #database: Database;
  readonly #loaded = new Map<number, Chunk>();
  #ids = new WeakMap<Chunk, number>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** How many chunks of a state are not in the file yet: what a keyframe of it would cost. */
  unstored(state: StateMap): number {
    let count = 0;
    for (const chunk of state.chunks) if (!this.#ids.has(chunk)) count++;
    return count;
  }

  /** `origin`: the state is a new beginning and does not follow from the one before it. */
  save(seq: number, state: StateMap, origin: boolean): void {
    const chunks = Uint32Array.from(state.chunks, (chunk) => this.#store(chunk));
    this.#database.run(
      'INSERT INTO keyframes (seq, origin, entities, chunks) VALUES (?, ?, ?, ?) ON CONFLICT (seq) DO UPDATE SET origin = max(origin, excluded.origin), entities = excluded.entities, chunks = excluded.chunks',
      ...[seq, origin ? 1 : 0, state.size, new Uint8Array(chunks.buffer)],
    );
  }

  /** The last keyframe at or before a place. */
  before(seq: number): Keyframe | undefined {
    const row = this.#database.get('SELECT * FROM keyframes WHERE seq <= ? ORDER BY seq DESC LIMIT 1', seq);
    return row && keyframeOf(row);
  }

  /** Whether the state begins anew somewhere after `from`, up to and including `to`. */
  beginsBetween(from: number, to: number): boolean {
    const sql = 'SELECT 1 FROM keyframes INDEXED BY keyframes_origin WHERE origin = 1 AND seq > ? AND seq <= ? LIMIT 1';
    return this.#database.get(sql, from, to) !== undefined;
  }

  /** How often the state begins anew: a number that changes with every origin another process may add. */
  beginnings(): number {
    const sql = 'SELECT count(*) AS n FROM keyframes INDEXED BY keyframes_origin WHERE origin = 1';
    return Number(this.#database.get(sql)?.['n']);
  }

  state(keyframe: Keyframe): StateMap {
    return new StateMap(
      Array.from(keyframe.chunks, (id) => this.#chunk(id)),
      keyframe.size,
    );
  }

  /** One instance of a keyframe; reads as many chunks as a binary search takes. */
  instance(keyframe: Keyframe, key: string): EntityInstance | undefined {
    const { chunks } = keyframe;
    const at = (place: number): Chunk => this.#chunk(chunks[place] as number);
    if (chunks.length === 0) return undefined;
    return inChunk(at(chunkPlace(chunks.length, (place) => at(place).keys[0] as string, key)), key);
  }

  /** After a batch was given up, numbers given in it mean nothing. */
  forget(): void {
    this.#ids = new WeakMap();
    this.#loaded.clear();
  }

  #store(chunk: Chunk): number {
    const known = this.#ids.get(chunk);
    if (known !== undefined) return known;
    const text = toText(chunk.values);
    const hash = createHash('sha256').update(text).digest().subarray(0, HASH_BYTES);
    const found = this.#database.get('SELECT id FROM chunks WHERE hash = ?', hash)?.['id'];
    const id =
      typeof found === 'number'
        ? found
        : this.#database.run('INSERT INTO chunks (hash, body) VALUES (?, ?)', hash, deflateRawSync(text, { level: 1 }));
    this.#keep(id, chunk);
    return id;
  }

  #chunk(id: number): Chunk {
    const known = this.#loaded.get(id);
    if (known) return known;
    const body = this.#database.get('SELECT body FROM chunks WHERE id = ?', id)?.['body'];
    if (!(body instanceof Uint8Array)) throw new SyntaxError(`part ${id} of a state is not there`);
    const values = fromText(inflateRawSync(body).toString());
    if (!Array.isArray(values) || values.length === 0) throw new SyntaxError(`part ${id} of a state has no content`);
    const instances = values as readonly EntityInstance[];
    const chunk: Chunk = { keys: instances.map(refKey), values: instances };
    this.#keep(id, chunk);
    return chunk;
  }

  #keep(id: number, chunk: Chunk): void {
    this.#ids.set(chunk, id);
    this.#loaded.set(id, chunk);
    if (this.#loaded.size <= MOST_CHUNKS) return;
    for (const oldest of this.#loaded.keys()) {
      this.#loaded.delete(oldest);
      return;
    }
  }
}

function keyframeOf(row: Row): Keyframe {
  const bytes = row['chunks'];
  if (!(bytes instanceof Uint8Array) || bytes.length % 4 !== 0) throw new SyntaxError('a keyframe has no content');
  // Copied, since the bytes of a row may begin at an address that 32-bit numbers cannot.
  const chunks = new Uint32Array(bytes.slice().buffer);
  return { seq: Number(row['seq']), size: Number(row['entities']), chunks };
}
