// What went wrong, for people: a stable code, what happened, what to do. Only rooms with effects throw it.

/** An error of the catalogue. `code` never changes its meaning; `docs/errors.md` lists all codes. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;
  /** What the reader can do about it, as an instruction. */
  readonly action: string;
  constructor(code: string, what: string, action: string, cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause });
    this.code = code;
    this.action = action;
  }
}

export function isFailure(error: unknown, code?: string): error is Failure {
  return error instanceof Failure && (code === undefined || error.code === code);
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The user, or whoever started the work, called it off. */
export function cancelled(): Failure {
  return new Failure('cancelled', 'The operation was cancelled.', 'Start it again when you are ready.');
}
