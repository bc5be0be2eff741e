// One path's view: objects, variables, what guards have established, and the trace of what happened so far. Forked where paths part.
import type ts from 'typescript';
import type { TypeDraft } from '../typeTable.ts';
import { Layers } from './layers.ts';
import type { TraceEntry, Within } from './trace.ts';
import {
  constant,
  has,
  isNothing,
  sameConst,
  truthOf,
  type Abs,
  type Const,
  type Known,
  type Ref,
  type Sym,
} from './values.ts';

export interface Obj {
  readonly id: number;
  readonly draft?: TypeDraft;
  readonly type?: ts.Type;
  /** Made on this path, so that its fields have no earlier value. */
  readonly fresh: boolean;
  /** While its constructor runs. */
  readonly building?: boolean;
  /** Made from stored data: its values are any of their domain, its creation is none. */
  readonly hydrated?: boolean;
  readonly fields: ReadonlyMap<string, Abs>;
  /** Contents of a list or set that is written out in the program. */
  readonly items?: readonly Abs[];
  /** Pairs of a Map that is written out in the program. */
  readonly entries?: readonly (readonly [Abs, Abs])[];
  /** A literal all of whose properties are known: a table. */
  readonly closed?: boolean;
  /** The key it was looked up by. */
  readonly key?: Abs;
  readonly node?: ts.Node;
  /** What a container holds, where its type does not say. */
  readonly element?: TypeDraft;
  /** The field that holds this collection. */
  readonly heldBy?: { readonly obj: number; readonly field: string };
  /** Some of what a list holds, where not all is known. */
  readonly samples?: readonly Abs[];
}

export interface Trace {
  readonly entry?: TraceEntry;
  readonly before: readonly Trace[];
}

export const NO_TRACE: Trace = { before: [] };

/** Of a running function's declaration, or a name beginning with `@` for what a path remembers of a call. */
export type VariableKey = number | string;

export class State {
  #heap: Layers<number, Obj>;
  #vars: Layers<VariableKey, Abs>;
  #known: ReadonlyMap<number, Known>;
  trace: Trace;

  private constructor(
    heap: Layers<number, Obj>,
    vars: Layers<VariableKey, Abs>,
    known: ReadonlyMap<number, Known>,
    trace: Trace,
  ) {
    this.#heap = heap;
    this.#vars = vars;
    this.#known = known;
    this.trace = trace;
  }

  static empty(): State {
    return new State(Layers.empty(), Layers.empty(), new Map(), NO_TRACE);
  }

  fork(): State {
    return new State(this.#heap.share(), this.#vars.share(), this.#known, this.trace);
  }

  get heap(): Layers<number, Obj> {
    return this.#heap;
  }

  get vars(): Layers<VariableKey, Abs> {
    return this.#vars;
  }

  get known(): ReadonlyMap<number, Known> {
    return this.#known;
  }

  put(obj: Obj): void {
    this.#heap = this.#heap.with(obj.id, obj);
  }

  setVar(name: VariableKey, value: Abs): void {
    this.#vars = this.#vars.with(name, value);
  }

  /** What is known of values is little, and told apart more often than it changes: each change is a map of its own. */
  learn(id: number, known: Known | undefined): void {
    const next = new Map(this.#known);
    if (known) next.set(id, known);
    else next.delete(id);
    this.#known = next;
  }

  obj(ref: Ref): Obj {
    return this.heap.get(ref.id) as Obj;
  }

  update(ref: Ref, change: Partial<Obj>): void {
    this.put({ ...this.obj(ref), ...change });
  }

  setField(ref: Ref, name: string, value: Abs): void {
    const obj = this.obj(ref);
    this.put({ ...obj, fields: new Map(obj.fields).set(name, value) });
  }

  log(m: { readonly within: Within | undefined }, entry: TraceEntry): void {
    this.trace = { entry: { ...entry, within: m.within }, before: [this.trace] };
  }

  /** The values it can have, where they are finite; the value of a guard's making is preferred to that of its type. */
  valuesOf(value: Abs): readonly Const[] | undefined {
    if (value.kind === 'const') return [value];
    if (value.kind !== 'sym') return undefined;
    const known = this.known.get(value.id);
    return known && 'in' in known ? known.in : value.domain;
  }

  excludedFrom(value: Abs): readonly Const[] {
    const known = value.kind === 'sym' ? this.known.get(value.id) : undefined;
    return known && 'not' in known ? known.not : [];
  }

  isRestricted(value: Abs): boolean {
    return value.kind !== 'sym' || this.known.has(value.id) || (value.domain !== undefined && value.full !== true);
  }

  /** Takes for granted that the value is one of these; false where it cannot be. */
  assumeIn(value: Abs, values: readonly Const[]): boolean {
    if (value.kind === 'const') return has(values, value);
    if (value.kind !== 'sym') return values.some(isNothing);
    const current = this.valuesOf(value);
    // Domains are stated without null and undefined, though the value may be either.
    if (values.every(isNothing)) return true;
    const left = current
      ? current.filter((c) => has(values, c)).map((c) => values.find((v) => sameConst(v, c) && !c.origin) ?? c)
      : values.filter((v) => !has(this.excludedFrom(value), v));
    if (left.length === 0) return false;
    this.learn(value.id, { in: left, ...tellsOf(value) });
    return true;
  }

  assumeNotIn(value: Abs, values: readonly Const[]): boolean {
    if (value.kind === 'const') return !has(values, value);
    if (value.kind !== 'sym') return true;
    const current = this.valuesOf(value);
    const solid = values.filter((v) => !isNothing(v));
    if (!current) {
      if (solid.length > 0) this.learn(value.id, { not: [...this.excludedFrom(value), ...solid], ...tellsOf(value) });
      return true;
    }
    const left = current.filter((c) => !has(solid, c));
    if (left.length === 0) return false;
    if (left.length < current.length) this.learn(value.id, { in: left, ...tellsOf(value) });
    return true;
  }

  assumeTruth(value: Abs, truth: boolean): boolean {
    if (value.kind === 'const') return truthOf(value) === truth;
    if (value.kind === 'obj') return truth || !this.obj(value).fresh;
    if (value.kind !== 'sym') return truth;
    const current = this.valuesOf(value);
    if (!current) return true;
    const left = current.filter((c) => truthOf(c) === truth);
    if (left.length === 0) return !truth && !current.every((c) => typeof c.value === 'boolean');
    if (left.length < current.length) this.learn(value.id, { in: left, ...tellsOf(value) });
    return true;
  }
}

function tellsOf(value: Sym): { tells?: true } {
  return value.tells ? { tells: true } : {};
}

export function union(a: readonly Const[], b: readonly Const[]): Const[] {
  return [...a, ...b.filter((c) => !has(a, c))];
}

export function booleans(): Const[] {
  return [constant(false), constant(true)];
}
