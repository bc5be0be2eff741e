// The span of time in view, and who decides it: until the user zooms or pans it fits the life of the focus, afterwards it is
// theirs and moves only to keep the cursor, or the live edge that is followed, in sight.
import type { Cursor, Lane, Overview } from './contract.ts';
import type { Window } from './panelData.ts';
import { fitWindow, liveEdge, shiftWindow, windowOfLane } from './timeWindow.ts';

export class ViewWindow {
  current: Window = { from: 0, to: 1 };
  #byHand = false;
  /** Fit when the lane of the focus comes. */
  #fitting = true;
  #follows = true;

  chosen(window: Window, overview: Overview | undefined): void {
    this.#byHand = true;
    this.current = window;
    this.#follows = overview !== undefined && window.to >= overview.last;
  }

  refocused(): void {
    this.#fitting ||= !this.#byHand;
  }

  moved(cursor: Cursor, overview: Overview | undefined): void {
    const shifted = shiftWindow(this.current, cursor.live ? liveEdge(overview) : cursor.time);
    if (!shifted || !overview) return;
    this.#fitting ||= !this.#byHand;
    this.current = shifted;
  }

  /** The recording came, or grew. */
  grew(before: Overview | undefined, now: Overview): void {
    const grown = before ? now.last - before.last : 0;
    if (this.#byHand) {
      const { from, to } = this.current;
      if (this.#follows && now.cursor.live && grown > 0) this.current = { from: from + grown, to: to + grown };
      return;
    }
    const atEdge = now.cursor.live || now.cursor.time >= (before?.last ?? now.last);
    if (!before || (grown > 0 && atEdge)) this.#fitting = true;
    if (!before || before.last <= before.first) this.current = wholeOf(now);
  }

  /** @returns whether the window is another one now */
  fit(lane: Lane | undefined, overview: Overview, cursor: Cursor | undefined): boolean {
    if (!this.#fitting || this.#byHand) return false;
    this.#fitting = false;
    this.current = lane ? windowOfLane(lane, overview, cursor?.time) : wholeOf(overview);
    return true;
  }
}

function wholeOf(overview: Overview): Window {
  return fitWindow(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, overview);
}
