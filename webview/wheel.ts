// The wheel over a picture with a time axis: with Ctrl it zooms at the pointer, sideways it pans; up and down scrolls, as everywhere.
import type { PanelStore } from './store.ts';
import type { TimeScale } from './timeScale.ts';

/** @param area where the time axis begins and ends */
export function wheeled(event: WheelEvent, area: Element, store: PanelStore, scale: TimeScale | undefined): void {
  const { left, width } = area.getBoundingClientRect();
  if (event.ctrlKey || event.metaKey) {
    const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY / 200)));
    if (scale) store.zoom(factor, scale.time(event.clientX - left));
  } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    store.pan((event.deltaX / Math.max(1, width)) * (store.window.to - store.window.from));
  } else return;
  event.preventDefault();
}
