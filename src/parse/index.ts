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
