// What the view does by itself, told to the client: stops, log lines, new points, a target that went away.
import type { DebugProtocol } from '@vscode/debugprotocol';
import { toIso, type Point } from '../model/index.ts';
import { describePoint, type Events } from '../present/index.ts';
import type { Stop, View } from '../session/index.ts';
import type { Opened, SessionContext } from './context.ts';

export type SendCustom = <N extends keyof Events>(event: N, body: Events[N]) => void;

/** Subscribes to the view; everything is sent after the answer to the request that caused it. */
export function tellClient(opened: Opened, context: SessionContext, custom: SendCustom): () => void {
  const { view, configuration } = opened;
  let over = false;
  const later = (send: () => void): void => {
    setImmediate(() => {
      if (!over) send();
    });
  };
  const line = (text: string, point: Point): DebugProtocol.OutputEvent['body'] => ({
    category: 'console',
    output: `${text}\n`,
    ...placeOf(point, opened, context),
  });
  const subscriptions = [
    view.on('stopped', (stop) => {
      // References are of the point that was shown until now.
      context.references.clear();
      later(() => context.send('stopped', stoppedBody(stop, view)));
    }),
    view.on('continued', () => {
      context.references.clear();
      later(() => context.send('continued', { threadId: view.threads()[0]?.id ?? 1, allThreadsContinued: true }));
    }),
    view.on('cursor', (body) => later(() => custom('semantic/cursor', body))),
    view.on('changed', (body) => {
      later(() => {
        custom('semantic/changed', body);
        // At a point of the past nothing changes but what the model says of it.
        if (context.form.invalidated && (view.live || body.what === 'model')) {
          context.references.clear();
          context.send('invalidated', { areas: body.what === 'model' ? ['all'] : ['variables', 'stacks'] });
        }
      });
    }),
    view.on('logged', ({ text, point }) => later(() => context.send('output', line(text, point)))),
    view.on('points', (points) => {
      if (!configuration.trace) return;
      for (const point of points) {
        if (point.kind === 'event' && !point.change) continue;
        const text = `${toIso(point.time).slice(11, 23)} ${describePoint(point)}`;
        later(() => context.send('output', line(text, point)));
      }
    }),
    view.on('model', () =>
      later(() => context.send('loadedSource', { reason: 'changed', source: opened.sources.modelDocument() })),
    ),
    view.on('log', (text) => later(() => context.send('output', { category: 'console', output: `${text}\n` }))),
    view.on('disconnected', ({ reason, target }) => {
      const others = view.session.connected;
      const which = others && target ? target.name : 'The target';
      const output = `${which} is gone: ${reason} ${others ? 'The other services stay attached.' : 'Its timeline stays open.'}\n`;
      later(() => context.send('output', { category: 'important', output }));
    }),
  ];
  return () => {
    over = true;
    for (const end of subscriptions) end();
  };
}

function stoppedBody({ reason, text, point, breakpoints }: Stop, view: View): DebugProtocol.StoppedEvent['body'] {
  const key = point && point.kind !== 'gap' ? point.target : undefined;
  const threads = view.threads();
  const thread = threads.find((one) => one.key !== undefined && one.key === key) ?? threads[0];
  return {
    reason,
    description: text,
    text,
    threadId: thread?.id ?? 1,
    allThreadsStopped: true,
    ...(breakpoints.length > 0 && { hitBreakpointIds: [...breakpoints] }),
  };
}

function placeOf(
  point: Point,
  { sources }: Opened,
  { form }: SessionContext,
): Pick<DebugProtocol.OutputEvent['body'], 'source' | 'line' | 'column'> {
  if (point.kind !== 'event' || !point.source) return {};
  const { file, line, column = 1 } = point.source;
  return { source: sources.sourceOf(file), line: form.line(line), column: form.column(column) };
}
