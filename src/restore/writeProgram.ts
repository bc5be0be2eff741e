// What is run in the target to write values back: text for its JavaScript, called once on the list of its objects. It calls no method and
// no accessor of the program, and changes only plain properties that hold what they are expected to hold.

/**
 * Argument: the writes as JSON, `[{entity, key, id, shape, attribute, before, after}]`: all of them are made, or none.
 * `this`: all objects. An object is of an entity by the name of its class; where no class has that name, by its fields (`shape`).
 * Gives JSON: for each write `{written, differs, refused}`, counts of objects.
 */
export const WRITE_PROGRAM = `function (text) {
  const asked = JSON.parse(text);
  const own = Object.getOwnPropertyDescriptor;
  const made = (value) => {
    if (value === null || typeof value !== 'object') return value;
    switch (value.$type) {
      case 'bigint': return BigInt(value.value);
      case 'date': return new Date(typeof value.value === 'string' ? value.value : NaN);
      case 'nan': return NaN;
      case 'infinity': return Infinity;
      case '-infinity': return -Infinity;
      case '-0': return -0;
      default: return undefined;
    }
  };
  const dateOf = (value) => {
    try { return Date.prototype.getTime.call(value); } catch { return undefined; }
  };
  const same = (value, other) => {
    if (Object.is(value, other)) return true;
    if (typeof value !== 'object' || typeof other !== 'object' || value === null || other === null) return false;
    const time = dateOf(value);
    return time !== undefined && Object.is(time, dateOf(other));
  };
  const classOf = (object) => {
    for (let at = Object.getPrototypeOf(object); at !== null; at = Object.getPrototypeOf(at)) {
      const found = own(at, 'constructor');
      if (found === undefined || typeof found.value !== 'function') continue;
      const name = own(found.value, 'name');
      return name !== undefined && typeof name.value === 'string' ? name.value : '';
    }
    return '';
  };
  const wanted = new Map();
  for (const [n, write] of asked.entries()) {
    const list = wanted.get(write.id) || [];
    wanted.set(write.id, list);
    list.push({ ...write, n, from: made(write.before), to: made(write.after) });
  }
  const keys = [...new Set(asked.map(({ key }) => key))];
  const found = [];
  const named = new Set();
  for (let n = 0; n < this.length; n++) {
    const object = this[n];
    for (const key of keys) {
      const held = own(object, key);
      const list = held !== undefined && 'value' in held ? wanted.get(held.value) : undefined;
      if (list === undefined) continue;
      const name = classOf(object);
      for (const write of list) {
        if (write.key !== key || own(object, write.attribute) === undefined) continue;
        if (name === write.entity) named.add(write.entity);
        else if (!write.shape.every((field) => own(object, field) !== undefined)) continue;
        found.push({ object, name, write });
      }
    }
  }
  const ready = [];
  const told = asked.map(() => ({ written: 0, differs: 0, refused: 0 }));
  for (const { object, name, write } of found) {
    if (named.has(write.entity) && name !== write.entity) continue;
    const count = told[write.n];
    const place = own(object, write.attribute);
    if (!('value' in place) || place.writable !== true || Object.isFrozen(object)) count.refused++;
    else if (!same(place.value, write.from)) count.differs++;
    else {
      ready.push({ object, write });
      count.written++;
    }
  }
  if (told.every(({ written, differs, refused }) => written > 0 && differs === 0 && refused === 0))
    for (const { object, write } of ready) object[write.attribute] = write.to;
  return JSON.stringify(told);
}`;
