// The attached processes of a timeline as threads: the one attached now first, then those that only the recording knows.
import type { Session } from '../session.ts';
import type { ViewThread } from './contract.ts';

export function threadsOf(session: Session): readonly ViewThread[] {
  const { target, store } = session;
  const { targets } = store.summary();
  const own = target.address;
  const name = target.pid === undefined ? target.name : `${target.name} (pid ${target.pid})`;
  const others = targets.filter((key) => key !== own);
  // One process has the whole timeline to itself: points that name no process are its own as well.
  if (own === undefined && others.length <= 1) return [{ id: 1, name: others[0] ?? (name || 'timeline') }];
  if (others.length === 0) return [{ id: 1, name }];
  const all = own === undefined ? others.map((key) => ({ key, name: key })) : [{ key: own, name }];
  if (own !== undefined) all.push(...others.map((key) => ({ key, name: key })));
  return all.map((one, index) => ({ id: index + 1, ...one }));
}
