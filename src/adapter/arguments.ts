// Arguments of requests as they came: anything at all. What is not as it should be is refused by name.
import { Failure } from '../model/index.ts';

function wrong(name: string, wanted: string): Failure {
  return new Failure('bad-arguments', `"${name}" must be ${wanted}.`, 'Correct the request.');
}

export function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string') throw wrong(name, 'a text');
  return value;
}

export function optionalText(value: unknown, name: string): string | undefined {
  return value === undefined || value === null ? undefined : textOf(value, name);
}

export function wholeNumber(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong(name, 'a whole number');
  return value;
}

export function optionalNumber(value: unknown, name: string): number | undefined {
  return value === undefined || value === null ? undefined : wholeNumber(value, name);
}

export function optionalFlag(value: unknown, name: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrong(name, 'true or false');
  return value;
}

export type Fields = { readonly [name: string]: unknown };

export function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name, 'an object');
  return value as Fields;
}

/** An absent list is empty. */
export function listOfFields(value: unknown, name: string): readonly Fields[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(name, 'a list');
  return value.map((item, index) => fieldsOf(item, `${name}[${index}]`));
}

/** A text stands for a list of one. */
export function listOfTexts(value: unknown, name: string): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) throw wrong(name, 'a list of texts');
  return value.map((item, index) => textOf(item, `${name}[${index}]`));
}
