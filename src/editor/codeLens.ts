// CodeLens over the class of each entity, from the open session or the last extraction.
import * as vscode from 'vscode';
import { lensesOf } from './entityLens.ts';
import type { LatestModel } from './latestModel.ts';
import { fileInModel } from './modelPlace.ts';

/** Languages a model is read from. */
export const SOURCE_LANGUAGES: readonly vscode.DocumentFilter[] = [
  ...['typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'prisma'].map((language) => ({
    ...{ scheme: 'file', language },
  })),
];

export function registerCodeLens(latest: LatestModel): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(SOURCE_LANGUAGES, {
    onDidChangeCodeLenses: latest.onDidChange,
    provideCodeLenses(document) {
      const known = latest.current;
      const file = known && fileInModel(document.uri.fsPath, known.directories);
      if (!known || file === undefined) return [];
      const command = known.types ? 'semstate.openPanel' : 'semstate.extractModel';
      return lensesOf(known.model, file, known)
        .filter(({ line }) => line <= document.lineCount)
        .map(({ line, title }) => new vscode.CodeLens(document.lineAt(line - 1).range, { title, command }));
    },
  });
}
