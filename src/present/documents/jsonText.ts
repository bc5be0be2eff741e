// Data as indented JSON with minus zero kept, which `JSON.stringify` writes as zero.

export interface JsonForm {
  /** Keys of objects in order; else as they are. */
  readonly sorted?: boolean;
}

/** Plain data only: no cycles, no `toJSON`. What is undefined is left out. Ends with a line break. */
export function jsonText(value: unknown, form: JsonForm = {}): string {
  return `${write(value, '', form)}\n`;
}

function write(value: unknown, indent: string, form: JsonForm): string {
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = `${indent}  `;
  if (Array.isArray(value))
    return block(
      '[]',
      value.map((each) => write(each, inner, form)),
      indent,
    );
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  if (form.sorted) fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return block(
    '{}',
    fields.map(([key, each]) => `${JSON.stringify(key)}: ${write(each, inner, form)}`),
    indent,
  );
}

function block(brackets: '[]' | '{}', parts: readonly string[], indent: string): string {
  if (parts.length === 0) return brackets;
  return `${brackets[0]}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${brackets[1]}`;
}
