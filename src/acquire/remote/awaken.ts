// Asks one Node process to open its inspector by SIGUSR1 and waits until it listens. Like the survey it runs both here and, as text,
// inside a container: it names nothing but its arguments. It signals only what it has just seen to be Node and to catch the signal.
import type { OpenInspector, SurveyedProcess } from './survey.ts';

export type Awakening =
  | { readonly outcome: 'open'; readonly process: SurveyedProcess; readonly opened: boolean }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'not-node'; readonly program: string }
  | { readonly outcome: 'forbidden' }
  | { readonly outcome: 'port-taken'; readonly port: number }
  | { readonly outcome: 'refused'; readonly why: string }
  | { readonly outcome: 'silent' };

/**
 * @param survey looks at the one process
 * @param kill sends it SIGUSR1, throwing what the system answers
 * @param relocate takes what was opened off a port that other processes would open theirs at, where that is needed
 * @param child of a process that is attached to: one that is found open was opened on our behalf, and its port may be another's for a
 * moment; `unasked`: it is not signalled
 */
export async function awakenInspector(
  survey: () => Promise<SurveyedProcess | undefined>,
  kill: () => void,
  waitMs: number,
  relocate: (opened: OpenInspector) => Promise<SurveyedProcess | undefined>,
  child: 'asked' | 'unasked' | undefined,
): Promise<Awakening> {
  const MOST_SIGNALS = 2;
  const until = Date.now() + waitMs;
  let before = await survey();
  for (; child && before && before.takenPort !== undefined && Date.now() < until; before = await survey())
    await new Promise((resolve) => setTimeout(resolve, 50));
  if (!before) return { outcome: 'gone' };
  if (before.language !== 'node') return { outcome: 'not-node', program: before.program };
  if (before.inspector) {
    const process = child ? (await relocate(before.inspector)) || before : before;
    return { outcome: 'open', process, opened: child !== undefined };
  }
  if (!before.caughtSigusr1) return { outcome: 'forbidden' };
  if (before.takenPort !== undefined) return { outcome: 'port-taken', port: before.takenPort };
  if (child === 'unasked') return { outcome: 'silent' };
  let signals = 0;
  let wasTaken = true;
  for (let pause = 20; Date.now() < until; pause = Math.min(pause * 2, 200)) {
    // Where another was quicker at the port it has not opened, and never will by itself.
    if (wasTaken && signals < MOST_SIGNALS) {
      signals++;
      try {
        kill();
      } catch (error) {
        return { outcome: 'refused', why: error instanceof Error ? error.message : String(error) };
      }
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    const now = await survey();
    if (!now) return { outcome: 'gone' };
    if (now.inspector) return { outcome: 'open', process: (await relocate(now.inspector)) || now, opened: true };
    wasTaken = child !== undefined && now.takenPort !== undefined;
  }
  return { outcome: 'silent' };
}
