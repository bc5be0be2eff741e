// The attached processes of a timeline as threads: those attached now first, then those that only the recording knows.
import type { Session } from '../session.ts';
import type { ViewThread } from './contract.ts';

export function threadsOf(session: Session): readonly ViewThread[] {
  const { targets, store } = session;
  const own = targets.map(({ address, name, pid }) => ({
    key: address,
    name: pid === undefined ? name : `${name} (pid ${pid})`,
  }));
  const attached = new Set(own.map(({ key }) => key));
  const others = store.summary().targets.filter((key) => !attached.has(key));
  const all = [...own, ...others.map((key) => ({ key, name: key }))];
  const [only] = all;
  // One process has the whole timeline to itself: points that name no process are its own as well.
  if (all.length <= 1) return [{ id: 1, name: only?.name ?? (session.name || 'timeline') }];
  return all.map((one, index) => ({ id: index + 1, ...one }));
}
