// When a keyframe is due: often enough that a jump to any place reads little, seldom enough that storing them pays.

/** Deltas between keyframes. Fewer would store more; more would make a jump to an unknown place read more. */
const FEWEST_DELTAS = 256;
const MOST_DELTAS = 2048;
/** What storing one part of a state costs, in characters of delta text: between the bounds, a keyframe waits until it pays. */
const CHUNK_COST = 2000;

/** What has been added since the last keyframe. */
export class SinceKeyframe {
  #deltas: number;
  #text: number;

  constructor(deltas: number, text = 0) {
    this.#deltas = deltas;
    this.#text = text;
  }

  /** A point whose content on the state has this length; 0 where it says nothing about it. */
  add(length: number): void {
    if (length > 0) this.#deltas++;
    this.#text += length;
  }

  /** `unstored`: how many parts of the state would have to be stored, asked only now and then. */
  isDue(unstored: () => number): boolean {
    if (this.#deltas < FEWEST_DELTAS || this.#deltas % FEWEST_DELTAS !== 0) return false;
    return this.#deltas >= MOST_DELTAS || this.#text >= unstored() * CHUNK_COST;
  }

  copy(): SinceKeyframe {
    return new SinceKeyframe(this.#deltas, this.#text);
  }
}
