/** A step of long work, in words for people; `done` and `total` in the unit that `what` names. */
export interface Progress {
  readonly phase: 'connect' | 'estimate' | 'capture' | 'parse' | 'source' | 'extract' | 'store' | 'record';
  readonly message: string;
  readonly done?: number;
  readonly total?: number;
}

/** What every asynchronous seam takes: a way to stop it and a way to say how far it is. */
export interface Work {
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}
