// Bytes to HeapGraph: V8's objects in columns. Knows the formats; no containers, no files, no meaning.
export type {
  HeapClass,
  HeapGraph,
  HeapLocation,
  HeapProperty,
  HeapReferrer,
  HeapScript,
  NodeIndex,
  NodeKind,
} from './heapGraph.ts';
export { createHeapParser } from './anyParser.ts';
export type { HeapParser, ParseResult } from './parser.ts';
export { readValue } from './readValue.ts';
export type { ReadOptions } from './readValue.ts';
export { findPath } from './findPath.ts';
