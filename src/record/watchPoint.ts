// How a place is watched where its text cannot be edited: conditions evaluated where V8 can stand, which tell and never stop. Plain data.

/** A stretch of the script in which V8 may have a place to stand. Offsets of the original. */
export interface Window {
  readonly from: number;
  readonly to: number;
  /** The first place in it or the last; `call`: at the call itself, its arguments evaluated; `return`: as the function is left. */
  readonly pick: 'first' | 'last' | 'call' | 'return';
  /** What lies in it and does not always run before the place, or belongs to another function. */
  readonly except: readonly (readonly [number, number])[];
  readonly condition: string;
}

/** All of its steps are needed; of one step the first window with a place to stand. */
export interface Way {
  readonly steps: readonly (readonly Window[])[];
}

export interface WatchPoint {
  readonly site: number;
  /** The best first. Empty: it cannot be watched. */
  readonly ways: readonly Way[];
  readonly why: string;
  /** What it tells is told otherwise as well, if less surely: nothing is said where it cannot be watched. */
  readonly isHint?: true;
}
