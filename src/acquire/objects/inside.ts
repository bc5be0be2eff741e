// The program that walks, as one expression for the target to evaluate: its parts, the roots it begins at, and how a slice is run between
// two turns of the event loop and its pause measured. What it evaluates to holds everything it has seen; letting go of it ends the walk.
import type * as Timers from 'node:timers';
import type * as Util from 'node:util';
import { createForms, type FormLimits } from './forms.ts';
import { createLook, type FunctionPlace, type Look } from './look.ts';
import { createMet } from './met.ts';
import { createWalk, type WalkLimits, type WalkSlice } from './walk.ts';

export interface WalkSettings extends FormLimits, WalkLimits {
  readonly tableSize: number;
  /** Milliseconds of a slice, with what it takes to answer, at most; and that are walked in it, to begin with. */
  readonly sliceMs: number;
  readonly walkMs: number;
  /** Scripts of Node.js itself: what their functions closed over is not the program's. */
  readonly internalScripts: readonly number[];
}

export interface WalkMeasures {
  /** Milliseconds. */
  readonly longest: number;
  readonly slices: number;
  /** Resident bytes: before, and the most that was seen after a slice. */
  readonly before: number;
  readonly most: number;
  /** Whether private fields, variables, promises and proxies could be looked into. */
  readonly looks: boolean;
}

/** What the expression evaluates to. */
export interface WalkInside {
  slice(): Promise<string>;
  measures(): WalkMeasures;
}

interface Parts {
  readonly createForms: typeof createForms;
  readonly createMet: typeof createMet;
  readonly createWalk: typeof createWalk;
  readonly createLook: typeof createLook;
}

/**
 * Runs inside the target.
 * @param load gives modules of Node.js
 * @param own the `require` of the inspector's console, which knows the modules that are loaded
 * @param lexical values of the global `let` and `const`
 */
function openWalk(
  load: (name: string) => unknown,
  own: { readonly cache?: object } | undefined,
  parts: Parts,
  settings: WalkSettings,
  lexical: readonly unknown[],
): WalkInside {
  const { types } = load('util') as typeof Util;
  const timers = load('timers') as typeof Timers;
  const { setImmediate } = timers;
  // A clock that programs do not replace, and that needs nothing to be loaded.
  const { hrtime } = process;
  const now = (): number => {
    const [seconds, nanoseconds] = hrtime();
    return seconds * 1000 + nanoseconds / 1e6;
  };
  const isObject = (value: unknown): value is object =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';
  const attempt = <T>(ask: () => T): T | undefined => {
    try {
      return ask();
    } catch {
      return undefined;
    }
  };
  // A process without the permission for it has no inspector of its own.
  const look: Look | undefined = attempt(() => {
    const made = parts.createLook(load('inspector') as Parameters<typeof createLook>[0]);
    made([{}], () => false);
    return made;
  });
  const met = parts.createMet(settings.tableSize);
  const forms = parts.createForms(types, settings, met.idOf);
  const data = (object: object, key: string): unknown => forms.dataOf(object, key);

  const program: object[] = [];
  const dependencies: object[] = [];
  const cache = own ? data(own, 'cache') : undefined;
  for (const name of isObject(cache) && !types.isProxy(cache) ? Object.keys(cache) : []) {
    const loaded = data(cache as object, name);
    const exported = isObject(loaded) ? data(loaded, 'exports') : undefined;
    if (isObject(exported)) (/[\\/]node_modules[\\/]/.test(name) ? dependencies : program).push(exported);
  }
  const asked = process as unknown as { readonly [name: string]: () => unknown };
  const handles = ['_getActiveHandles', '_getActiveRequests']
    .map((name) => attempt(() => (asked[name] as () => unknown)()))
    .filter((list): list is unknown[] => Array.isArray(list))
    .map((list) => list.filter(isObject));
  // Where Node.js keeps what waits for its time: the functions that set and clear timers close over it.
  const waiting: object[] = [];
  for (const { scopes } of look ? look([timers.clearTimeout, setImmediate], () => true) : [])
    for (const scope of scopes)
      for (const name of ['timerListMap', 'immediateQueue']) {
        const held = data(scope, name);
        if (isObject(held)) waiting.push(held);
      }
  const internal = new Set(settings.internalScripts);
  const isProgram = ([script]: FunctionPlace): boolean => !internal.has(script);
  const first = [
    globalThis,
    ...lexical.filter(isObject),
    ...program,
    ...(handles[0] || []),
    ...(handles[1] || []),
    ...waiting,
  ];
  const next: WalkSlice = parts.createWalk(forms, met, look, { first, last: dependencies }, isProgram, settings, now);

  const before = process.memoryUsage.rss();
  let [longest, slices, most, walkMs] = [0, 0, before, settings.walkMs];
  return {
    slice() {
      let begun = 0;
      const slice = new Promise<string>((resolve, reject) => {
        // Between two turns nothing of the program is half done.
        setImmediate(() => {
          begun = now();
          try {
            resolve(next(walkMs));
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      });
      // The second step comes after the answer was sent, which takes its time as well.
      void slice
        .then(
          () => undefined,
          () => undefined,
        )
        .then(() => {
          const took = now() - begun;
          longest = Math.max(longest, took);
          walkMs = took > settings.sliceMs ? walkMs / 2 : Math.min(settings.walkMs, walkMs * 1.25);
          most = Math.max(most, process.memoryUsage.rss());
          slices++;
        });
      return slice;
    },
    measures: () => ({ longest, slices, before, most, looks: look !== undefined }),
  };
}

/** @param lexical names of the global `let` and `const`, as V8 gives them */
export function walkProgram(settings: WalkSettings, lexical: readonly string[]): string {
  const own = `typeof require==='function'?require:undefined`;
  const load = `process.getBuiltinModule||(${own})`;
  const parts = Object.entries({ createForms, createMet, createWalk, createLook }).map(
    ([name, part]) => `${name}:(${part.toString()})`,
  );
  const values = lexical.map((name) => `()=>${name}`).join(',');
  const read = `[${values}].map((read)=>{try{return read()}catch{return undefined}})`;
  return `((${openWalk.toString()})(${load},${own},{${parts.join(',')}},${JSON.stringify(settings)},${read}))`;
}
