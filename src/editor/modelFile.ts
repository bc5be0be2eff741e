// Save Model and Compare Model: the model of the open session, or freshly read from source, to and against a kept file.
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { Failure, type Model } from '../model/index.ts';
import { diffModels, MODEL_FILE, modelDiffText, modelFile, readModel } from '../present/index.ts';
import { SETTINGS_FILE } from './quickFixes.ts';
import { workspacePaths } from './sessions.ts';

/** Of a document that is made and not kept: what changed in meaning. */
export const DIFF_SCHEME = 'semstate-model-diff';

export interface ModelFiles extends vscode.Disposable {
  save(): Promise<vscode.Uri | undefined>;
  /** @param given the older model's file; absent: the person is asked */
  compare(given?: vscode.Uri): Promise<void>;
}

/** @param modelNow of the session, else of the source; undefined: there is neither, and the person was told */
export function createModelFiles(modelNow: () => Promise<Model | undefined>): ModelFiles {
  /** By the number in the query: a comparison is a document of its own, which stays as it was told. */
  const shown = new Map<string, string>();
  let comparisons = 0;
  const registrations = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(DIFF_SCHEME, {
      provideTextDocumentContent: ({ query }) => shown.get(query) ?? vscode.l10n.t('Run "Compare Model" again.'),
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === DIFF_SCHEME) shown.delete(uri.query);
    }),
  );
  return {
    async save() {
      const model = await modelNow();
      if (!model) return undefined;
      const uri = await placeOfModel();
      if (!uri) return undefined;
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(modelFile(model)));
      await vscode.window.showTextDocument(uri, { preview: true });
      return uri;
    },
    async compare(given) {
      const old = given ?? (await askForModel());
      if (!old) return;
      const read = readModel(new TextDecoder().decode(await vscode.workspace.fs.readFile(old)));
      if ('fault' in read)
        throw new Failure(
          'model-file',
          vscode.l10n.t('{0} is no model: {1}.', old.fsPath, read.fault),
          vscode.l10n.t('Choose a file that "Save Model" wrote.'),
        );
      const model = await modelNow();
      if (!model) return;
      const query = String(++comparisons);
      const path = `/${vscode.l10n.t('changes since')} ${nameOf(old)}.txt`;
      const uri = vscode.Uri.from({ scheme: DIFF_SCHEME, path, query });
      shown.set(query, modelDiffText(diffModels(read.model, model)));
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
    },
    dispose: () => registrations.dispose(),
  };
}

function nameOf({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Where the settings of the workspace lie; else at the root of its first folder; without a folder the person is asked. */
async function placeOfModel(): Promise<vscode.Uri | undefined> {
  const [root] = workspacePaths();
  if (root === undefined)
    return vscode.window.showSaveDialog({ saveLabel: vscode.l10n.t('Save Model'), filters: { JSON: ['json'] } });
  const [settings] = await vscode.workspace.findFiles(`**/${SETTINGS_FILE}`, '**/node_modules/**', 1);
  return vscode.Uri.file(join(settings ? dirname(settings.fsPath) : root, MODEL_FILE));
}

type Choice = vscode.QuickPickItem & { readonly uri?: vscode.Uri };

/** Models that were saved, each also as it was committed; or any file. */
async function askForModel(): Promise<vscode.Uri | undefined> {
  const saved = await vscode.workspace.findFiles(`**/*${MODEL_FILE}`, '**/node_modules/**', 50);
  const committed = await committedOf(saved);
  const items: Choice[] = [
    ...saved.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri })),
    ...committed.map(({ uri, of }) => ({
      ...{ label: vscode.workspace.asRelativePath(of), description: vscode.l10n.t('as last committed'), uri },
    })),
    { label: vscode.l10n.t('Choose a file …') },
  ];
  const placeHolder = vscode.l10n.t('Compare the model of now with');
  const chosen = await vscode.window.showQuickPick(items, { placeHolder });
  if (!chosen || chosen.uri) return chosen?.uri;
  const [uri] =
    (await vscode.window.showOpenDialog({ title: placeHolder, canSelectMany: false, filters: { JSON: ['json'] } })) ??
    [];
  return uri;
}

/** What of VS Code's own Git extension is used. */
interface Git {
  getAPI(version: 1): {
    getRepository(uri: vscode.Uri): unknown;
    toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
  };
}

async function committedOf(files: readonly vscode.Uri[]): Promise<{ uri: vscode.Uri; of: vscode.Uri }[]> {
  const extension = vscode.extensions.getExtension<Git>('vscode.git');
  if (!extension || files.length === 0) return [];
  try {
    const git = (await extension.activate()).getAPI(1);
    return files.filter((of) => git.getRepository(of)).map((of) => ({ of, uri: git.toGitUri(of, 'HEAD') }));
  } catch {
    // Git may be switched off in the settings; the files themselves are still there to choose from.
    return [];
  }
}
