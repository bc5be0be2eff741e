// Typed listeners of one object, told in the order they came.

export interface Listeners<E> {
  on<N extends keyof E>(name: N, listener: (body: E[N]) => void): () => void;
  emit<N extends keyof E>(name: N, body: E[N]): void;
  clear(): void;
}

export function createListeners<E>(): Listeners<E> {
  let all: { [N in keyof E]?: ReadonlySet<(body: E[N]) => void> } = {};
  const of = <N extends keyof E>(name: N): ReadonlySet<(body: E[N]) => void> => all[name] ?? new Set();
  return {
    on(name, listener) {
      all[name] = new Set([...of(name), listener]);
      return () => {
        all[name] = new Set([...of(name)].filter((other) => other !== listener));
      };
    },
    emit(name, body) {
      for (const listener of of(name)) listener(body);
    },
    clear() {
      all = {};
    },
  };
}
