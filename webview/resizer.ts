// The edge by which the details are made wider or narrower.
import { el } from './elements.ts';
import type { Stage } from './stage.ts';
import { t } from './texts.ts';

const [LEAST, MOST, STEP] = [280, 520, 16];

export function resizer({ store }: Stage): HTMLElement {
  const node = el('div', {
    class: 'resizer',
    role: 'separator',
    tabindex: 0,
    'aria-orientation': 'vertical',
    'aria-label': t('Width of the details'),
    'aria-valuemin': LEAST,
    'aria-valuemax': MOST,
    'aria-valuenow': store.choices.side ?? 400,
    'data-key': 'resizer',
  });
  const set = (width: number) => {
    const side = Math.round(Math.max(LEAST, Math.min(MOST, width)));
    node.setAttribute('aria-valuenow', String(side));
    store.choose({ side });
  };
  node.addEventListener('pointerdown', (event) => {
    node.setPointerCapture(event.pointerId);
    const right = node.parentElement?.getBoundingClientRect().right ?? event.clientX;
    const move = (moved: PointerEvent) => set(right - moved.clientX);
    node.addEventListener('pointermove', move);
    node.addEventListener('pointerup', () => node.removeEventListener('pointermove', move), { once: true });
  });
  node.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowLeft' ? STEP : event.key === 'ArrowRight' ? -STEP : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    set((node.parentElement?.clientWidth ?? LEAST) + by);
  });
  return node;
}
