// Makes a process fit for edits. V8 13 crashes when, after an edit of their script, two closures of one function are called that
// existed before and that nobody had called (seen on Node 24: a factory's methods, whatever the edit was). Functions that are compiled
// and have their feedback cells are safe, so before an edit every function of the script is compiled.
// Does not see functions of other contexts (`node:vm`). Costs one collection of garbage and one walk of the heap.
import { isFailure, type Work } from '../model/index.ts';
import type { Door } from './door.ts';

const GROUP = 'semstate-functions';

/** Runs in the process. @returns the number of functions that were compiled; -1: it does not let us */
function compile(this: readonly unknown[], scriptIds: readonly number[]): number {
  const v8 = process.getBuiltinModule('v8');
  const wanted = new Set(scriptIds);
  let [scriptOf, ensure]: ((f: unknown) => unknown)[] = [];
  v8.setFlagsFromString('--allow-natives-syntax');
  try {
    scriptOf = new Function('f', 'return %FunctionGetScriptId(f)') as (f: unknown) => unknown;
    ensure = new Function('f', '%EnsureFeedbackVectorForFunction(f)') as (f: unknown) => unknown;
  } catch {
    return -1;
  } finally {
    v8.setFlagsFromString('--no-allow-natives-syntax');
  }
  let count = 0;
  for (const each of this) {
    try {
      if (typeof each !== 'function' || !wanted.has(scriptOf(each) as number)) continue;
      ensure(each);
      count++;
    } catch {
      // A function of the language has no script.
    }
  }
  return count;
}

interface Held {
  readonly objectId?: string;
}

/** @returns false: this process had better not be edited. @throws Failure `cancelled`, `target-gone` */
export async function makeReady(door: Door, scriptIds: readonly number[], work: Work): Promise<boolean> {
  if (scriptIds.length === 0) return true;
  try {
    const { result } = await door.send<{ result: Held }>(
      'Runtime.evaluate',
      { expression: 'parseInt(process.versions.v8) >= 13 ? Function.prototype : null', objectGroup: GROUP },
      work,
    );
    if (result.objectId === undefined) return true;
    const { objects } = await door.send<{ objects: Held }>(
      'Runtime.queryObjects',
      { prototypeObjectId: result.objectId, objectGroup: GROUP },
      work,
    );
    const called = await door.send<{ result: { readonly value?: number } }>(
      'Runtime.callFunctionOn',
      {
        objectId: objects.objectId,
        functionDeclaration: compile.toString(),
        arguments: [{ value: scriptIds }],
        returnByValue: true,
      },
      work,
    );
    return (called.result.value ?? -1) >= 0;
  } catch (error) {
    if (isFailure(error, 'inspector-error')) return false;
    throw error;
  } finally {
    await door.send('Runtime.releaseObjectGroup', { objectGroup: GROUP }).catch(() => undefined);
  }
}
