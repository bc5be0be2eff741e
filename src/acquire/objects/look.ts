// What the language does not let a program see of its own objects: private fields, the variables that functions closed over, what
// promises and proxies hold. Asked of V8 by an inspector session of the target's own, inside it, so that a question and its answer are
// one piece of work. Runs as text inside the target: it names nothing but its arguments.
import type * as Inspector from 'node:inspector';

/** Script, line and column, from zero. */
export type FunctionPlace = readonly [script: number, line: number, column: number];

export interface Seen {
  /** Absent for what is no function, and for V8's own. */
  readonly place?: FunctionPlace;
  /** `[[PromiseState]]`, `[[Target]]`, `[[BoundThis]]` and their like. */
  readonly internal: { readonly [name: string]: unknown };
  readonly privates: readonly (readonly [name: string, value: unknown])[];
  /** The innermost first, each an object whose properties are the variables. */
  readonly scopes: readonly object[];
}

/** Looks at all of them at once. @param isWanted whether the scopes of a function that stands there are looked at */
export type Look = (objects: readonly object[], isWanted: (place: FunctionPlace) => boolean) => readonly Seen[];

interface Remote {
  readonly objectId?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
}
interface Named {
  readonly name: string;
  readonly value?: Remote;
}
interface Properties {
  readonly result: readonly Named[];
  readonly internalProperties?: readonly Named[];
  readonly privateProperties?: readonly Named[];
}

/** What V8 tells of one object, its values still to be fetched. */
interface Found {
  readonly place: FunctionPlace | undefined;
  readonly named: readonly Named[];
  readonly scopes: readonly Remote[];
}

export function createLook(inspector: Pick<typeof Inspector, 'Session'>): Look {
  const DOOR = Symbol.for('semstate.look');
  const INTERNAL = /^\[\[(Target|TargetFunction|BoundThis|BoundArgs|PromiseState|PromiseResult)\]\]$/;
  return (objects, isWanted) => {
    const session = new inspector.Session();
    session.connect();
    const post = <T>(method: string, params: object): T => {
      let failed: unknown = new Error(`${method} was not answered`);
      let answer: unknown;
      // An answer comes before `post` returns.
      session.post(method, params, (error: unknown, result: unknown) => {
        failed = error;
        answer = result;
      });
      if (failed) throw failed;
      return answer as T;
    };
    const receiver: { given: readonly unknown[] } = { given: [] };
    const properties = (objectId: string | undefined): Properties =>
      post('Runtime.getProperties', { objectId, ownProperties: true, nonIndexedPropertiesOnly: true });
    const values = (named: readonly Named[]): Remote[] =>
      named.map(({ value }) => value).filter((value): value is Remote => value !== undefined);
    /** All that is handed over, each by its id. */
    const handOver = (): Remote[] => {
      try {
        // The one way to hand objects over; it is gone again before the program runs on.
        Object.defineProperty(globalThis, DOOR, { value: [...objects, receiver], configurable: true });
        const expression = `globalThis[Symbol.for('semstate.look')]`;
        const { objectId } = post<{ result: Remote }>('Runtime.evaluate', { expression, silent: true }).result;
        const { result } = post<Properties>('Runtime.getProperties', { objectId, ownProperties: true });
        return values(result.filter(({ name }) => /^\d+$/.test(name)));
      } finally {
        delete (globalThis as { [name: symbol]: unknown })[DOOR];
      }
    };
    const scopesOf = (internal: readonly Named[]): Remote[] => {
      const [list] = values(internal.filter(({ name }) => name === '[[Scopes]]'));
      if (!list) return [];
      const { result } = post<Properties>('Runtime.getProperties', { objectId: list.objectId, ownProperties: true });
      return values(result).filter(({ objectId }) => objectId !== undefined);
    };
    const lookAt = ({ objectId }: Remote): Found => {
      const { internalProperties = [], privateProperties = [] } = properties(objectId);
      const [stands] = values(internalProperties.filter(({ name }) => name === '[[FunctionLocation]]'));
      const at = stands && (stands.value as { readonly [name: string]: unknown });
      const place =
        at && ([Number(at['scriptId']), Number(at['lineNumber']), Number(at['columnNumber'] || 0)] as const);
      const named = [...internalProperties.filter(({ name }) => INTERNAL.test(name)), ...privateProperties];
      return {
        place,
        named: named.filter(({ value }) => value !== undefined),
        scopes: place && isWanted(place) ? scopesOf(internalProperties) : [],
      };
    };
    /** The values themselves, in one call: each is compiled by V8. */
    const fetch = (remotes: readonly Remote[], objectId: string | undefined): readonly unknown[] => {
      const list = remotes.map(({ objectId: id, unserializableValue, value }) =>
        id !== undefined ? { objectId: id } : unserializableValue !== undefined ? { unserializableValue } : { value },
      );
      const functionDeclaration = 'function(...given){this.given=given}';
      post('Runtime.callFunctionOn', { functionDeclaration, objectId, arguments: list, silent: true });
      return receiver.given;
    };
    try {
      const remotes = handOver();
      const receiverId = (remotes.pop() as Remote).objectId;
      const found = remotes.map(lookAt);
      const all = found.map(({ named, scopes }) => [...values(named), ...scopes]);
      const given = fetch(([] as Remote[]).concat(...all), receiverId);
      let from = 0;
      return found.map(({ place, named, scopes }, n): Seen => {
        const own = given.slice(from, (from += (all[n] as Remote[]).length));
        const internal: { [name: string]: unknown } = {};
        const privates: [string, unknown][] = [];
        named.forEach(({ name }, each) => {
          if (INTERNAL.test(name)) internal[name] = own[each];
          else privates.push([name, own[each]]);
        });
        const held = own.slice(named.length).map((scope) => (scope as { readonly object?: unknown }).object);
        const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
        return { ...(place && { place }), internal, privates, scopes: scopes.length > 0 ? held.filter(isObject) : [] };
      });
    } finally {
      session.disconnect();
    }
  };
}
