// What JavaScript's operators make of the values of a state. Entities are compared by identity.
import { refKey, type EntityInstance } from '../../model/index.ts';

export const UNKNOWN = Symbol('unknown');
/** A value, or that it is not known. */
export type Result = unknown;

export function isInstance(value: unknown): value is EntityInstance {
  return typeof value === 'object' && value !== null && 'entity' in value && 'attributes' in value;
}

export function unary(operator: string, value: Result): Result {
  if (value === UNKNOWN) return UNKNOWN;
  if (operator === '!') return !value;
  if (operator === '-' && typeof value === 'number') return -value;
  if (operator === '+') return Number(value);
  if (operator === 'typeof') return isInstance(value) ? 'object' : typeof value;
  return operator === 'void' ? undefined : UNKNOWN;
}

export function same(a: unknown, b: unknown, loosely: boolean): boolean {
  if (isInstance(a) && isInstance(b)) return refKey(a) === refKey(b);
  if (loosely && (a === null || a === undefined)) return b === null || b === undefined;
  if (loosely && typeof a !== typeof b && typeof a !== 'object' && typeof b !== 'object')
    return String(a) === String(b);
  return a === b;
}

function number(value: unknown): number {
  return value instanceof Date ? value.getTime() : Number(value);
}

export function ordered(operator: string, left: unknown, right: unknown): Result {
  const [a, b] = [number(left), number(right)];
  const texts = typeof left === 'string' && typeof right === 'string' ? left.localeCompare(right) : undefined;
  switch (operator) {
    case '<':
      return texts === undefined ? a < b : texts < 0;
    case '<=':
      return texts === undefined ? a <= b : texts <= 0;
    case '>':
      return texts === undefined ? a > b : texts > 0;
    case '>=':
      return texts === undefined ? a >= b : texts >= 0;
    case '+':
      return typeof left === 'string' || typeof right === 'string' ? `${String(left)}${String(right)}` : a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    default:
      return UNKNOWN;
  }
}
