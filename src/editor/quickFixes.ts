// Answers to findings, written into the nearest `semstate.json`: made where there is none, saved at once, comments kept.
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { Failure, type DriftVerdict } from '../model/index.ts';
import type { Answer } from './findings.ts';
import { verdictEdit } from './verdictEdits.ts';

export const SETTINGS_FILE = 'semstate.json';

/** @param reason of an answer that ignores; absent: the person is asked. @throws Failure `workspace-file` */
export async function answerFinding(
  uri: vscode.Uri,
  answer: Answer,
  reason?: string,
): Promise<readonly DriftVerdict[]> {
  const why = answer.kind === 'ignore' ? (reason ?? (await askWhy(answer.of))) : undefined;
  if (answer.kind === 'ignore' && !why?.trim()) return [];
  const verdicts = answer.verdicts.map((verdict) => (why === undefined ? verdict : { ...verdict, ignore: why.trim() }));
  const settings = await settingsFile(uri);
  const document = await vscode.workspace.openTextDocument(settings);
  const edit = verdictEdit(document.getText(), verdicts);
  if (!edit)
    throw new Failure(
      'workspace-file',
      vscode.l10n.t('{0} is no object with a list of answers.', settings.fsPath),
      vscode.l10n.t('Correct the file first.'),
    );
  const change = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(edit.offset), document.positionAt(edit.offset + edit.length));
  change.replace(settings, range, edit.text);
  if (!(await vscode.workspace.applyEdit(change)) || !(await document.save()))
    throw new Failure(
      'workspace-file',
      vscode.l10n.t('{0} could not be written.', settings.fsPath),
      vscode.l10n.t('Check that you may write it.'),
    );
  return verdicts;
}

function askWhy(of: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Ignore what was found of {0}', of),
    prompt: vscode.l10n.t('Why is it right that the data do not do what the code says?'),
    ignoreFocusOut: true,
  });
}

/** In or above the folder of the file, as the command line looks for it; else a new one at the root of the workspace folder. */
async function settingsFile(uri: vscode.Uri): Promise<vscode.Uri> {
  for (let at = dirname(uri.fsPath); ; at = dirname(at)) {
    const file = vscode.Uri.file(join(at, SETTINGS_FILE));
    if (await exists(file)) return file;
    if (dirname(at) === at) break;
  }
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.file(dirname(uri.fsPath));
  const file = vscode.Uri.joinPath(root, SETTINGS_FILE);
  await vscode.workspace.fs.writeFile(file, new Uint8Array());
  return file;
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(file)).type & vscode.FileType.File) !== 0;
  } catch {
    return false;
  }
}
