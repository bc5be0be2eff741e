// What each part of the panel is given: what is known, the one tooltip, and a voice for screen readers.
import type { PanelStore } from './store.ts';
import type { Tooltip } from './tooltip.ts';

export interface Stage {
  readonly store: PanelStore;
  readonly tooltip: Tooltip;
  /** Said by screen readers; nothing is shown. */
  announce(text: string): void;
}

/** Tells whether any of the things a drawing depends on is another one than last time. */
export class Inputs {
  #last: readonly unknown[] | undefined;

  changed(...now: readonly unknown[]): boolean {
    const same = this.#last?.length === now.length && this.#last.every((one, at) => Object.is(one, now[at]));
    this.#last = now;
    return !same;
  }

  forget(): void {
    this.#last = undefined;
  }
}
