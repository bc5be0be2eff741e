// Long work as progress events with a cancel button; a client without them reads the phases in its console.
import type { Progress } from '../model/index.ts';
import type { SessionContext } from './context.ts';

export interface ProgressReports {
  report(request: number, progress: Progress): void;
  /** The request is answered: its progress is over. */
  end(request: number): void;
  /** The request that shows this progress. */
  requestOf(progressId: string): number | undefined;
}

const TITLES: { readonly [phase in Progress['phase']]: string } = {
  connect: 'Connecting',
  estimate: 'Estimating the cost',
  capture: 'Taking a snapshot',
  parse: 'Reading the snapshot',
  source: 'Reading the source',
  extract: 'Extracting the model',
  store: 'Keeping what changed',
  record: 'Starting to record',
};
/** Editors redraw at most this often; captures report far more. */
const LEAST_MS = 100;

export function createProgressReports(context: SessionContext, now: () => number): ProgressReports {
  const running = new Map<number, { phase: Progress['phase']; told: number }>();
  const idOf = (request: number): string => `request-${request}`;

  const start = (request: number, { phase, message }: Progress): void => {
    const title = TITLES[phase];
    if (context.form.progress) {
      const body = { progressId: idOf(request), title, requestId: request, cancellable: true, message };
      context.send('progressStart', body);
    } else
      context.send('output', {
        category: 'console',
        output: `${title === message ? title : `${title}: ${message}`}\n`,
      });
  };

  return {
    report(request, progress) {
      const { phase, message, done, total } = progress;
      const known = running.get(request);
      if (!known) {
        running.set(request, { phase, told: now() });
        start(request, progress);
        return;
      }
      const next = known.phase !== phase;
      if (!next && now() - known.told < LEAST_MS) return;
      known.phase = phase;
      known.told = now();
      if (!context.form.progress) {
        if (next) start(request, progress);
        return;
      }
      const part =
        done !== undefined && total ? Math.max(0, Math.min(100, Math.round((100 * done) / total))) : undefined;
      context.send('progressUpdate', {
        progressId: idOf(request),
        message: message === TITLES[phase] ? message : `${TITLES[phase]}: ${message}`,
        ...(part !== undefined && { percentage: part }),
      });
    },
    end(request) {
      if (running.delete(request) && context.form.progress) context.send('progressEnd', { progressId: idOf(request) });
    },
    requestOf: (progressId) => [...running.keys()].find((request) => idOf(request) === progressId),
  };
}
