// The functions of a process whose scripts are edited. V8 13 crashes when, after an edit of their script, two closures of one function are
// called that existed before and that nobody had called (seen on Node 24: a factory's methods, whatever the edit was). Functions that are
// compiled and have their feedback cells are safe, so before an edit every function of the script is compiled. And V8 may answer that an
// edit is done, and leave a function that exists as it is: such a function then belongs to a copy of its script and not to the script.
// Does not see functions of other contexts (`node:vm`). Costs one collection of garbage and one walk of the heap.
import { isFailure, type Work } from '../model/index.ts';
import type { Door } from './door.ts';

const GROUP = 'semstate-functions';
/** Where V8 does not crash, a larger heap is not walked for certainty alone. */
const MOST_HEAP = 96 * 2 ** 20;
/** Texts of functions that are compared; a longer one holds others, which are compared themselves. */
const LONGEST = 50_000;

type ScriptOf = (f: unknown) => number;

/** Runs in the process. @returns functions of the scripts with the number of each; undefined: it does not let us */
function take(this: readonly unknown[], scriptIds: readonly number[], isCompiling: boolean): unknown {
  const v8 = process.getBuiltinModule('v8');
  const wanted = new Set(scriptIds);
  let scriptOf: ScriptOf;
  let ensure: (f: unknown) => void;
  v8.setFlagsFromString('--allow-natives-syntax');
  try {
    scriptOf = new Function('f', 'return %FunctionGetScriptId(f)') as ScriptOf;
    ensure = new Function('f', isCompiling ? '%EnsureFeedbackVectorForFunction(f)' : '') as typeof ensure;
  } catch {
    return undefined;
  } finally {
    v8.setFlagsFromString('--no-allow-natives-syntax');
  }
  const all: [unknown, number][] = [];
  for (const each of this) {
    try {
      const script = typeof each === 'function' ? scriptOf(each) : -1;
      if (!wanted.has(script)) continue;
      ensure(each);
      all.push([each, script]);
    } catch {
      // A function of the language has no script.
    }
  }
  return { all, scriptOf };
}

/** Runs in the process, on what `take` gave: those that are of another script by now, by the one they were of, with their text. */
function left(this: { all: [unknown, number][]; scriptOf: ScriptOf }, longest: number): [number, string][] {
  return this.all.flatMap(([each, script]) => {
    if (this.scriptOf(each) === script) return [];
    const text = Function.prototype.toString.call(each);
    return text.length <= longest ? [[script, text]] : [];
  });
}

interface Held {
  readonly objectId?: string;
}

/** A function that goes on as it was. */
export interface Stale {
  readonly scriptId: number;
  readonly text: string;
}

/** To be let go of. */
export interface Functions extends AsyncDisposable {
  /** False: this process had better not be edited. */
  readonly isReady: boolean;
  /** Functions that an edit since did not reach. */
  stale(): Promise<readonly Stale[]>;
}

const NONE = { stale: () => Promise.resolve([]), [Symbol.asyncDispose]: () => Promise.resolve() };

/** @throws Failure `cancelled`, `target-gone` */
export async function functionsOf(door: Door, scriptIds: readonly number[], work: Work): Promise<Functions> {
  if (scriptIds.length === 0) return { isReady: true, ...NONE };
  const release = (): Promise<unknown> =>
    door.send('Runtime.releaseObjectGroup', { objectGroup: GROUP }).catch(() => undefined);
  try {
    const asked = `parseInt(process.versions.v8) >= 13 || process.memoryUsage().heapUsed < ${MOST_HEAP} ? Function.prototype : null`;
    const { result } = await door.send<{ result: Held }>(
      'Runtime.evaluate',
      { expression: asked, objectGroup: GROUP },
      work,
    );
    if (result.objectId === undefined) return { isReady: true, ...NONE };
    const { objects } = await door.send<{ objects: Held }>(
      'Runtime.queryObjects',
      { prototypeObjectId: result.objectId, objectGroup: GROUP },
      work,
    );
    const isCompiling = await isThirteen(door, work);
    const taken = await door.send<{ result: Held }>(
      'Runtime.callFunctionOn',
      {
        objectId: objects.objectId,
        functionDeclaration: take.toString(),
        arguments: [{ value: scriptIds }, { value: isCompiling }],
        objectGroup: GROUP,
      },
      work,
    );
    const { objectId } = taken.result;
    if (objectId === undefined) return { isReady: !isCompiling, ...NONE };
    return {
      isReady: true,
      async stale() {
        const { result: found } = await door.send<{ result: { readonly value?: readonly [number, string][] } }>(
          'Runtime.callFunctionOn',
          { objectId, functionDeclaration: left.toString(), arguments: [{ value: LONGEST }], returnByValue: true },
          work,
        );
        return (found.value ?? []).map(([scriptId, text]) => ({ scriptId, text }));
      },
      async [Symbol.asyncDispose]() {
        await release();
      },
    };
  } catch (error) {
    await release();
    if (isFailure(error, 'inspector-error')) return { isReady: false, ...NONE };
    throw error;
  }
}

async function isThirteen(door: Door, work: Work): Promise<boolean> {
  const { result } = await door.send<{ result: { readonly value?: boolean } }>(
    'Runtime.evaluate',
    { expression: 'parseInt(process.versions.v8) >= 13', returnByValue: true },
    work,
  );
  return result.value === true;
}

/** Before an edit of which nothing is asked afterwards. @returns as `isReady` */
export async function makeReady(door: Door, scriptIds: readonly number[], work: Work): Promise<boolean> {
  if (scriptIds.length === 0 || !(await isThirteen(door, work))) return true;
  await using functions = await functionsOf(door, scriptIds, work);
  return functions.isReady;
}
