// One line the panel says by itself: a failure with what to do about it, or the result of an action.
import type { SnapshotMark } from './contract.ts';
import { t } from './texts.ts';
import { consistencyText, methodText } from './words.ts';

export interface Notice {
  readonly text: string;
  readonly action?: string;
  readonly code?: string;
}

/** An error that crossed from the host: a stable code, what happened, what to do. */
export class HostFailure extends Error {
  readonly code: string;
  readonly action: string;
  constructor(code: string, message: string, action: string) {
    super(message);
    this.code = code;
    this.action = action;
  }
}

export function asNotice(error: unknown): Notice {
  if (error instanceof HostFailure) return { text: error.message, action: error.action, code: error.code };
  return { text: error instanceof Error ? error.message : String(error) };
}

/** What is said of a snapshot that was just taken. */
export function takenText(mark: SnapshotMark): string {
  const pause = Math.round(mark.pauseMs);
  return t(
    'Snapshot {0}: {1}, paused {2} ms, {3}.',
    mark.id,
    methodText(mark.method),
    pause,
    consistencyText(mark.consistency),
  );
}
