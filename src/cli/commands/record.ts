// semstate record: attaches, writes each change as it is seen, detaches leaving the target as it was.
import { eventDocument, Failure, isFailure, type Point } from '../../model/index.ts';
import { describePoint } from '../../present/index.ts';
import { beginLive, createApp, recordBySnapshots, TIERS, type Tier } from '../../session/index.ts';
import { FORCE_FLAG, UsageError, type Command, type Invocation } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS, type Status } from '../io.ts';
import { planText, RecordSummary } from '../recordText.ts';
import { clockTime, harmless, plural } from '../text.ts';

export const record: Command = {
  name: 'record',
  usage: 'TARGET --source DIR ... [--store FILE] [--for SECONDS]',
  about:
    'Attaches and records state changes until the time is up or it is interrupted, then detaches.\nThe line "recording" on stderr says that what happens from then on is recorded.',
  takes: [1, 1],
  flags: {
    source: { value: 'DIR', many: true, about: 'A directory with source of the service.' },
    store: { value: 'FILE', about: 'The timeline to record to; default: a new one in your data directory.' },
    for: { value: 'SECONDS', about: 'Ends by itself after this time.' },
    method: { value: 'METHOD', about: 'live (default): the running program tells each change; or snapshots alone.' },
    tier: { value: 'TIER', about: 'How closely to look: gold, silver (default) or bronze.' },
    keep: { about: 'Keeps the raw snapshots, compressed, beside the timeline.' },
    force: FORCE_FLAG,
    ndjson: { about: 'One event a line on stdout, nothing else.' },
  },
  run: async (invocation) => {
    const { one } = invocation;
    const tier = tierOf(one('tier'));
    const seconds = secondsOf(one('for'));
    const method = methodOf(one('method'));
    const { io, work } = invocation;
    // The first interrupt asks for the end, with a last snapshot; the second one ends at once.
    const stop = new AbortController();
    const now = new AbortController();
    const release = io.onInterrupt(() => (stop.signal.aborted ? now.abort() : stop.abort()));
    try {
      const own: Invocation = { ...invocation, work: { ...work, signal: now.signal } };
      return await recordUntil(own, { tier, method, ...(seconds !== undefined && { seconds }), stop: stop.signal });
    } finally {
      release();
    }
  },
};

async function recordUntil(
  { positionals: [target = ''], io, work, progress, has, one, all }: Invocation,
  options: { readonly tier: Tier; readonly method: Method; readonly seconds?: number; readonly stop: AbortSignal },
): Promise<Status> {
  await using app = createApp();
  const store = one('store');
  // Until there is something to keep, the first interrupt ends at once.
  const starting = AbortSignal.any([options.stop, ...(work.signal ? [work.signal] : [])]);
  const session = await app.openSession(
    { target, source: all('source'), keepSnapshots: has('keep'), ...(store !== undefined && { store }) },
    { ...work, signal: starting },
  );
  let writing: Promise<void> = Promise.resolve();
  const summary = new RecordSummary();
  session.on('points', (points) => {
    summary.count(points);
    const text = points.map((point) => (has('ndjson') ? jsonLine(point) : textLine(point))).join('');
    writing = writing.then(() => print(io.stdout, text));
  });
  // Snapshots and the end are told in other words.
  session.on('log', (text) => /^(?:Snapshot|Disconnected)/.test(text) || progress.say(harmless(text)));
  session.on('disconnected', ({ reason }) => progress.say(`The target went away: ${harmless(reason)}`));
  const log = (text: string): void => progress.say(harmless(text));
  const begin = async (): Promise<boolean> => {
    const plan = await session.previewRecording?.(quiet);
    if (plan) planText(plan).split('\n').forEach(log);
    return beginLive(session, log, quiet);
  };
  const quiet = { ...(work.signal && { signal: work.signal }) };
  try {
    const ended = await recordBySnapshots(
      session,
      {
        ...options,
        force: has('force'),
        ready: () => progress.say('recording'),
        log,
        ...(options.method === 'live' && { begin }),
      },
      quiet,
    );
    return ended === 'time-up' ? STATUS.done : STATUS.interrupted;
  } catch (error) {
    if (isFailure(error, 'cancelled')) return STATUS.interrupted;
    throw session.connected ? error : gone(error, session.store.file);
  } finally {
    // Before the last words, so that what was told to the end is counted.
    const { recording } = session;
    await recording?.stop();
    await writing;
    const { events, snapshots } = session.store.summary();
    const kept = `${plural(events, 'event')} and ${plural(snapshots, 'snapshot')} in ${session.store.file}`;
    if (options.method === 'live') log(summary.text(recording?.notRecorded ?? []));
    if (snapshots > 0) log(kept);
  }
}

function gone(error: unknown, file: string): unknown {
  if (!isFailure(error)) return error;
  return new Failure(error.code, `${error.message} What was recorded is in ${file}.`, error.action, error);
}

function jsonLine(point: Point): string {
  return point.kind === 'event' ? `${exactJson(eventDocument(point))}\n` : '';
}

function textLine(point: Point): string {
  const breaks = point.kind === 'event' ? (point.breaks ?? []) : [];
  const broken = breaks.length > 0 ? `  breaks ${breaks.join(', ')}` : '';
  return `${clockTime(point.time)}  ${harmless(describePoint(point))}${broken}\n`;
}

function tierOf(text: string | undefined): Tier {
  const tier = TIERS.find((each) => each === (text ?? 'silver'));
  if (!tier) throw new UsageError(`--tier ${text} is none of ${TIERS.join(', ')}.`);
  return tier;
}

const METHODS = ['live', 'snapshots'] as const;
type Method = (typeof METHODS)[number];

function methodOf(text: string | undefined): Method {
  const method = METHODS.find((each) => each === (text ?? 'live'));
  if (!method) throw new UsageError(`--method ${text} is none of ${METHODS.join(', ')}.`);
  return method;
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 1e8)) throw new UsageError(`--for ${text} is no time in seconds.`);
  return seconds;
}
