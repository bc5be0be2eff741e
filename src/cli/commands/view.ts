// semstate view: the panel on a page of this machine, over a stored timeline or a running service.
import { cancelled, type Work } from '../../model/index.ts';
import { createApp, createView, recordBySnapshots, type Session } from '../../session/index.ts';
import { FORCE_FLAG, UsageError, type Command } from '../command.ts';
import { print, STATUS } from '../io.ts';
import { servePanel } from '../panelPage.ts';
import { harmless } from '../text.ts';
import { count } from './objects.ts';

export const view: Command = {
  name: 'view',
  usage: '--store FILE|TARGET',
  about: 'Serves the panel on a page of this machine until it is interrupted, and prints its address.',
  takes: [0, 1],
  flags: {
    store: { value: 'FILE', about: 'A timeline to open; with a TARGET, the one to record to.' },
    source: { value: 'DIR', many: true, about: 'A directory with source of the service.' },
    record: { about: 'Takes snapshots of the TARGET again and again; else only when asked on the page.' },
    port: { value: 'N', about: 'The port; default: any that is free.' },
    force: FORCE_FLAG,
  },
  async run({ positionals: [target], io, work, progress, has, one, all }) {
    const store = one('store');
    if (target === undefined && store === undefined) throw new UsageError('Give --store FILE or a TARGET.');
    const port = count('port', one('port'), 0);
    await using app = createApp();
    const session = await app.openSession(
      {
        source: all('source'),
        ...(target !== undefined && { target }),
        ...(store !== undefined && { store }),
      },
      work,
    );
    if (target !== undefined) await session.takeSnapshot({ force: has('force') }, work);
    const panel = createView(session);
    panel.enter();
    await using page = await servePanel(panel, port);
    progress.clear();
    await print(io.stdout, `${page.url}\n`);
    progress.say('Open the address in a browser. Ctrl+C ends it.');
    try {
      if (has('record') && target !== undefined) await follow(session, work, (text) => progress.say(harmless(text)));
      await interrupted(work);
    } finally {
      panel.dispose();
    }
    return STATUS.done;
  },
};

async function follow(session: Session, work: Work, log: (text: string) => void): Promise<void> {
  const signal = work.signal ?? new AbortController().signal;
  const options = { tier: 'silver', stop: signal, ready: () => undefined, log } as const;
  try {
    await recordBySnapshots(session, options, { signal });
  } catch (error) {
    if (signal.aborted) return;
    log(error instanceof Error ? error.message : String(error));
  }
}

function interrupted({ signal }: Work): Promise<void> {
  if (!signal) throw cancelled();
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
