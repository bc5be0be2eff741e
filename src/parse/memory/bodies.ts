// Which words of an object lead to other objects, by its type. A word that is none and is taken for one makes dead objects live, or
// leads nowhere, whenever its bits happen to look like an address; so what V8 keeps as bare numbers is left out.
import type { HiddenClass } from './hiddenClasses.ts';
import type { Layout } from './layout.ts';

export type Body =
  | { readonly form: 'nothing' }
  /** Words from `from` to before `to`. */
  | { readonly form: 'words'; readonly from: number; readonly to: number; readonly except?: number }
  /** As many words as the second word says, after it. */
  | { readonly form: 'listed' }
  /** The marking knows. */
  | { readonly form: 'special' };

const NOTHING: Body = { form: 'nothing' };
const SPECIAL: Body = { form: 'special' };
const LISTED: Body = { form: 'listed' };

export function bodyOf(layout: Layout, { type, size }: HiddenClass): Body {
  const is = (...names: readonly string[]): boolean => names.some((name) => layout.type(name) === type);
  // Strings: the second word is hash and length.
  if (type < 128) return (type & 7) === 0 || (type & 7) === 2 ? NOTHING : { form: 'words', from: 2, to: size };
  if (is('HEAP_NUMBER_TYPE') || type === layout.type('HEAP_NUMBER_TYPE') - 1) return NOTHING;
  if (is(...SPECIALS)) return SPECIAL;
  if (is('MAP_TYPE')) return { form: 'words', from: 3, to: size };
  if (is('SYMBOL_TYPE', 'ALLOCATION_SITE_TYPE')) {
    // Hash and flags; or, in an allocation site, V8's own template of a literal, which is no object of the program.
    return { form: 'words', from: 2, to: size };
  }
  if (is('SHARED_FUNCTION_INFO_TYPE')) {
    // Beside its name stands a description of its feedback, which is numbers.
    return { form: 'words', from: 1, to: layout.sharedScript + 1, except: layout.sharedName + 1 };
  }
  if (is('FEEDBACK_CELL_TYPE', ...UNCOMPILED)) return { form: 'words', from: 1, to: 2 };
  if (size > 0) return { form: 'words', from: 1, to: size };
  return is(...RAW) ? NOTHING : LISTED;
}

/** What stands in for a function that never ran; after its name come its positions. */
export const UNCOMPILED = [
  'UNCOMPILED_DATA_WITHOUT_PREPARSE_DATA_TYPE',
  'UNCOMPILED_DATA_WITH_PREPARSE_DATA_TYPE',
  'UNCOMPILED_DATA_WITHOUT_PREPARSE_DATA_WITH_JOB_TYPE',
  'UNCOMPILED_DATA_WITH_PREPARSE_DATA_AND_JOB_TYPE',
] as const;

const SPECIALS = [
  'JS_GLOBAL_OBJECT_TYPE',
  'JS_WEAK_MAP_TYPE',
  'JS_WEAK_SET_TYPE',
  'JS_WEAK_REF_TYPE',
  'WEAK_CELL_TYPE',
  'JS_ARRAY_BUFFER_TYPE',
  'JS_TYPED_ARRAY_TYPE',
  'JS_DATA_VIEW_TYPE',
  'PROPERTY_ARRAY_TYPE',
  'FEEDBACK_VECTOR_TYPE',
  'BYTECODE_ARRAY_TYPE',
  'DESCRIPTOR_ARRAY_TYPE',
  'STRONG_DESCRIPTOR_ARRAY_TYPE',
] as const;

/** Of varying size, with bytes inside that are no pointers, or none that keep a program's object alive. */
const RAW = [
  'BYTE_ARRAY_TYPE',
  'FIXED_DOUBLE_ARRAY_TYPE',
  'TRUSTED_BYTE_ARRAY_TYPE',
  'SCOPE_INFO_TYPE',
  'INSTRUCTION_STREAM_TYPE',
  'CODE_TYPE',
  'PREPARSE_DATA_TYPE',
  'FREE_SPACE_TYPE',
  'COVERAGE_INFO_TYPE',
  'EXTERNAL_POINTER_ARRAY_TYPE',
  'SWISS_NAME_DICTIONARY_TYPE',
  'SMALL_ORDERED_HASH_MAP_TYPE',
  'SMALL_ORDERED_HASH_SET_TYPE',
  'SMALL_ORDERED_NAME_DICTIONARY_TYPE',
] as const;
