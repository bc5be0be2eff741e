// One SQLite file: opened safely, private to the user, statements kept, errors in the catalogue's words.
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from '../model/index.ts';
import { APPLICATION, MIGRATIONS } from './schema.ts';
import { foreign, locked, readOnly, storeFailure } from './storeFailure.ts';

export type Row = Record<string, SQLOutputValue>;

/** Readers never block the writer in WAL mode; this covers the short moments of a checkpoint or of recovery. */
const PATIENCE_MS = 2000;

export class Database {
  readonly file: string;
  readonly readOnly: boolean;
  readonly #connection: DatabaseSync;
  readonly #writing: WriterLock | undefined;
  readonly #statements = new Map<string, StatementSync>();
  #closed = false;

  constructor(file: string, connection: DatabaseSync, writing: WriterLock | undefined) {
    this.file = file;
    this.readOnly = writing === undefined;
    this.#connection = connection;
    this.#writing = writing;
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#guard(() => this.#statement(sql).all(...values));
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#guard(() => this.#statement(sql).get(...values));
  }

  /** The number of the row that was added last. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#guard(() => Number(this.#statement(sql).run(...values).lastInsertRowid));
  }

  /** All of the work is kept, or none of it. */
  transaction<T>(work: () => T): T {
    if (this.readOnly) throw readOnly(this.file);
    return this.#guard(() => {
      this.#connection.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#connection.exec('COMMIT');
        return result;
      } catch (error) {
        this.#rollBack();
        throw error;
      }
    });
  }

  /** All questions of the work see the same file, whatever a writer adds meanwhile. */
  reading<T>(work: () => T): T {
    return this.#guard(() => {
      this.#connection.exec('BEGIN');
      try {
        return work();
      } finally {
        this.#rollBack();
      }
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#statements.clear();
    this.#connection.close();
    this.#writing?.release();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#connection.prepare(sql)));
    return statement;
  }

  #rollBack(): void {
    try {
      this.#connection.exec('ROLLBACK');
    } catch {
      // A full disk may have ended the transaction already; the first error is the one to tell.
    }
  }

  #guard<T>(work: () => T): T {
    if (this.#closed)
      throw new Failure('store-closed', `The timeline ${this.file} was closed.`, 'Open it again to go on reading.');
    try {
      return work();
    } catch (error) {
      throw storeFailure(error, this.file);
    }
  }
}

/** Opens a timeline file, making it (and its folder) where it is not there and may be written. */
export function openDatabase(
  file: string,
  options: { readonly readOnly?: boolean; readonly migrations?: readonly string[] } = {},
): Database {
  const migrations = options.migrations ?? MIGRATIONS;
  const sqlite = loadSqlite();
  const reading = options.readOnly === true;
  let lock: WriterLock | undefined;
  let connection: DatabaseSync | undefined;
  try {
    const isNew = isNewFile(file, reading);
    if (!reading) {
      if (isNew) makePrivate(file);
      lock = new WriterLock(sqlite, file);
    }
    connection = connect(sqlite, file, reading);
    if (!reading) {
      connection.exec(
        'PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 16777216',
      );
    }
    connection.exec('PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16000');
    prepareSchema(connection, file, reading, migrations);
    // Only now is it certainly ours to touch.
    if (!reading) chmodSync(file, 0o600);
    return new Database(file, connection, lock);
  } catch (error) {
    connection?.close();
    lock?.release();
    throw storeFailure(error, file);
  }
}

type Sqlite = typeof import('node:sqlite');

function loadSqlite(): Sqlite {
  const emitWarning = process.emitWarning;
  // Node 22 calls the module experimental on stderr; whoever opens a timeline cannot do anything about it.
  process.emitWarning = (): void => undefined;
  try {
    const sqlite = process.getBuiltinModule?.('node:sqlite');
    if (sqlite) return sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
  throw new Failure(
    'store-needs-node',
    `Timelines need Node.js 22.13 or later; this is ${process.version}.`,
    'Run the command with a newer Node.js.',
  );
}

/**
 * True: there is nothing in it yet. The file itself is left to SQLite: on POSIX, closing any other descriptor of it would
 * drop the locks that this process holds on it.
 */
function isNewFile(file: string, reading: boolean): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) {
    if (reading)
      throw new Failure('store-missing', `There is no timeline ${file}.`, 'Check the path, or record first.');
    return true;
  }
  if (!found.isFile()) throw foreign(file, 'it is not a file');
  return found.size === 0;
}

function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  createPrivate(file);
  // An empty file may have been there; what SQLite puts beside it takes over its mode.
  chmodSync(file, 0o600);
}

/** Makes an empty file that only this user may read; one that is there already is not even opened. */
function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!existsSync(file)) throw error;
  }
}

function connect(sqlite: Sqlite, file: string, reading: boolean): DatabaseSync {
  const open = (path: string | URL): DatabaseSync => {
    const connection = new sqlite.DatabaseSync(path, { readOnly: reading, allowExtension: false });
    connection.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
    // Nothing is read from the file before the first question.
    connection.prepare('SELECT count(*) FROM sqlite_schema').get();
    return connection;
  };
  try {
    return open(file);
  } catch (error) {
    // In a folder that cannot be written there is no room for WAL's index; a file at rest can be read without it.
    if (!reading || existsSync(`${file}-wal`)) throw error;
    const url = pathToFileURL(file);
    url.searchParams.set('immutable', '1');
    return open(url);
  }
}

function pragma(connection: DatabaseSync, name: string): number {
  return Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function prepareSchema(connection: DatabaseSync, file: string, reading: boolean, migrations: readonly string[]): void {
  const version = pragma(connection, 'user_version');
  const application = pragma(connection, 'application_id');
  const tables = Number(connection.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n']);
  const untouched = tables === 0 && version === 0 && application === 0;
  if (!untouched && application !== APPLICATION) throw foreign(file, 'it is a database of another program');
  if (untouched && reading)
    throw new Failure('store-missing', `Nothing has been recorded to ${file} yet.`, 'Record to it first.');
  if (version > migrations.length)
    throw new Failure(
      'store-newer',
      `${file} was recorded by a newer version of this program (format ${version}; this one knows ${migrations.length}).`,
      'Update the program to open it. The file was not touched.',
    );
  if (version === migrations.length) return;
  if (reading)
    throw new Failure(
      'store-older',
      `${file} has the older format ${version}; this program reads format ${migrations.length}.`,
      'Open it once for writing: it is then brought to the new format.',
    );
  connection.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE');
  for (const [from, step] of migrations.entries()) {
    if (from < version) continue;
    connection.exec(step);
    connection.prepare('INSERT INTO migrations (version) VALUES (?)').run(from + 1);
  }
  connection.exec(`PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${migrations.length}; COMMIT`);
}

/**
 * One writer for the whole time a store is open. The lock is the operating system's, on an empty file beside the store,
 * so it ends with its process however that dies, and readers never meet it.
 */
class WriterLock {
  readonly #file: string;
  readonly #connection: DatabaseSync;

  constructor(sqlite: Sqlite, store: string) {
    this.#file = `${store}-writer`;
    createPrivate(this.#file);
    this.#connection = new sqlite.DatabaseSync(this.#file);
    try {
      this.#connection.exec('PRAGMA journal_mode = MEMORY; PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    } catch (error) {
      this.#connection.close();
      throw locked(store, error);
    }
  }

  release(): void {
    // Removed while still held: whoever comes next makes a new one. `append` checks the order again all the same.
    try {
      rmSync(this.#file, { force: true });
    } catch {
      // Windows does not remove an open file; an empty one that nobody holds is in nobody's way.
    }
    this.#connection.close();
  }
}
