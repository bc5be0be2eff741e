// The seam between bytes and graph. A parser is fed while chunks arrive and never throws on odd input.
import type { Problem } from '../model/index.ts';
import type { HeapGraph } from './heapGraph.ts';

export interface ParseResult {
  /** Undefined only where nothing of the format could be recognised; the last problem then says why. */
  readonly graph: HeapGraph | undefined;
  readonly problems: readonly Problem[];
}

export interface HeapParser {
  /** Bytes in order, in pieces of any size; the parser keeps no reference to them. */
  write(chunk: Uint8Array): void;
  /** Called once; a file torn anywhere gives what came before the tear. */
  end(): ParseResult;
}
