// Asks one Node process to open its inspector by SIGUSR1 and waits until it listens. Like the survey it runs both here and, as text,
// inside a container: it names nothing but its arguments. It signals only what it has just seen to be Node and to catch the signal.
import type { SurveyedProcess } from './survey.ts';

export type Awakening =
  | { readonly outcome: 'open'; readonly process: SurveyedProcess; readonly opened: boolean }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'not-node'; readonly program: string }
  | { readonly outcome: 'forbidden' }
  | { readonly outcome: 'port-taken'; readonly port: number }
  | { readonly outcome: 'refused'; readonly why: string }
  | { readonly outcome: 'silent' };

/** @param survey looks at the one process @param kill sends it SIGUSR1, throwing what the system answers */
export async function awakenInspector(
  survey: () => Promise<SurveyedProcess | undefined>,
  kill: () => void,
  waitMs: number,
): Promise<Awakening> {
  const before = await survey();
  if (!before) return { outcome: 'gone' };
  if (before.language !== 'node') return { outcome: 'not-node', program: before.program };
  if (before.inspector) return { outcome: 'open', process: before, opened: false };
  if (!before.caughtSigusr1) return { outcome: 'forbidden' };
  if (before.takenPort !== undefined) return { outcome: 'port-taken', port: before.takenPort };
  try {
    kill();
  } catch (error) {
    return { outcome: 'refused', why: error instanceof Error ? error.message : String(error) };
  }
  const until = Date.now() + waitMs;
  for (let pause = 20; Date.now() < until; pause = Math.min(pause * 2, 200)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const now = await survey();
    if (!now) return { outcome: 'gone' };
    if (now.inspector) return { outcome: 'open', process: now, opened: true };
  }
  return { outcome: 'silent' };
}
