// What the user of the panel chose; the host keeps it, so that a hidden panel comes back as it was.
import type { Micros } from './contract.ts';

export const VIEWS = ['timeline', 'graph', 'states', 'diff'] as const;
export type ViewName = (typeof VIEWS)[number];
export const TABS = ['Why', 'Values', 'Event', 'Context', 'Laws', 'Evidence'] as const;
export type Tab = (typeof TABS)[number];

export interface Choices {
  readonly view: ViewName;
  readonly tab: Tab;
  readonly axis: 'clock' | 'order';
  readonly scope: 'around' | 'all';
  /** Absent: not zoomed by hand yet. */
  readonly window?: { readonly from: Micros; readonly to: Micros };
  /** Type of the state machine, and its attribute where it has several. */
  readonly type?: string;
  readonly attribute?: string;
  /** A of the diff, as seq; absent: the last consistent snapshot. */
  readonly diffFrom?: number | undefined;
  /** Only lanes of these types, and only those in these states at the cursor. */
  readonly types: readonly string[];
  readonly states: readonly string[];
  /** Width of the details in pixels; absent: as the shape has it. */
  readonly side?: number;
  /** Details open as a drawer, where there is no room beside. */
  readonly drawer: boolean;
}

export const DEFAULT_CHOICES: Choices = {
  view: 'timeline',
  tab: 'Why',
  axis: 'clock',
  scope: 'around',
  types: [],
  states: [],
  drawer: false,
};

/** Reads what a host kept; whatever has another form is left out. */
export function readChoices(kept: unknown): Partial<Choices> {
  if (typeof kept !== 'object' || kept === null) return {};
  const { view, tab, axis, scope, side } = kept as { readonly [name: string]: unknown };
  const one = <T>(all: readonly T[], value: unknown): T | undefined => all.find((each) => each === value);
  const found = {
    view: one(VIEWS, view),
    tab: one(TABS, tab),
    axis: one(['clock', 'order'] as const, axis),
    scope: one(['around', 'all'] as const, scope),
  };
  return {
    ...(found.view && { view: found.view }),
    ...(found.tab && { tab: found.tab }),
    ...(found.axis && { axis: found.axis }),
    ...(found.scope && { scope: found.scope }),
    ...(typeof side === 'number' && Number.isFinite(side) && { side }),
  };
}
