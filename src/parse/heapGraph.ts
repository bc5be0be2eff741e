// The seam between bytes and meaning: every parser (heap snapshot, raw memory, checkpoint) gives this, columns inside, cursors outside.
import type { Problem, Value } from '../model/index.ts';

/**
 * Ordinal of a node in its graph, 0 .. nodeCount-1. Not V8's id and not an address. Numbers that have no object of their own may
 * have ordinals beyond.
 */
export type NodeIndex = number;

export type NodeKind =
  | 'object'
  | 'array'
  | 'map'
  | 'set'
  | 'date'
  | 'string'
  | 'number'
  | 'boolean'
  | 'null'
  | 'undefined'
  | 'bigint'
  | 'symbol'
  | 'function'
  | 'regexp'
  | 'error'
  | 'promise'
  | 'proxy'
  | 'bytes'
  | 'boxed'
  | 'weak'
  /** V8's own: hidden classes, code, contexts, backing stores. Never business. */
  | 'internal';

/** A script of the target, as the capture wrote it into the snapshot. */
export interface HeapScript {
  readonly id: number;
  readonly url: string;
  /** The source map itself (JSON text), where the script names one that could be read. */
  readonly sourceMap?: string;
  /** What runs, where the capture or the memory has it; not of dependencies. */
  readonly text?: string;
  /** SHA-256 of the text that runs, hex, where the capture had it. */
  readonly hash?: string;
}

/** Zero-based, as V8 writes it. */
export interface HeapLocation {
  readonly script: number;
  readonly line: number;
  readonly column: number;
}

export interface HeapProperty {
  /** `name` is the program's; private ones as `#name`, symbol keys as `@@description`. */
  readonly name: string;
  readonly node: NodeIndex;
}

export interface HeapClass {
  readonly name: string;
  /** Where the constructor stands; absent for plain objects. Two classes of one name have two locations. */
  readonly location?: HeapLocation;
  /** Instances only: prototype objects are left out. */
  readonly instances: readonly NodeIndex[];
}

export interface HeapReferrer {
  readonly node: NodeIndex;
  /** Property or variable name, or the element's index as text. */
  readonly name: string;
}

export interface HeapGraph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly scripts: ReadonlyMap<number, HeapScript>;
  /** What the capture says of its target (name, image, pid, versions, labels); empty for foreign files. */
  readonly target: { readonly [name: string]: string };
  readonly problems: readonly Problem[];
  /** True where everything the program held is there: what is absent was absent. A heap snapshot lacks values of many kinds. */
  readonly exact?: true;

  kind(node: NodeIndex): NodeKind;
  /** Class name of an object, text of a string (cut ones as they are); '' where there is none. */
  name(node: NodeIndex): string;
  /** V8's object id: stable over snapshots while no inspector session of the process closes; 0 where objects have none. */
  heapId(node: NodeIndex): number;
  selfSize(node: NodeIndex): number;
  constructorLocation(node: NodeIndex): HeapLocation | undefined;

  /** Groups of objects by constructor, largest first; plain objects are the class `Object` without location. */
  classes(): readonly HeapClass[];
  /** Own properties in the program's sense: named, private, symbol-keyed; those of its target for a Proxy. No prototype, map or elements. */
  properties(node: NodeIndex): readonly HeapProperty[];
  property(node: NodeIndex, name: string): NodeIndex | undefined;
  /**
   * Whether the property of this object, or of others made alike, was ever assigned again after it was made; undefined where the
   * graph cannot say.
   */
  reassigned?(node: NodeIndex, name: string): boolean | undefined;
  /** Elements of an array; `undefined` where V8 wrote no edge (a hole, or a Smi or double array: see `lengthOf`). */
  elements(node: NodeIndex): readonly (NodeIndex | undefined)[];
  /** Length of an array where it is known for certain; of an exact graph also that of a Map or a Set. */
  lengthOf(node: NodeIndex): number | undefined;
  /** Entries of a Map; a side that V8 did not write is undefined. */
  mapEntries(
    node: NodeIndex,
  ): readonly { readonly key: NodeIndex | undefined; readonly value: NodeIndex | undefined }[];
  setValues(node: NodeIndex): readonly (NodeIndex | undefined)[];
  /**
   * What a node holds beside its properties: the variables a function closed over, by name; for a bound function
   * `[[TargetFunction]]`, `[[BoundThis]]`, `[[BoundArgs]][n]`; for a promise `[[PromiseResult]]`; for a WeakRef `[[Target]]`.
   */
  captured(node: NodeIndex): readonly HeapProperty[];
  /** Of a promise, where the graph can say it. */
  promiseState?(node: NodeIndex): 'pending' | 'fulfilled' | 'rejected' | undefined;

  /** A leaf exactly: string (cons joined; over V8's limit `truncated`), number, boolean, null, date, ...; undefined for objects. */
  leaf(node: NodeIndex): Value | undefined;
  /** Whoever holds the node, computed once on demand over all edges. */
  referrers(node: NodeIndex): readonly HeapReferrer[];
  /** Global objects of the program's contexts. */
  globals(): readonly NodeIndex[];
}
