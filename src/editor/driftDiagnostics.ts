// Drift as diagnostics in source, with quick fixes that answer it in `semstate.json`.
import * as vscode from 'vscode';
import type { DriftVerdict } from '../model/index.ts';
import { SOURCE_LANGUAGES } from './codeLens.ts';
import { findingsOf, type Answer, type Finding } from './findings.ts';
import type { KnownModel, LatestModel } from './latestModel.ts';
import { findSource } from './sourceLinks.ts';

export const DRIFT_COLLECTION = 'semstate-drift';
const SOURCE = 'Semantic State';
/** A mark goes to the end of its line, however long that is. */
const LONGEST_LINE = 10_000;

export interface DriftDiagnostics extends vscode.Disposable {
  /** What was answered is not shown any more, though the model that was read before still holds it. */
  answered(verdicts: readonly DriftVerdict[]): void;
}

export function registerDrift(latest: LatestModel, log: vscode.LogOutputChannel): DriftDiagnostics {
  const collection = vscode.languages.createDiagnosticCollection(DRIFT_COLLECTION);
  const answersTo = new WeakMap<vscode.Diagnostic, readonly Answer[]>();
  const answered = new Set<string>();
  let round = 0;

  const show = async (): Promise<void> => {
    const mine = ++round;
    const found = latest.current ? await placed(latest.current) : [];
    // A newer model came while files were looked for.
    if (mine !== round) return;
    collection.clear();
    const open = found.filter(({ finding }) => !finding.answers.some(({ verdicts }) => verdicts.every(isAnswered)));
    const byFile = Map.groupBy(open, ({ uri }) => uri.toString());
    for (const group of byFile.values()) {
      const [first] = group;
      if (first)
        collection.set(
          first.uri,
          group.map(({ finding }) => diagnosticOf(finding)),
        );
    }
  };
  const isAnswered = (verdict: DriftVerdict): boolean => answered.has(keyOf(verdict));
  const diagnosticOf = (finding: Finding): vscode.Diagnostic => {
    const start = new vscode.Position(finding.line - 1, Math.max(0, finding.column - 1));
    const end = new vscode.Position(finding.line - 1, LONGEST_LINE);
    const severity = finding.wrong ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Information;
    const diagnostic = new vscode.Diagnostic(new vscode.Range(start, end), finding.message, severity);
    diagnostic.source = SOURCE;
    diagnostic.code = finding.code;
    answersTo.set(diagnostic, finding.answers);
    return diagnostic;
  };
  const ofCollection = (uri: vscode.Uri, like: vscode.Diagnostic): readonly Answer[] => {
    const same = (collection.get(uri) ?? []).find(
      (each) => each.message === like.message && each.code === like.code && each.range.start.isEqual(like.range.start),
    );
    return (same && answersTo.get(same)) ?? [];
  };
  const follow = (): void => void show().catch((error: unknown) => log.error(String(error)));
  const registrations = vscode.Disposable.from(
    collection,
    latest.onDidChange(follow),
    vscode.languages.registerCodeActionsProvider(
      [...SOURCE_LANGUAGES],
      {
        provideCodeActions: (document, _range, { diagnostics }) =>
          diagnostics
            .filter(({ source }) => source === SOURCE)
            .flatMap((diagnostic) =>
              ofCollection(document.uri, diagnostic).map((answer) => actionOf(document.uri, diagnostic, answer)),
            ),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );
  return {
    answered(verdicts) {
      for (const verdict of verdicts) answered.add(keyOf(verdict));
      follow();
    },
    dispose: () => registrations.dispose(),
  };
}

async function placed({ model, directories }: KnownModel): Promise<{ finding: Finding; uri: vscode.Uri }[]> {
  const found = await Promise.all(
    findingsOf(model).map(async (finding) => ({ finding, uri: await findSource(finding.file, directories) })),
  );
  return found.flatMap(({ finding, uri }) => (uri ? [{ finding, uri }] : []));
}

function actionOf(uri: vscode.Uri, diagnostic: vscode.Diagnostic, answer: Answer): vscode.CodeAction {
  const title =
    answer.kind === 'accept'
      ? vscode.l10n.t('Accept {0} of {1} in semstate.json', answer.what, answer.of)
      : vscode.l10n.t('Ignore this of {0} in semstate.json, and say why', answer.of);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.command = { title, command: 'semstate.answerFinding', arguments: [uri.toString(), answer] };
  return action;
}

/** The element, whatever was said of it. */
function keyOf({ of, state, from, to }: DriftVerdict): string {
  return JSON.stringify([of, state, from, to]);
}
