// Where V8 keeps what, for the one binary that ran: offsets and type numbers as its own `v8dbg_` symbols say, and the few that it
// leaves out, which have been the same since Node 20. All offsets are in words of eight bytes from the start of the object.
import type { ImageHeader } from './image.ts';

export interface Layout {
  /** Number of an instance type by V8's own name, such as `JS_MAP_TYPE`; -1 where this V8 has none. */
  type(name: string): number;
  readonly firstReceiver: number;
  readonly firstFunction: number;
  readonly lastFunction: number;
  readonly firstContext: number;
  readonly lastContext: number;
  readonly nativeContext: number;
  readonly undefinedKind: number;
  readonly functionShared: number;
  readonly functionContext: number;
  readonly sharedName: number;
  readonly sharedScript: number;
  readonly bufferLength: number;
  readonly bufferStore: number;
  readonly viewOffset: number;
  readonly viewLength: number;
  readonly arrayExternal: number;
  readonly arrayBase: number;
  /** Index, counted after the map, at which the names of a scope stand. */
  readonly scopeNames: number;
}

export type LayoutResult = { readonly layout: Layout } | { readonly missing: readonly string[] };

/** Finds what is needed among the constants; `missing` names what the binary lacks. */
export function readLayout(constants: ImageHeader['constants']): LayoutResult {
  const missing: string[] = [];
  const types = new Map<string, number>();
  /** Field offsets by class and field, whatever C++ type V8 gives the field. */
  const fields = new Map<string, number>();
  for (const [name, value] of Object.entries(constants)) {
    const type = /^type_.*?__(.*)$/.exec(name);
    if (type) types.set(type[1] as string, value);
    const field = /^class_([^_]+)__(.+?)__/.exec(name);
    if (field) fields.set(`${field[1]}.${field[2]}`, value);
  }
  const need = (what: string, value: number | undefined): number => {
    if (value === undefined || !Number.isInteger(value)) missing.push(what);
    return value ?? 0;
  };
  const type = (name: string): number => types.get(name) ?? -1;
  const typed = (name: string): number => need(name, types.get(name));
  const field = (...names: readonly string[]): number => {
    const found = names.map((name) => fields.get(name)).find((offset) => offset !== undefined);
    return need(names[0] as string, found) / 8;
  };
  if (constants['TaggedSize'] !== 8) missing.push('TaggedSize 8');
  if (constants['SmiShiftSize'] !== 31) missing.push('SmiShiftSize 31');
  const firstFunction = typed('JS_FUNCTION_TYPE');
  const firstContext = need('FirstContextType', constants['FirstContextType']);
  for (const name of EXPECTED) typed(name);
  const layout: Layout = {
    type,
    firstReceiver: typed('WASM_ARRAY_TYPE'),
    firstFunction,
    lastFunction: constants['LastJSFunctionType'] ?? firstFunction + 16,
    firstContext,
    lastContext: need('LastContextType', constants['LastContextType']),
    // Contexts: await, block, catch, debug, eval, function, module, native, script, with.
    nativeContext: firstContext + 7,
    undefinedKind: need('OddballUndefined', constants['OddballUndefined']),
    functionShared: field('JSFunction.shared'),
    functionContext: field('JSFunction.context'),
    sharedName: field('SharedFunctionInfo.name_or_scope_info'),
    sharedScript: field('SharedFunctionInfo.script', 'SharedFunctionInfo.script_or_debug_info'),
    bufferLength: field('JSArrayBuffer.byte_length'),
    bufferStore: field('JSArrayBuffer.backing_store'),
    viewOffset: field('JSArrayBufferView.byte_offset'),
    viewLength: field('JSArrayBufferView.byte_length'),
    arrayExternal: field('JSTypedArray.external_pointer'),
    arrayBase: field('JSTypedArray.base_pointer'),
    scopeNames: need('scopeinfo_idx_first_vars', constants['scopeinfo_idx_first_vars']),
  };
  for (const [name, wanted] of FIXED) {
    const found = fields.get(name) ?? constants[name];
    if (found !== wanted) missing.push(`${name} ${wanted}`);
  }
  return missing.length > 0 ? { missing } : { layout };
}

const EXPECTED = [
  'MAP_TYPE',
  'JS_OBJECT_TYPE',
  'JS_ARRAY_TYPE',
  'JS_MAP_TYPE',
  'JS_SET_TYPE',
  'JS_DATE_TYPE',
  'JS_REG_EXP_TYPE',
  'JS_PROMISE_TYPE',
  'JS_PROXY_TYPE',
  'JS_ERROR_TYPE',
  'JS_TYPED_ARRAY_TYPE',
  'JS_ARRAY_BUFFER_TYPE',
  'JS_DATA_VIEW_TYPE',
  'JS_PRIMITIVE_WRAPPER_TYPE',
  'JS_BOUND_FUNCTION_TYPE',
  'JS_GLOBAL_OBJECT_TYPE',
  'JS_WEAK_MAP_TYPE',
  'JS_WEAK_SET_TYPE',
  'JS_WEAK_REF_TYPE',
  'HEAP_NUMBER_TYPE',
  'ODDBALL_TYPE',
  'SYMBOL_TYPE',
  'SCOPE_INFO_TYPE',
  'SCRIPT_TYPE',
  'SHARED_FUNCTION_INFO_TYPE',
  'FIXED_ARRAY_TYPE',
  'FIXED_DOUBLE_ARRAY_TYPE',
  'BYTE_ARRAY_TYPE',
  'DESCRIPTOR_ARRAY_TYPE',
  'STRONG_DESCRIPTOR_ARRAY_TYPE',
  'PROPERTY_ARRAY_TYPE',
  'PROPERTY_CELL_TYPE',
  'ACCESSOR_PAIR_TYPE',
  'FEEDBACK_VECTOR_TYPE',
  'BYTECODE_ARRAY_TYPE',
  'WEAK_CELL_TYPE',
] as const;

/** Values that the reader builds upon; a V8 where one of them differs is not read at all. */
const FIXED: readonly (readonly [string, number])[] = [
  ['Map.instance_size_in_words', 8],
  ['Map.inobject_properties_start_or_constructor_function_index', 9],
  ['Map.instance_type', 12],
  ['Map.bit_field', 14],
  ['Map.bit_field2', 15],
  ['Map.bit_field3', 16],
  ['Map.prototype', 24],
  ['Map.constructor_or_back_pointer', 32],
  ['Map.instance_descriptors', 40],
  ['JSReceiver.raw_properties_or_hash', 8],
  ['JSObject.elements', 16],
  ['JSRegExp.source', 32],
  ['JSRegExp.last_index', 48],
  ['String.length', 12],
  ['ConsString.first', 16],
  ['ConsString.second', 24],
  ['SlicedString.parent', 16],
  ['SlicedString.offset', 24],
  ['ThinString.actual', 16],
  ['ExternalString.resource', 16],
  ['SeqOneByteString.chars', 16],
  ['SeqTwoByteString.chars', 16],
  ['Symbol.name', 16],
  ['HeapNumber.value', 8],
  ['Script.source', 8],
  ['Script.name', 16],
  ['Script.line_ends', 56],
  ['UncompiledData.inferred_name', 8],
  ['UncompiledData.start_position', 16],
  ['DescriptorArray.header_size', 24],
  ['StringRepresentationMask', 7],
  ['StringEncodingMask', 8],
  ['FirstNonstringType', 128],
  ['bit_field2_elements_kind_shift', 2],
  ['bit_field3_is_dictionary_map_shift', 21],
  ['bit_field3_number_of_own_descriptors_shift', 10],
  ['prop_index_shift', 19],
  ['prop_location_shift', 5],
  ['elements_dictionary_elements', 13],
  ['namedictionary_prefix_start_index', 3],
  ['namedictionaryshape_prefix_size', 3],
  ['numberdictionaryshape_prefix_size', 1],
];
