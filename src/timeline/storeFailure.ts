// SQLite's error codes in the words of the catalogue.
import { Failure, isFailure, messageOf } from '../model/index.ts';

const BUSY = [5, 6, 261, 517];
const DAMAGED = 11;
const NOT_A_DATABASE = 26;
const READ_ONLY = 8;
const FULL = 13;
const CANNOT_OPEN = 14;
/** Input/output errors that a full disk gives: a write, a truncation, or the shared index that cannot grow. */
const FULL_DISK_IO = [778, 1546, 4874];

export function locked(file: string, cause?: unknown): Failure {
  return new Failure(
    'store-locked',
    `Another program is recording to ${file}.`,
    'Stop that recording first, open the timeline read-only, or choose another file.',
    cause,
  );
}

export function damaged(file: string, what: string, cause?: unknown): Failure {
  return new Failure(
    'store-damaged',
    `The timeline ${file} is damaged: ${what}.`,
    'Keep a copy. `sqlite3 FILE .recover | sqlite3 NEW` saves what is readable; then record to a new file.',
    cause,
  );
}

export function foreign(file: string, what: string): Failure {
  return new Failure(
    'store-foreign',
    `${file} is no timeline: ${what}.`,
    'Choose a file that was recorded by this program, or a new file. This one was not touched.',
  );
}

export function full(file: string, cause?: unknown): Failure {
  return new Failure(
    'store-full',
    `The disk is full; the last batch was not added to ${file}. Everything before it is kept.`,
    'Free some space and take the snapshot again, or record to another disk.',
    cause,
  );
}

export function wrongPoint(what: string): Failure {
  return new Failure('store-wrong-point', `A point cannot be kept: ${what}.`, 'Report this as a fault of the program.');
}

/** Anything thrown while working with the file, as a Failure; failures pass through. */
export function storeFailure(error: unknown, file: string): Failure {
  if (isFailure(error)) return error;
  const number = errorNumber(error);
  const kind = number & 0xff;
  const what = messageOf(error);
  if (error instanceof SyntaxError || systemCode(error)?.startsWith('Z_')) return damaged(file, what, error);
  if (BUSY.includes(number) || BUSY.includes(kind)) return locked(file, error);
  if (kind === NOT_A_DATABASE) return foreign(file, 'it has another format');
  if (kind === DAMAGED) return damaged(file, what, error);
  if (kind === FULL || FULL_DISK_IO.includes(number) || systemCode(error) === 'ENOSPC') return full(file, error);
  if (kind === READ_ONLY) return readOnly(file, error);
  if (kind === CANNOT_OPEN || systemCode(error) === 'EACCES' || systemCode(error) === 'EPERM')
    return new Failure(
      'store-unreachable',
      `${file} cannot be opened: ${what}.`,
      'Check that the folder exists and that you may read and write it.',
      error,
    );
  return new Failure(
    'store-failed',
    `The timeline ${file} could not be used: ${what}.`,
    'Try again; if it happens again, record to another file.',
    error,
  );
}

export function readOnly(file: string, cause?: unknown): Failure {
  return new Failure(
    'store-read-only',
    `${file} is open for reading only.`,
    'Open it for writing, or record to another file.',
    cause,
  );
}

function errorNumber(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return -1;
  return typeof error.errcode === 'number' ? error.errcode : -1;
}

function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
