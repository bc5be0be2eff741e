// Places of the states of a machine: the main path in declared order on the first row, what leaves it on rows below. And the
// route of each transition. Pure arithmetic, along the path and across it; upright or lying is the drawing's business.
import type { StatesPage } from './contract.ts';

export type Transition = StatesPage['transitions'][number];

export interface StatePlace {
  readonly along: number;
  readonly across: number;
}

export interface Placed {
  readonly places: ReadonlyMap<string, StatePlace>;
  readonly length: number;
  readonly rows: number;
}

export function placeStates(page: StatesPage): Placed {
  const order = page.states.map((one) => one.state);
  const edges = page.transitions.filter((one) => one.from !== undefined && one.to !== undefined && !one.undeclared);
  const after = (state: string) =>
    edges
      .filter((one) => one.from === state)
      .map((one) => order.indexOf(one.to ?? ''))
      .filter((at) => at >= 0);
  const path = longestPath(order, (at) => after(order[at] ?? '').filter((next) => next > at));
  const places = new Map<string, StatePlace>();
  path.forEach((state, along) => places.set(state, { along, across: 0 }));
  const taken = new Set<string>();
  let rows = 1;
  for (const state of order) {
    if (places.has(state)) continue;
    const before = page.transitions
      .filter((one) => one.to === state && one.from !== undefined)
      .map((one) => places.get(one.from ?? '')?.along)
      .filter((along) => along !== undefined);
    const along = before.length ? Math.max(...before) : Math.max(0, path.length - 1);
    let across = 1;
    while (taken.has(`${along} ${across}`)) across++;
    taken.add(`${along} ${across}`);
    rows = Math.max(rows, across + 1);
    places.set(state, { along, across });
  }
  return { places, length: Math.max(1, path.length), rows };
}

/** States are few; each is visited once, from the last to the first. */
function longestPath(order: readonly string[], later: (at: number) => readonly number[]): string[] {
  const best: { length: number; next: number }[] = order.map(() => ({ length: 1, next: -1 }));
  for (let at = order.length - 1; at >= 0; at--) {
    for (const next of later(at)) {
      const length = 1 + (best[next]?.length ?? 0);
      if (length > (best[at]?.length ?? 0)) best[at] = { length, next };
    }
  }
  let at = best.reduce((found, one, place) => (one.length > (best[found]?.length ?? 0) ? place : found), 0);
  const path: string[] = [];
  while (at >= 0 && order[at] !== undefined) {
    path.push(order[at] ?? '');
    at = best[at]?.next ?? -1;
  }
  // Without transitions there is no path to find: the declared order is all there is.
  return path.length > 1 ? path : [...order];
}

/** How a transition runs. `next`: to the neighbour; `arc`: over or under others of its row; `drop`: to another row. */
export type Route = 'next' | 'arc' | 'straight' | 'drop' | 'loop';

export function routeOf(from: StatePlace, to: StatePlace): Route {
  if (from.along === to.along && from.across === to.across) return 'loop';
  if (from.across === to.across) return to.along - from.along === 1 ? 'next' : 'arc';
  return from.along === to.along && Math.abs(from.across - to.across) === 1 ? 'straight' : 'drop';
}
