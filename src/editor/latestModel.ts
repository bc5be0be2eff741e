// The model that the editor shows in source: of the session in front, else of the last extraction. Asks the session again when it
// says that its model or its points changed, at most once in a while. Knows no document.
import * as vscode from 'vscode';
import type { Model } from '../model/index.ts';
import type { Overview } from '../present/index.ts';
import type { LastEvents } from './entityLens.ts';
import { fileInModel } from './modelPlace.ts';
import type { Sessions } from './sessions.ts';

/** A recording can bring thousands of points a second; marks in source need not follow each. */
const LEAST_MS = 2000;

export interface KnownModel {
  readonly model: Model;
  /** Where the positions of the model are looked for. */
  readonly directories: readonly string[];
  /** Counts at the cursor of the open session; absent: there is none. */
  readonly types?: Overview['types'];
  readonly last?: LastEvents;
}

export interface LatestModel extends vscode.Disposable {
  readonly current: KnownModel | undefined;
  readonly onDidChange: vscode.Event<void>;
  /** What an extraction without a session found. */
  extracted(model: Model, directories: readonly string[]): void;
}

export function createLatestModel(sessions: Sessions, log: vscode.LogOutputChannel): LatestModel {
  const changed = new vscode.EventEmitter<void>();
  let extraction: KnownModel | undefined;
  let live: KnownModel | undefined;
  let timer: NodeJS.Timeout | undefined;

  const ask = async (): Promise<void> => {
    timer = undefined;
    const session = sessions.current;
    if (!session) return;
    try {
      const [model, { types }] = await Promise.all([
        sessions.request('semantic/model', {}),
        sessions.request('semantic/overview', {}),
      ]);
      const directories = sessions.sourceDirectories();
      const last = await lastEvents(sessions, types, shownEntities(model, directories));
      if (sessions.current !== session) return;
      live = { model, types, last, directories };
      changed.fire();
    } catch (error) {
      // A session that is just ending cannot answer; what was known of it goes with it.
      log.debug(`the model of the session was not read: ${String(error)}`);
    }
  };
  const soon = (): void => {
    timer ??= setTimeout(() => void ask(), LEAST_MS);
  };
  const subscriptions = vscode.Disposable.from(
    changed,
    sessions.onDidChange(() => {
      if (sessions.current) return void ask();
      // What the session knew of the types stays, as what the last reading found; its counts do not.
      if (live) extraction = { model: live.model, directories: live.directories };
      live = undefined;
      changed.fire();
    }),
    sessions.onMessage(() => soon()),
    vscode.window.onDidChangeVisibleTextEditors(() => {
      if (live) soon();
    }),
  );
  return {
    get current() {
      return live ?? extraction;
    },
    onDidChange: changed.event,
    extracted(model, directories) {
      extraction = { model, directories };
      changed.fire();
    },
    dispose() {
      clearTimeout(timer);
      subscriptions.dispose();
    },
  };
}

/** Entities whose class is in a file that is being looked at. */
function shownEntities({ entities }: Model, directories: readonly string[]): ReadonlySet<string> {
  const files = new Set(
    vscode.window.visibleTextEditors.map(({ document }) => fileInModel(document.uri.fsPath, directories)),
  );
  return new Set(entities.filter(({ source }) => source && files.has(source.file)).map(({ name }) => name));
}

/** Two short pages for each type with a state that is shown: a service can have hundreds. */
async function lastEvents(
  sessions: Sessions,
  types: Overview['types'],
  shown: ReadonlySet<string>,
): Promise<LastEvents> {
  const last = new Map<string, { readonly time: number; readonly text: string; readonly type?: string }>();
  for (const { entity, stateAttribute } of types) {
    if (stateAttribute === undefined || !shown.has(entity)) continue;
    const { total } = await sessions.request('semantic/events', { offset: 0, limit: 0, entity });
    if (total === 0) continue;
    const { rows } = await sessions.request('semantic/events', { offset: total - 1, limit: 1, entity });
    const row = rows.find(({ kind }) => kind === 'event');
    if (row) last.set(entity, row);
  }
  return last;
}
