// Leaves as exact contract values. What V8 did not write, or wrote ambiguously, is missing; nothing is guessed.
import { missing, UNDEFINED, type Value } from '../../model/index.ts';
import type { NodeKind } from '../heapGraph.ts';
import { type Heap, internal, lacks, NONE } from './heap.ts';
import type { Kinds } from './kinds.ts';
import { EDGE, NODE } from './layout.ts';
import type { Texts } from './texts.ts';

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/;
const LARGEST_TIME = 8.64e15;

/** A number by its text; undefined where the capture wrote none. */
function numberOf(heap: Heap, node: number): number | undefined {
  const text = internal(heap, node, 'value');
  const written = text === NONE ? undefined : heap.strings.exact(heap.names[text] as number);
  if (written === undefined) return undefined;
  if (written === 'NaN') return Number.NaN;
  if (written === 'Infinity') return Infinity;
  if (written === '-Infinity') return -Infinity;
  return NUMBER.test(written) ? Number(written) : undefined;
}

function numberValue(heap: Heap, node: number): Value {
  const number = numberOf(heap, node);
  if (number === undefined) return missing();
  // V8 writes minus zero as `0`. A small integer is never minus zero; a heap number that reads `0` may be either.
  if (number === 0 && heap.names[node] !== heap.known['smi number']) return missing();
  if (Number.isNaN(number)) return { $type: 'nan' };
  if (number === Infinity) return { $type: 'infinity' };
  if (number === -Infinity) return { $type: '-infinity' };
  return number;
}

/**
 * Before Node 24 the time is the third hidden field, written when it is no small integer. In Node 24 it is not written
 * at all; of the cached fields that stand there instead, only those of an invalid date are heap numbers: all not-a-number.
 */
function dateValue(heap: Heap, node: number): Value {
  const field = heap.follow(node, EDGE.hidden, 2);
  const time = field === NONE || heap.types[field] !== NODE.number ? undefined : numberOf(heap, field);
  if (time === undefined) return missing();
  if (Number.isNaN(time)) return { $type: 'date', value: { $type: 'nan' } };
  if (!Number.isInteger(time) || Math.abs(time) > LARGEST_TIME || time === 0) return missing();
  return { $type: 'date', value: new Date(time).toISOString() };
}

function symbolValue(heap: Heap, texts: Texts, node: number): Value {
  const description = internal(heap, node, 'name');
  // Without a description there is no edge, where all edges are there.
  if (description === NONE) return lacks(heap, node, 'name') ? { $type: 'symbol', value: '' } : missing();
  const text = texts.value(description);
  return typeof text === 'string' ? { $type: 'symbol', value: text } : missing();
}

/** The value of a leaf; undefined for what has parts: objects, collections, functions, promises. */
export function leafOf(heap: Heap, kinds: Kinds, texts: Texts, node: number, kind: NodeKind): Value | undefined {
  switch (kind) {
    case 'string':
      return texts.value(node);
    case 'number':
      return numberValue(heap, node);
    case 'boolean':
      return kinds.boolean(node);
    case 'null':
      return null;
    case 'undefined':
      return UNDEFINED;
    case 'date':
      return dateValue(heap, node);
    case 'symbol':
      return symbolValue(heap, texts, node);
    case 'regexp': {
      const source = heap.strings.exact(heap.names[node] as number);
      return source === undefined ? missing() : { $type: 'regexp', value: source };
    }
    case 'bigint':
    case 'bytes':
    case 'boxed':
      return missing();
    case 'internal':
      return kinds.isAccessor(node) ? { $type: 'accessor' } : undefined;
    case 'object':
    case 'array':
    case 'map':
    case 'set':
    case 'function':
    case 'error':
    case 'promise':
    case 'proxy':
    case 'weak':
      return undefined;
  }
}
