// A part of a list that stands for the whole.

/** Up to `limit` of the list, evenly spread over it. */
export function spread<T>(list: readonly T[], limit: number): readonly T[] {
  if (list.length <= limit) return list;
  const step = list.length / limit;
  return Array.from({ length: limit }, (_, i) => list[Math.floor(i * step)] as T);
}
