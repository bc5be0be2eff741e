// Links to a place in a stored timeline: opened from outside by the editor itself, or pasted. A link may come from anybody: it names a
// timeline to be read and a place in it, and can do nothing else.
import * as vscode from 'vscode';
import { Failure } from '../model/index.ts';
import { readTimelineLink, readTimelinePlace, type TimelinePlace } from '../present/index.ts';
import { openConfiguration, startSession } from './configuration.ts';
import type { Sessions } from './sessions.ts';

export interface TimelineLinks {
  /** A link as text; without one, the person is asked for it. */
  open(link: string | undefined): Promise<void>;
  readonly handler: vscode.UriHandler;
}

/** @param report runs what a link asks for, and says what went wrong */
export function createTimelineLinks(
  sessions: Sessions,
  show: () => Promise<void>,
  report: (run: () => Promise<void>) => Promise<unknown>,
): TimelineLinks {
  async function go(place: TimelinePlace | undefined): Promise<void> {
    if (!place) throw notALink();
    const { store, seq, focus } = place;
    if ((await openStore(sessions)) !== store && !(await startSession(openConfiguration(store)))) return;
    if (focus) await sessions.request('semantic/focus', { ref: focus });
    if (seq !== undefined) await sessions.request('semantic/goto', { seq });
    await show();
  }
  return {
    async open(given) {
      const link = given ?? (await askForLink());
      if (link !== undefined) await go(readTimelineLink(link.trim()));
    },
    // The editor hands the query over decoded.
    handler: { handleUri: async ({ path, query }) => void (await report(() => go(readTimelinePlace(path, query)))) },
  };
}

/** The timeline of the session in front. */
async function openStore(sessions: Sessions): Promise<string | undefined> {
  if (!sessions.current) return undefined;
  const { link } = await sessions.request('semantic/link', {});
  return readTimelineLink(link)?.store;
}

async function askForLink(): Promise<string | undefined> {
  const copied = await vscode.env.clipboard.readText();
  return vscode.window.showInputBox({
    prompt: vscode.l10n.t('Link to a point in a timeline'),
    ...(readTimelineLink(copied.trim()) && { value: copied.trim() }),
    validateInput: (text) => (readTimelineLink(text.trim()) ? undefined : notALink().message),
  });
}

function notALink(): Failure {
  return new Failure(
    'bad-link',
    vscode.l10n.t('This is no link to a point in a timeline.'),
    vscode.l10n.t('Copy it again with "Copy Link to This Point".'),
  );
}
