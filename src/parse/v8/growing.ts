// Columns of numbers that grow as rows arrive. A count that a file claims is only a hint: memory follows what was read.

/** Rows allocated at once on a file's mere claim. Memory that is not written to costs address space only. */
const TRUSTED = 1 << 22;
const SMALLEST = 1 << 10;

/** A claim counts as true once this part of it was read. */
const BELIEVED = 1 / 16;

/** The next capacity for at least `needed` rows, given what the header claims. */
export function nextCapacity(current: number, needed: number, claimed: number): number {
  const believed = claimed <= TRUSTED || current >= claimed * BELIEVED;
  const wanted = current < claimed ? (believed ? claimed : Math.max(current * 4, TRUSTED)) : current * 1.5;
  return Math.max(Math.ceil(wanted), needed, SMALLEST);
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
