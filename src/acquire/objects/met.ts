// The objects that a walk has met, each under one number. Runs as text inside the target: it names nothing but its arguments.

/** Objects by number, in the order in which they were met. */
export interface Met {
  readonly list: readonly object[];
  idOf(object: object): number;
}

/** A table of those seen is not made larger than `tableSize`: it would take too long to grow. */
export function createMet(tableSize: number): Met {
  const tables: Map<object, number>[] = [new Map()];
  const list: object[] = [];
  return {
    list,
    idOf(object) {
      for (let n = tables.length - 1; n >= 0; n--) {
        const known = (tables[n] as Map<object, number>).get(object);
        if (known !== undefined) return known;
      }
      let table = tables[tables.length - 1] as Map<object, number>;
      if (table.size >= tableSize) tables.push((table = new Map()));
      table.set(object, list.length);
      return list.push(object) - 1;
    },
  };
}
