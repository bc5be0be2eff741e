// Source files to CodeModel: what the code declares and does, with positions. Knows the compiler and source maps; no heaps.
export { isPassing } from './words.ts';
export type {
  CodeField,
  CodeModel,
  CodeTransition,
  CodeType,
  FieldType,
  LiteralForm,
  TypeForm,
  TypeKey,
  TypeRole,
  WriteSite,
} from './codeModel.ts';
export { carriedSource } from './carried.ts';
export type { CarriedScript, CarriedSource } from './carried.ts';
export type { SourceHost } from './sourceHost.ts';
export { createSourceReader, readSources } from './readSources.ts';
export type { SourceReader } from './readSources.ts';
export { createSourceJoin } from './join.ts';
export type { JoinLocation, JoinScript } from './join.ts';
