// What a variablesReference stands for: something that lists its children in pages. References live until the view moves;
// numbers are never used twice, so that a late question gets an honest answer instead of another value's children.
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Failure } from '../model/index.ts';
import type { DataTarget } from '../session/index.ts';
import type { ValueFormat } from './literals.ts';

export type Variable = DebugProtocol.Variable;
export type VariableFilter = 'named' | 'indexed';

/** A page of one kind of children; `count` 0 or absent means all. */
export interface Container {
  readonly named: number;
  readonly indexed: number;
  list(
    filter: VariableFilter | undefined,
    start: number,
    count: number | undefined,
    format: ValueFormat,
  ): readonly Variable[];
  /** What a data breakpoint on the child of that name watches. */
  watch?(name: string): DataTarget | undefined;
}

export class References {
  #next = 1;
  #all = new Map<number, Container>();

  add(container: Container): number {
    const reference = this.#next++;
    this.#all.set(reference, container);
    return reference;
  }

  get(reference: number): Container {
    const container = this.#all.get(reference);
    if (container) return container;
    throw new Failure(
      'stale-reference',
      'This value belongs to another point of the timeline.',
      'Expand it again in the current stop.',
    );
  }

  clear(): void {
    this.#all = new Map();
  }
}

/** Children of which there are few: each is made when the page with it is asked for. */
export function listOf(children: readonly ((format: ValueFormat) => Variable)[]): Paged {
  return {
    total: children.length,
    page: (start, count, format) => children.slice(start, start + count).map((child) => child(format)),
  };
}

export interface Paged {
  readonly total: number;
  page(start: number, count: number, format: ValueFormat): readonly Variable[];
}

export const NOTHING: Paged = { total: 0, page: () => [] };

/** Children made when a page of them is asked for. */
export function pagedContainer(named: Paged, indexed: Paged = NOTHING): Container {
  const slice = (paged: Paged, start: number, count: number | undefined, format: ValueFormat): readonly Variable[] => {
    const from = Math.min(Math.max(0, Math.trunc(start) || 0), paged.total);
    const wanted = count === undefined || count <= 0 ? paged.total : Math.trunc(count);
    return from >= paged.total ? [] : paged.page(from, Math.min(wanted, paged.total - from), format);
  };
  return {
    named: named.total,
    indexed: indexed.total,
    list(filter, start, count, format) {
      if (filter === 'named') return slice(named, start, count, format);
      if (filter === 'indexed') return slice(indexed, start, count, format);
      const first = slice(named, start, count, format);
      if (count !== undefined && count > 0 && first.length >= count) return first;
      const left = count === undefined || count <= 0 ? undefined : count - first.length;
      return [...first, ...slice(indexed, Math.max(0, start - named.total), left, format)];
    },
  };
}

/** Children that are not even counted before somebody asks for them. */
export function lazyContainer(make: () => Container): Container {
  let made: Container | undefined;
  const container = (): Container => (made ??= make());
  return {
    get named() {
      return container().named;
    },
    get indexed() {
      return container().indexed;
    },
    list: (filter, start, count, format) => container().list(filter, start, count, format),
    watch: (name) => container().watch?.(name),
  };
}

/** The fields that announce a container's children to the client. */
export function announced(
  references: References,
  container: Container | undefined,
): Pick<Variable, 'variablesReference' | 'namedVariables' | 'indexedVariables'> {
  if (!container || container.named + container.indexed === 0) return { variablesReference: 0 };
  return {
    variablesReference: references.add(container),
    namedVariables: container.named,
    indexedVariables: container.indexed,
  };
}
