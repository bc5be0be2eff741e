// Reads what a walk through a program's objects wrote: lines of JSON, each a slice with records, the last one with the notes. A record
// is a list: a letter that says what it is, mostly the number of an object, and what is told of it. It never throws on odd input.
//
//   s name...               a form: the names of properties, numbered from 0     c name maker prototype   a class, numbered from 0
//   r id...                 the roots, the global object first                   o id kind class [name]   an object
//   p id form value...      its properties by a form                             n id (name value)...     more properties
//   h id (name value)...    private fields                                       v id (name value)...     variables and the like
//   e id value...           elements, [-n] for n holes                           k id length              an array that was cut
//   m id (key value)...     entries of a Map                                     t id value...            members of a Set
//   l id value              the value of a date and its like                     f id script line column  where a function stands
//   x id value              the target of a proxy                                d id state               of a promise
import type { Problem, Value } from '../../model/index.ts';
import type { NodeKind } from '../heapGraph.ts';
import type { HeapParser, ParseResult } from '../parser.ts';
import { NO_NOTES, readNotes, type HeapNotes } from '../v8/notes.ts';
import { openWalkedGraph } from './graph.ts';
import { HOLES, type Runs, WalkedObjects } from './store.ts';

export const WALK_MAGIC = 'semstate-object\n';

const KINDS: readonly NodeKind[] = [
  ...(['object', 'array', 'map', 'set', 'date', 'function', 'regexp', 'error'] as const),
  ...(['promise', 'proxy', 'bytes', 'boxed', 'weak'] as const),
];
const STATES = ['pending', 'fulfilled', 'rejected'] as const;
/** A slice is far smaller; what is longer was not written by a walk. */
const LONGEST_LINE = 2 ** 28;
const EOL = 10;

interface Measured {
  readonly slices: number;
  readonly looks: boolean;
}

export class WalkReader implements HeapParser {
  readonly #objects = new WalkedObjects();
  readonly #forms: number[][] = [];
  readonly #problems: Problem[] = [];
  #parts: Uint8Array[] = [];
  #lineBytes = 0;
  #bytes = 0;
  #notes: HeapNotes = NO_NOTES;
  #measured: Measured | undefined;
  #slices = 0;
  #cutFunctions = 0;
  #isDamaged = false;

  write(chunk: Uint8Array): void {
    let from = 0;
    if (this.#bytes < WALK_MAGIC.length) from = Math.min(chunk.length, WALK_MAGIC.length - this.#bytes);
    this.#bytes += chunk.length;
    for (let eol = chunk.indexOf(EOL, from); eol >= 0; eol = chunk.indexOf(EOL, from)) {
      this.#gather(chunk.subarray(from, eol));
      this.#line();
      from = eol + 1;
    }
    if (from < chunk.length) this.#gather(chunk.subarray(from));
  }

  #gather(piece: Uint8Array): void {
    this.#lineBytes += piece.length;
    if (this.#lineBytes > LONGEST_LINE) this.#damage('a line of it is too long');
    else this.#parts.push(piece.slice());
  }

  #line(): void {
    const bytes = new Uint8Array(this.#lineBytes <= LONGEST_LINE ? this.#lineBytes : 0);
    let at = 0;
    for (const part of this.#parts) {
      if (bytes.length > 0) bytes.set(part, at);
      at += part.length;
    }
    this.#parts = [];
    this.#lineBytes = 0;
    if (bytes.length === 0) return;
    let line: unknown;
    try {
      line = JSON.parse(new TextDecoder().decode(bytes));
    } catch {
      return this.#damage('a line of it is no JSON');
    }
    const { records, measured }: { readonly records?: unknown; readonly measured?: unknown } = Object(line) as object;
    if (Array.isArray(records)) {
      this.#slices++;
      for (const record of records as unknown[])
        if (!Array.isArray(record) || !this.#record(record as unknown[]))
          this.#damage('it has a record of no known form');
      return;
    }
    this.#notes = readNotes(line) ?? this.#notes;
    const { slices, looks }: { readonly slices?: unknown; readonly looks?: unknown } = Object(measured) as object;
    this.#measured = { slices: Number(slices ?? this.#slices), looks: looks === true };
  }

  #damage(why: string): void {
    if (!this.#isDamaged)
      this.#problems.push({ code: 'damaged', message: `The walked objects cannot be read whole: ${why}.` });
    this.#isDamaged = true;
  }

  /** Whether it was of a known form. */
  #record([letter, first, ...rest]: readonly unknown[]): boolean {
    const objects = this.#objects;
    const isText = (value: unknown): value is string => typeof value === 'string';
    if (letter === 's') {
      const names = [first, ...rest];
      return names.every(isText) && this.#forms.push(names.map((name) => objects.nameId(name))) > 0;
    }
    if (letter === 'r') return this.#ids([first, ...rest], (id) => objects.roots.push(id));
    if (letter === 'c') {
      const [by, prototype] = rest;
      if (!isText(first) || typeof by !== 'number' || typeof prototype !== 'number') return false;
      if (prototype >= 0) objects.prototypes.add(prototype);
      return objects.classes.push({ name: first, by }) > 0;
    }
    if (letter === 'k' && first === -1) return ++this.#cutFunctions > 0;
    if (!this.#isId(first)) return false;
    const [second] = rest;
    switch (letter) {
      case 'o':
        return this.#object(first, rest);
      case 'p': {
        const names = typeof second === 'number' ? this.#forms[second] : undefined;
        if (names?.length !== rest.length - 1) return false;
        return objects.named.append(
          first,
          names.flatMap((name, n) => [name, objects.value(rest[n + 1])]),
        );
      }
      case 'n':
        return this.#named(objects.named, first, rest);
      case 'h':
        return this.#named(objects.hidden, first, rest);
      case 'v':
        return this.#named(objects.captured, first, rest);
      case 'e':
        return objects.elements.append(
          first,
          rest.flatMap((value) => this.#element(value)),
        );
      case 'm':
        return (
          rest.length % 2 === 0 &&
          objects.entries.append(
            first,
            rest.map((value) => objects.value(value)),
          )
        );
      case 't':
        return objects.members.append(
          first,
          rest.map((value) => objects.value(value)),
        );
      case 'l':
        return (
          typeof second === 'object' && second !== null && !!objects.own.set(first, withMinusZero(second as Value))
        );
      case 'x':
        return !!objects.targets.set(first, objects.value(second));
      case 'd': {
        const state = STATES.find((each) => each === second);
        return state !== undefined && !!objects.promises.set(first, state);
      }
      case 'f': {
        const [script = 0, line = 0, column = 0] = rest.map(Number);
        return !!objects.places.set(first, [script, line, column]);
      }
      case 'k':
        return typeof second === 'number' && !!objects.lengths.set(first, second);
      default:
        return false;
    }
  }

  /** An object takes more than one byte to be written. */
  #isId(value: unknown): value is number {
    return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < this.#bytes;
  }

  #ids(list: readonly unknown[], take: (id: number) => unknown): boolean {
    return list.every((id) => this.#isId(id) && take(id) !== undefined);
  }

  #object(id: number, [kind, of, name]: readonly unknown[]): boolean {
    const known = KINDS.find((each) => each === kind);
    if (!known || typeof of !== 'number' || !this.#objects.classes[of]) return false;
    while (this.#objects.kinds.length < id) {
      this.#objects.kinds.push(undefined);
      this.#objects.classOf.push(0);
    }
    this.#objects.kinds[id] = known;
    this.#objects.classOf[id] = of;
    if (typeof name === 'string') this.#objects.functionNames.set(id, name);
    return true;
  }

  #named(runs: Runs, id: number, list: readonly unknown[]): boolean {
    if (list.length % 2 !== 0) return false;
    return runs.append(
      id,
      list.map((each, n) => (n % 2 === 0 ? this.#objects.nameId(String(each)) : this.#objects.value(each))),
    );
  }

  #element(value: unknown): number[] {
    const count: unknown = Array.isArray(value) ? value[0] : undefined;
    if (typeof count === 'number' && Number.isInteger(count) && count < 0 && count >= -(2 ** 31))
      return [HOLES, -count];
    return [this.#objects.value(value)];
  }

  end(): ParseResult {
    if (this.#lineBytes > 0) this.#line();
    const objects = this.#objects;
    if (objects.roots.length === 0 || objects.kinds.length === 0) {
      this.#problems.push({ code: 'torn', message: 'The walked objects end before the first of them.' });
      return { graph: undefined, problems: this.#problems };
    }
    if (!this.#measured) this.#problems.push({ code: 'torn', message: 'The walked objects end early.' });
    this.#problems.push(...this.#limits());
    const graph = openWalkedGraph(objects, this.#notes, this.#problems);
    return { graph, problems: graph.problems };
  }

  /** What such a snapshot cannot know. */
  #limits(): Problem[] {
    const slices = this.#measured?.slices ?? this.#slices;
    return [
      {
        code: 'walked',
        message:
          'Objects were found by walking from globals, modules, handles, timers and the variables of functions: what only a suspended function, a pending promise, a worker thread or native code holds is not there.',
      },
      ...(slices > 1
        ? [
            {
              code: 'several-moments',
              message: `It was read in ${slices} slices while the program ran, not at one moment.`,
            },
          ]
        : []),
      ...(this.#measured?.looks === false
        ? [
            {
              code: 'outside-only',
              message:
                'Private fields and variables of functions could not be read: the program may not use its inspector.',
            },
          ]
        : []),
      ...(this.#cutFunctions > 0
        ? [
            {
              code: 'closures-cut',
              message: `Of ${this.#cutFunctions} functions that exist very often the variables of some were not read.`,
            },
          ]
        : []),
      ...(this.#objects.lengths.size > 0
        ? [
            {
              code: 'arrays-cut',
              message: `Of ${this.#objects.lengths.size} very long arrays only the beginning was read.`,
            },
          ]
        : []),
    ];
  }
}

/** JSON has no minus zero. */
function withMinusZero(value: Value): Value {
  const text = JSON.stringify(value);
  return text.includes('["-0"]')
    ? (JSON.parse(text, (_, each: unknown) => (isMinusZero(each) ? -0 : each)) as Value)
    : value;
}

function isMinusZero(value: unknown): boolean {
  return Array.isArray(value) && value.length === 1 && value[0] === '-0';
}
