// Hovers on words of source that are states of an entity.
import * as vscode from 'vscode';
import type { SourcePosition } from '../model/index.ts';
import { SOURCE_LANGUAGES } from './codeLens.ts';
import type { LatestModel } from './latestModel.ts';
import { fileInModel } from './modelPlace.ts';
import { findSource } from './sourceLinks.ts';
import { hoverText, statesMeant, wordAt } from './stateWords.ts';

export function registerHovers(latest: LatestModel): vscode.Disposable {
  return vscode.languages.registerHoverProvider(SOURCE_LANGUAGES, {
    async provideHover(document, { line, character }) {
      const known = latest.current;
      const word = known && wordAt(document.lineAt(line).text, character);
      if (!known || !word) return undefined;
      const file = fileInModel(document.uri.fsPath, known.directories);
      const place = { text: document.getText(), ...(file !== undefined && { file }) };
      const meant = statesMeant(known.model, word, place, known.types);
      if (meant.length === 0) return undefined;
      const uris = await sources(
        meant.flatMap(({ into, out }) => [...into, ...out]),
        known.directories,
      );
      const linkTo = ({ file: name, line: at }: SourcePosition): string | undefined =>
        uris
          .get(name)
          ?.with({ fragment: `L${at}` })
          .toString();
      const texts = meant.map((state) => new vscode.MarkdownString(hoverText(state, linkTo)));
      return new vscode.Hover(texts, new vscode.Range(line, word.from, line, word.to));
    },
  });
}

async function sources(
  transitions: readonly { readonly evidence?: readonly { readonly source?: SourcePosition }[] }[],
  directories: readonly string[],
): Promise<Map<string, vscode.Uri>> {
  const files = new Set(
    transitions.flatMap(({ evidence = [] }) => evidence.flatMap(({ source }) => (source ? [source.file] : []))),
  );
  const found = await Promise.all([...files].map(async (file) => [file, await findSource(file, directories)] as const));
  return new Map(found.flatMap(([file, uri]) => (uri ? [[file, uri] as const] : [])));
}
