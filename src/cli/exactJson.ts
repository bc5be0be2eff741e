// JSON with minus zero kept, as the contract asks: `JSON.stringify` writes it as zero.
import { randomUUID } from 'node:crypto';

/** @param indent spaces for each level; 0: one line */
export function exactJson(value: unknown, indent = 0): string {
  let token: string | undefined;
  const text = JSON.stringify(
    value,
    (_key, each: unknown) => (Object.is(each, -0) ? (token ??= `minus zero ${randomUUID()}`) : each),
    indent,
  );
  return token === undefined ? text : text.replaceAll(JSON.stringify(token), '-0');
}
