// A view over a recorded timeline, with everything it tells written down. Closed when the tests of the file are over.
import { after } from 'node:test';
import { createView, type BreakpointRequest, type View } from '../../src/session/index.ts';
import { recordOrderService, type Recorded } from './orderService.ts';
import { RecordedSession } from './recordedSession.ts';

const recordings: Recorded[] = [];
after(() => recordings.forEach((one) => one[Symbol.dispose]()));

export interface OpenedView {
  readonly view: View;
  readonly session: RecordedSession;
  /** Stops as `reason: text`, log points as `log: text`. */
  readonly told: string[];
}

export function openView(options: { readonly connected?: boolean } = {}): OpenedView {
  const recorded = recordOrderService();
  recordings.push(recorded);
  const session = new RecordedSession(recorded.store, options);
  const view = createView(session);
  const told: string[] = [];
  view.on('stopped', ({ reason, text }) => told.push(`${reason}: ${text}`));
  view.on('continued', () => told.push('continued'));
  view.on('logged', ({ text }) => told.push(`log: ${text}`));
  return { view, session, told };
}

export function transition(pattern: string, more: Partial<BreakpointRequest> = {}): BreakpointRequest {
  return { target: { kind: 'function', pattern }, ...more };
}
