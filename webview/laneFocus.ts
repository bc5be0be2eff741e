// Up and down: the keyboard focus moves between names of lanes; in the story it steps through events of the focus.
import type { Stage } from './stage.ts';

export function moveFocus({ store }: Stage, root: HTMLElement, by: 1 | -1): void {
  if (store.shape === 'sidebar') return store.goto({ step: by < 0 ? 'previousOfFocus' : 'nextOfFocus' });
  const names = [...root.querySelectorAll<HTMLElement>('.rows .laneName:not([aria-disabled=true])')];
  const active = names.findIndex((one) => one === document.activeElement);
  const from = active >= 0 ? active : names.findIndex((one) => one.getAttribute('aria-current') === 'true');
  const next = names[Math.max(0, Math.min(names.length - 1, from + by))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
