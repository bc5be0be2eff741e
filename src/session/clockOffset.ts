// How far a service's clock is from ours, so that events of several services stand in one order. Asked as NTP asks: the clock of the
// other is read between two readings of our own, and the quickest answer is the most certain one.
import type { Attachment } from '../acquire/index.ts';
import type { Micros, NewPoint, Work } from '../model/index.ts';
import { now } from './clock.ts';

/** `theirs - ours`; where it is not more than the error, nothing says that the clocks differ. */
export interface ClockOffset {
  readonly offset: Micros;
  /** Half the time of the quickest answer: the offset is known to be within it. */
  readonly error: Micros;
}

export interface ClockSample {
  readonly asked: Micros;
  readonly theirs: Micros;
  readonly answered: Micros;
}

export const NO_OFFSET: ClockOffset = { offset: 0, error: 0 };
const SAMPLES = 7;
const ANSWER_MS = 5000;
/** The same clock by which the recorded program tells its times. */
const THEIR_NOW = 'Math.round((performance.timeOrigin + performance.now()) * 1000)';

/** @throws Failure `target-gone`, `timeout`, `cancelled`, `inspector-error` */
export async function measureOffset(
  attachment: Pick<Attachment, 'send'>,
  work: Work,
  clock: () => Micros = now,
): Promise<ClockOffset> {
  const samples: ClockSample[] = [];
  for (let n = 0; n < SAMPLES; n++) {
    const asked = clock();
    const { result } = await attachment.send<{ readonly result: { readonly value?: unknown } }>(
      'Runtime.evaluate',
      { expression: THEIR_NOW, returnByValue: true, silent: true },
      { ...work, timeoutMs: ANSWER_MS },
    );
    if (typeof result.value === 'number') samples.push({ asked, theirs: result.value, answered: clock() });
  }
  return offsetOf(samples);
}

export function offsetOf(samples: readonly ClockSample[]): ClockOffset {
  let best: ClockOffset | undefined;
  for (const { asked, theirs, answered } of samples) {
    const error = Math.ceil((answered - asked) / 2);
    if (error < 0 || (best && best.error <= error)) continue;
    best = { offset: Math.round(theirs - (asked + answered) / 2), error };
  }
  return best ?? NO_OFFSET;
}

/** What is taken from its times to have them in ours. */
export function correctionOf({ offset, error }: ClockOffset): Micros {
  return Math.abs(offset) > error ? offset : 0;
}

export function inOurTime(points: readonly NewPoint[], clock: ClockOffset): readonly NewPoint[] {
  const by = correctionOf(clock);
  if (by === 0) return points;
  return points.map((point) => {
    const { time } = point;
    const since = point.kind === 'snapshot' ? undefined : point.since;
    return { ...point, time: time - by, ...(since !== undefined && { since: since - by }) };
  });
}

export function describeOffset(name: string, clock: ClockOffset): string {
  const by = correctionOf(clock);
  const error = `${millis(clock.error)} ms`;
  if (by === 0) return `The clock of ${name} agrees with ours within ${error}.`;
  const side = by > 0 ? 'ahead of' : 'behind';
  return `The clock of ${name} is ${millis(Math.abs(by))} ms ${side} ours, give or take ${error}: its times are corrected.`;
}

function millis(micros: Micros): string {
  return (micros / 1000).toFixed(micros < 10_000 ? 2 : 0);
}
