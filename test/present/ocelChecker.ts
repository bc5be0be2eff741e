// OCEL 2.0 JSON as the published schema and text say it: the form of each part, and what the parts say of each other.
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const TYPES = ['string', 'time', 'integer', 'float', 'boolean'];

/** Everything wrong with a log, as `path: what`; empty: it conforms. */
export function ocelFaults(text: string): string[] {
  const faults: string[] = [];
  const fail = (path: string, what: string): undefined => void faults.push(`${path}: ${what}`);
  const field = (value: Json, name: string, path: string): Json => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(path, 'is no object');
    else if (Object.hasOwn(value, name)) return value[name] ?? null;
    else fail(path, `has no ${name}`);
    return null;
  };
  const text_ = (value: Json, name: string, path: string): string => {
    const found = field(value, name, path);
    if (typeof found !== 'string') fail(path, `${name} is no text`);
    return String(found);
  };
  const list = (value: Json, name: string, path: string): Json[] => {
    const found = field(value, name, path);
    if (!Array.isArray(found)) fail(path, `${name} is no list`);
    return Array.isArray(found) ? found : [];
  };
  const time = (value: Json, path: string): void => {
    const found = text_(value, 'time', path);
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(found))
      fail(path, `${found} is no date-time`);
  };

  const log = JSON.parse(text) as Json;
  const typesOf = (name: string): Map<string, Map<string, string>> => {
    const types = new Map<string, Map<string, string>>();
    for (const [at, type] of list(log, name, 'log').entries()) {
      const path = `${name}[${at}]`;
      const attributes = new Map<string, string>();
      for (const attribute of list(type, 'attributes', path)) {
        const kind = text_(attribute, 'type', path);
        if (!TYPES.includes(kind)) fail(path, `${kind} is no attribute type`);
        const key = text_(attribute, 'name', path);
        if (attributes.has(key)) fail(path, `declares ${key} twice`);
        attributes.set(key, kind);
      }
      const key = text_(type, 'name', path);
      if (types.has(key)) fail(path, `declares ${key} twice`);
      types.set(key, attributes);
    }
    return types;
  };
  const value = (attribute: Json, declared: Map<string, string> | undefined, path: string): void => {
    const name = text_(attribute, 'name', path);
    const given = text_(attribute, 'value', path);
    const kind = declared?.get(name);
    if (kind === undefined) fail(path, `attribute ${name} is not declared for its type`);
    if (kind === 'integer' && !/^-?\d+$/.test(given) && !Number.isInteger(Number(given)))
      fail(path, `${name}: ${given} is no integer`);
    if (kind === 'float' && Number.isNaN(Number(given))) fail(path, `${name}: ${given} is no number`);
    if (kind === 'boolean' && !['true', 'false'].includes(given)) fail(path, `${name}: ${given} is no boolean`);
    if (kind === 'time' && Number.isNaN(Date.parse(given))) fail(path, `${name}: ${given} is no time`);
  };

  const [objectTypes, eventTypes] = [typesOf('objectTypes'), typesOf('eventTypes')];
  const ids = new Set<string>();
  const relationships: [string, Json][] = [];
  const each = (name: 'objects' | 'events', types: Map<string, Map<string, string>>): void => {
    const own = new Set<string>();
    for (const [at, entry] of list(log, name, 'log').entries()) {
      const path = `${name}[${at}]`;
      const id = text_(entry, 'id', path);
      if (own.has(id)) fail(path, `its id ${id} is taken`);
      own.add(id);
      if (name === 'objects') ids.add(id);
      else time(entry, path);
      const type = text_(entry, 'type', path);
      if (!types.has(type)) fail(path, `type ${type} is not declared`);
      for (const attribute of list(entry, 'attributes', path)) {
        value(attribute, types.get(type), path);
        if (name === 'objects') time(attribute, path);
      }
      for (const relationship of list(entry, 'relationships', path)) relationships.push([path, relationship]);
    }
  };
  each('objects', objectTypes);
  each('events', eventTypes);
  for (const [path, relationship] of relationships) {
    text_(relationship, 'qualifier', path);
    const target = text_(relationship, 'objectId', path);
    if (!ids.has(target)) fail(path, `relates to ${target}, which is no object`);
  }
  return faults;
}
