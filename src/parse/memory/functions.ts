// Functions: their names, where they stand in their script, and the variables they closed over.
import type { HeapLocation } from '../heapGraph.ts';
import { UNCOMPILED } from './bodies.ts';
import type { HiddenClasses } from './hiddenClasses.ts';
import type { MemoryImage } from './image.ts';
import type { Layout } from './layout.ts';
import type { Scripts } from './scripts.ts';
import type { Texts } from './texts.ts';

/** From this many variables on, V8 keeps their names in a hash table. */
const MANY_NAMES = 75;
const LONGEST_CHAIN = 4096;
interface Scope {
  /** Word where the names (or their table) begin. */
  readonly names: number;
  readonly count: number;
  readonly functionName?: number;
  readonly inferredName?: number;
  readonly start?: number;
}

export class Functions {
  readonly #image: MemoryImage;
  readonly #classes: HiddenClasses;
  readonly #layout: Layout;
  readonly #texts: Texts;
  readonly #scripts: Scripts;
  readonly #uncompiled: ReadonlySet<number>;
  readonly #scopeType: number;
  readonly #scriptType: number;

  constructor(image: MemoryImage, classes: HiddenClasses, layout: Layout, texts: Texts, scripts: Scripts) {
    this.#image = image;
    this.#classes = classes;
    this.#layout = layout;
    this.#texts = texts;
    this.#scripts = scripts;
    this.#uncompiled = new Set(UNCOMPILED.map((name) => layout.type(name)).filter((type) => type >= 0));
    this.#scopeType = layout.type('SCOPE_INFO_TYPE');
    this.#scriptType = layout.type('SCRIPT_TYPE');
  }

  isFunction(at: number): boolean {
    const type = this.#classes.typeOf(at);
    return type >= this.#layout.firstFunction && type <= this.#layout.lastFunction;
  }

  /** The object that says what is the same in all closures of one function; 0 where there is none. */
  #shared(at: number): number {
    return this.#image.pointer(at + this.#layout.functionShared);
  }

  /** As the program calls it; where it has no name, what V8 made of the place it was assigned to. */
  nameOf(at: number): string {
    const shared = this.#shared(at);
    if (shared === 0) return '';
    const name = this.#image.pointer(shared + this.#layout.sharedName);
    const own = this.#texts.of(name) ?? '';
    if (own !== '') return own;
    const scope = this.#classes.typeOf(name) === this.#scopeType ? this.#scope(name) : undefined;
    const named = scope?.functionName === undefined ? '' : (this.#texts.of(scope.functionName) ?? '');
    if (named !== '') return named;
    if (scope?.inferredName !== undefined) return this.#texts.of(scope.inferredName) ?? '';
    const lazy = this.#lazy(shared);
    return lazy === 0 ? '' : (this.#texts.of(this.#image.pointer(lazy + 1)) ?? '');
  }

  /** What stands in for a function that never ran. */
  #lazy(shared: number): number {
    for (const word of [1, 2, 3]) {
      const data = this.#image.pointer(shared + word);
      if (this.#uncompiled.has(this.#classes.typeOf(data))) return data;
    }
    return 0;
  }

  locationOf(at: number): HeapLocation | undefined {
    const shared = this.#shared(at);
    if (shared === 0) return undefined;
    const script = this.#scriptOf(shared);
    const start = script === 0 ? undefined : this.#start(shared);
    return start === undefined ? undefined : this.#scripts.locate(script, start);
  }

  /** Straight, or one step away where a debugger put its own notes between. */
  #scriptOf(shared: number): number {
    const direct = this.#image.pointer(shared + this.#layout.sharedScript);
    const map = this.#classes.of(direct);
    if (map?.type === this.#scriptType) return direct;
    for (let word = 1; word < (map?.size ?? 0); word++) {
      const further = this.#image.pointer(direct + word);
      if (this.#classes.typeOf(further) === this.#scriptType) return further;
    }
    return 0;
  }

  #start(shared: number): number | undefined {
    const info = this.#image.pointer(shared + this.#layout.sharedName);
    const scope = this.#classes.typeOf(info) === this.#scopeType ? this.#scope(info) : undefined;
    if (scope?.start !== undefined) return scope.start;
    const lazy = this.#lazy(shared);
    return lazy === 0 ? undefined : this.#image.low(lazy + 2) | 0;
  }

  #scope(at: number): Scope {
    const image = this.#image;
    const flags = image.isSmi(at + 1) ? image.smi(at + 1) : image.low(at + 1);
    const count = Math.max(0, image.smi(at + 3));
    let names = at + 1 + this.#layout.scopeNames;
    // A module has one number more before the names.
    if (count > 0 && image.isSmi(names)) names++;
    let after = names + (count < MANY_NAMES ? count : 1) + count;
    if ((flags >>> 10) & 1) after++;
    const hasFunction = ((flags >>> 12) & 3) !== 0;
    const functionName = hasFunction ? image.pointer(after) : undefined;
    if (hasFunction) after += 2;
    const inferredName = (flags >>> 14) & 1 ? image.pointer(after) : undefined;
    if (inferredName !== undefined) after++;
    const position = this.#layout.scopeNames >= 5 ? at + 4 : after;
    const known = image.isSmi(position) && image.isSmi(position + 1) && image.smi(position + 1) >= image.smi(position);
    return {
      names,
      count,
      ...(functionName !== undefined && { functionName }),
      ...(inferredName !== undefined && { inferredName }),
      ...(known && image.smi(position) >= 0 && { start: image.smi(position) }),
    };
  }

  /** Variables, the innermost first, each with the word that holds its value; of two with one name only the inner is seen. */
  *variables(at: number): Generator<readonly [name: string, slot: number]> {
    const image = this.#image;
    const layout = this.#layout;
    const names = new Set<string>();
    const visited = new Set<number>();
    let context = image.pointer(at + layout.functionContext);
    while (!visited.has(context) && visited.size < LONGEST_CHAIN) {
      visited.add(context);
      const type = this.#classes.typeOf(context);
      if (type < layout.firstContext || type > layout.lastContext || type === layout.nativeContext) return;
      const scope = image.pointer(context + 2);
      if (this.#classes.typeOf(scope) === this.#scopeType) {
        const { names: from, count } = this.#scope(scope);
        const length = image.smi(context + 1);
        for (const [name, index] of count <= length ? this.#localNames(from, count) : []) {
          if (names.has(name)) continue;
          names.add(name);
          yield [name, context + 2 + length - count + index];
        }
      }
      context = image.pointer(context + 3);
    }
  }

  *#localNames(from: number, count: number): Generator<readonly [string, number]> {
    const image = this.#image;
    if (count < MANY_NAMES) {
      for (let n = 0; n < count; n++) {
        const name = this.#texts.of(image.pointer(from + n));
        if (name !== undefined) yield [name, n];
      }
      return;
    }
    const table = image.pointer(from);
    const end = table + 2 + image.smi(table + 1);
    if (table === 0 || !image.holds(table, end - table)) return;
    for (let entry = table + 5; entry + 1 < end; entry += 2) {
      const name = this.#texts.of(image.pointer(entry));
      const index = image.smi(entry + 1);
      if (name !== undefined && image.isSmi(entry + 1) && index >= 0 && index < count) yield [name, index];
    }
  }
}
