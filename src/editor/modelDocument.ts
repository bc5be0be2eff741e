// Reverse Extract Model: the model as a readable, read-only document whose positions are links to their lines of source.
import * as vscode from 'vscode';
import type { Model } from '../model/index.ts';
import { modelDocument } from '../present/index.ts';
import { evidenceLinks } from './evidenceLinks.ts';
import type { LatestModel } from './latestModel.ts';
import type { Programs } from './program.ts';
import { workspacePaths, type Sessions } from './sessions.ts';
import { findSource } from './sourceLinks.ts';

export const MODEL_SCHEME = 'semstate-model';

interface Shown {
  readonly text: string;
  readonly directories: readonly string[];
}

export interface ModelDocuments extends vscode.Disposable {
  extract(): Promise<void>;
  /** Of the open session, else of the source of this workspace; undefined: there is neither, and the person was told. */
  modelNow(): Promise<Model | undefined>;
}

/** `src/order.ts:12` or `src/order.ts:12:5`, bare, in backticks or as a link's text. */
const POSITION = /(?<![\w/.-])((?:[\w@.$ -]+\/)*[\w@.$-]+\.(?:[cm]?[jt]sx?|json|prisma)):(\d+)(?::(\d+))?/g;

export function createModelDocuments(
  programs: Programs,
  sessions: Sessions,
  latest: LatestModel,
  log: vscode.LogOutputChannel,
): ModelDocuments {
  const shown = new Map<string, Shown>();
  const changed = new vscode.EventEmitter<vscode.Uri>();

  const show = async (name: string, text: string, directories: readonly string[]): Promise<void> => {
    const uri = vscode.Uri.from({ scheme: MODEL_SCHEME, path: `/${name}.md` });
    shown.set(uri.path, { text: await withLinks(text, directories), directories });
    changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: false });
    // The preview draws the diagram; where VS Code has none, the text alone is readable.
    await vscode.commands.executeCommand('markdown.showPreviewToSide', uri).then(undefined, () => undefined);
  };

  const registrations = vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(MODEL_SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) =>
        shown.get(uri.path)?.text ?? vscode.l10n.t('Run "Reverse Extract Model" again.'),
    }),
    vscode.languages.registerDocumentLinkProvider({ scheme: MODEL_SCHEME }, { provideDocumentLinks }),
  );

  async function provideDocumentLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    const directories = shown.get(document.uri.path)?.directories ?? [];
    const links = [...document.getText().matchAll(POSITION)].map(async (match) => {
      const uri = await findSource(match[1] ?? '', directories);
      if (!uri) return undefined;
      const start = document.positionAt(match.index);
      const range = new vscode.Range(start, document.positionAt(match.index + match[0].length));
      return new vscode.DocumentLink(range, uri.with({ fragment: `L${match[2]}${match[3] ? `,${match[3]}` : ''}` }));
    });
    const evidence = evidenceLinks(document.getText()).map(({ from, to, entity, by }) => {
      const range = new vscode.Range(document.positionAt(from), document.positionAt(to));
      const query = JSON.stringify([{ entity, by }]);
      return new vscode.DocumentLink(
        range,
        vscode.Uri.from({ scheme: 'command', path: 'semstate.showEvidence', query }),
      );
    });
    return [...(await Promise.all(links)).filter((link) => link !== undefined), ...evidence];
  }

  async function readSource(): Promise<Model | undefined> {
    const directories = workspacePaths();
    if (directories.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Open the folder with the source of the service first, or attach to a running container.'),
      );
      return undefined;
    }
    const model = await extractFromSource(programs, directories, log);
    if (model) latest.extracted(model, directories);
    return model;
  }

  return {
    async extract() {
      const { current } = sessions;
      if (current) {
        const { markdown } = await sessions.request('semantic/document', {});
        return show(`model of ${current.name.replaceAll('/', '-')}`, markdown, sessions.sourceDirectories());
      }
      const model = await readSource();
      if (model) await show('model', modelDocument(model), workspacePaths());
    },
    modelNow: () => (sessions.current ? sessions.request('semantic/model', {}) : readSource()),
    dispose: () => registrations.dispose(),
  };
}

async function extractFromSource(
  programs: Programs,
  directories: readonly string[],
  log: vscode.LogOutputChannel,
): Promise<Model | undefined> {
  const title = vscode.l10n.t('Reading the model from source');
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      const args = ['extract', ...directories.flatMap((directory) => ['--source', directory]), '--json'];
      const { stdout } = await programs.semstate(args, {
        signal: stop.signal,
        onLine: (message) => {
          log.info(message);
          progress.report({ message });
        },
      });
      return JSON.parse(stdout) as Model;
    },
  );
}

/** In the preview, too, each position leads to its line. What is no file here stays text. */
async function withLinks(markdown: string, directories: readonly string[]): Promise<string> {
  const files = new Map<string, vscode.Uri | undefined>();
  for (const [, file = ''] of markdown.matchAll(POSITION)) {
    if (!files.has(file)) files.set(file, await findSource(file, directories));
  }
  let fenced = false;
  const line = (text: string): string => {
    if (/^\s*(```|~~~)/.test(text)) fenced = !fenced;
    if (fenced) return text;
    return text.replace(/`([^`]+)`/g, (whole, inner: string) => linked(inner, files) ?? whole);
  };
  return markdown.split('\n').map(line).join('\n');
}

function linked(code: string, files: ReadonlyMap<string, vscode.Uri | undefined>): string | undefined {
  const match = new RegExp(`^${POSITION.source}$`).exec(code);
  const uri = match && files.get(match[1] ?? '');
  return uri ? `[\`${code}\`](${uri.with({ fragment: `L${match[2]}` }).toString()})` : undefined;
}
