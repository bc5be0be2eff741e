// Columns of numbers that grow as rows arrive. A count that a file claims is only a hint: memory follows what was read.

/** Rows allocated at once on a file's mere claim. */
const TRUSTED = 1 << 20;
const SMALLEST = 1 << 10;

/** The next capacity for at least `needed` rows, given what the header claims. */
export function nextCapacity(current: number, needed: number, claimed: number): number {
  const grown = current === 0 ? Math.min(Math.max(claimed, SMALLEST), TRUSTED) : current * 4;
  // Near the claimed count the claim is taken exactly, beyond it the growth is by half.
  const capped = current < claimed && grown > claimed ? claimed : current >= claimed ? current * 1.5 : grown;
  return Math.max(Math.ceil(capped), needed, SMALLEST);
}

export function grownUint32(old: Uint32Array, capacity: number): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(capacity);
  next.set(old);
  return next;
}

export function grownUint8(old: Uint8Array, capacity: number): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(capacity);
  next.set(old);
  return next;
}
