// Values as JSON text that comes back the same: JSON.stringify would turn minus zero into zero.

/** The JSON text of plain data; keys keep their order and `-0` stays `-0`. */
export function toText(value: unknown): string {
  return holdsMinusZero(value) ? write(value) : (JSON.stringify(value) ?? 'null');
}

export function fromText(text: string): unknown {
  return JSON.parse(text);
}

function holdsMinusZero(value: unknown): boolean {
  if (typeof value === 'number') return Object.is(value, -0);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsMinusZero);
  for (const name in value) if (holdsMinusZero((value as Record<string, unknown>)[name])) return true;
  return false;
}

function write(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${write(field)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
