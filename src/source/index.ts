// Source files to CodeModel: what the code declares and does, with positions. Knows the compiler and source maps; no heaps.
export type {
  CodeField,
  CodeModel,
  CodeTransition,
  CodeType,
  FieldType,
  TypeForm,
  TypeKey,
  TypeRole,
  WriteSite,
} from './codeModel.ts';
