// Breakpoints over business events: what each one watches, its condition, and how often it has to happen.
import type { EntityRef, EventPoint, Micros, Point } from '../../model/index.ts';

/** An attribute (or relation) of one entity, or of all of its type. */
export interface DataTarget {
  readonly kind: 'data';
  readonly entity: string;
  readonly id?: EntityRef['id'];
  readonly attribute: string;
}

export type BreakpointTarget =
  | DataTarget
  /** `Order.status: paid -> cancelled`, `Order.status: * -> failed`, or an event type: `OrderPaid`. */
  | { readonly kind: 'function'; readonly pattern: string }
  /** `file` as events carry it: relative to its source directory. */
  | { readonly kind: 'source'; readonly file: string; readonly line: number }
  /** `all`, `new`, or a law's id. */
  | { readonly kind: 'law'; readonly law: string };

export interface BreakpointRequest {
  readonly target: BreakpointTarget;
  /** Over the event: `object.total > 100`. */
  readonly condition?: string;
  /** `3`, `>= 3`, `% 2`: the how-manieth match in the whole recording. */
  readonly hitCondition?: string;
  /** Written instead of stopping; `{object.total}` is filled in. */
  readonly logMessage?: string;
}

/** A breakpoint that was asked for, with what became of it. */
export interface PlacedBreakpoint {
  readonly id: number;
  readonly verified: boolean;
  readonly message?: string;
}

export type BreakpointKind = BreakpointTarget['kind'];

/** Tests one candidate event or snapshot; it was found by the store's filter already. */
export type PointTest = (point: Point) => boolean;

export interface HitTest {
  readonly text: string;
  holds(count: number): boolean;
}

/** Reads a hit condition; undefined: it is none. */
export function parseHitCondition(text: string): HitTest | undefined {
  const match = /^\s*(>=|<=|==?|>|<|%)?\s*(\d{1,15})\s*$/.exec(text);
  if (!match) return undefined;
  const n = Number(match[2]);
  const tests: Record<string, (count: number) => boolean> = {
    '>=': (count) => count >= n,
    '<=': (count) => count <= n,
    '>': (count) => count > n,
    '<': (count) => count < n,
    '%': (count) => n > 0 && count % n === 0,
  };
  return { text: text.trim(), holds: tests[match[1] ?? ''] ?? ((count) => count === n) };
}

/** Whether a data breakpoint watches this event: creation and removal count, since the attribute comes or goes. */
export function watches(target: DataTarget, event: EventPoint): boolean {
  if (event.object.entity !== target.entity) return false;
  if (target.id !== undefined && event.object.id !== target.id) return false;
  return event.attribute === target.attribute;
}

/** A moment of the recording at which a breakpoint matched. */
export interface Match {
  readonly breakpoint: number;
  readonly point: Point;
  readonly time: Micros;
}
