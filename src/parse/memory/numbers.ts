// Numbers that have no object of their own as nodes: small integers by their value, doubles by a list of those met.
import type { NodeIndex } from '../heapGraph.ts';

const INTEGERS = 2 ** 33;
const HALF = 2 ** 31;
const DOUBLES = 2 ** 34;
/** A value that the image does not hold. */
export const MISSING_NODE: NodeIndex = 2 ** 50;

export class Numbers {
  readonly #doubles: number[] = [];
  readonly #known = new Map<number, number>();
  #minusZero = -1;

  ofInteger(value: number): NodeIndex {
    return INTEGERS + HALF + value;
  }

  ofDouble(value: number): NodeIndex {
    const isMinusZero = Object.is(value, -0);
    const known = isMinusZero ? this.#minusZero : (this.#known.get(value) ?? -1);
    if (known >= 0) return DOUBLES + known;
    const own = this.#doubles.push(value) - 1;
    if (isMinusZero) this.#minusZero = own;
    else this.#known.set(value, own);
    return DOUBLES + own;
  }

  has(node: NodeIndex): boolean {
    return node >= INTEGERS && node < DOUBLES + this.#doubles.length;
  }

  valueOf(node: NodeIndex): number {
    return node >= DOUBLES ? (this.#doubles[node - DOUBLES] as number) : node - INTEGERS - HALF;
  }
}
