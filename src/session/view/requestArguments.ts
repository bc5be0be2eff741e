// Arguments of `semantic/...` requests, checked field by field: they come from a page or from any DAP client.
import { Failure, type EntityRef, type SourcePosition } from '../../model/index.ts';
import { EXPORT_EXTENSIONS, type ExportForm, type Goto } from '../../present/index.ts';

type Fields = { readonly [name: string]: unknown };

function wrong(name: string, wanted: string): Failure {
  return new Failure('bad-arguments', `"${name}" must be ${wanted}.`, 'Correct the request.');
}

export function fieldsOf(args: unknown, name = 'arguments'): Fields {
  if (args === undefined || args === null) return {};
  if (typeof args !== 'object' || Array.isArray(args)) throw wrong(name, 'an object');
  return args as Fields;
}

export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw wrong(name, 'a text');
  return value;
}

export function optionalText(fields: Fields, name: string): string | undefined {
  return fields[name] === undefined ? undefined : text(fields, name);
}

export function number(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(name, 'a number');
  return value;
}

export function optionalNumber(fields: Fields, name: string): number | undefined {
  return fields[name] === undefined ? undefined : number(fields, name);
}

export function optionalFlag(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  if (value !== undefined && typeof value !== 'boolean') throw wrong(name, 'true or false');
  return value;
}

export function optionalRef(fields: Fields, name: string): EntityRef | undefined {
  if (fields[name] === undefined || fields[name] === null) return undefined;
  const { entity, id } = fieldsOf(fields[name], name);
  if (typeof entity !== 'string' || (typeof id !== 'string' && typeof id !== 'number')) {
    throw wrong(name, 'an entity: {"entity": TYPE, "id": ID}');
  }
  return { entity, id };
}

export function ref(fields: Fields, name: string): EntityRef {
  const found = optionalRef(fields, name);
  if (!found) throw wrong(name, 'an entity: {"entity": TYPE, "id": ID}');
  return found;
}

export function sourcePosition(fields: Fields, name: string): SourcePosition {
  const of = fieldsOf(fields[name], name);
  const column = optionalNumber(of, 'column');
  return { file: text(of, 'file'), line: number(of, 'line'), ...(column !== undefined && { column }) };
}

const STEPS = [
  'next',
  'previous',
  'nextOfFocus',
  'previousOfFocus',
  'nextSnapshot',
  'previousSnapshot',
  'first',
  'live',
] as const;

export function place(fields: Fields): Goto {
  if (fields['seq'] !== undefined) return { seq: Math.trunc(number(fields, 'seq')) };
  if (fields['time'] !== undefined) return { time: number(fields, 'time') };
  const step = STEPS.find((one) => one === fields['step']);
  if (step) return { step };
  throw wrong('step', `one of ${STEPS.join(', ')}, where neither "seq" nor "time" is given`);
}

export function exportForm(fields: Fields): ExportForm {
  const form = (Object.keys(EXPORT_EXTENSIONS) as ExportForm[]).find((one) => one === fields['as']);
  if (form) return form;
  throw wrong('as', `one of ${Object.keys(EXPORT_EXTENSIONS).join(', ')}`);
}

/** Fields that are there, without those that are undefined. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
