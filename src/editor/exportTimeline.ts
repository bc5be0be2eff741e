// Export: the timeline in a standard form, to a file of the person's choice.
import * as vscode from 'vscode';
import { isDatabase, type ExportForm } from '../present/index.ts';
import type { Sessions } from './sessions.ts';

export async function exportTimeline(sessions: Sessions): Promise<void> {
  const forms: readonly (vscode.QuickPickItem & { readonly as: ExportForm })[] = [
    {
      label: 'OCEL 2.0',
      description: 'JSON',
      detail: vscode.l10n.t('Events and objects for process mining'),
      as: 'ocel2',
    },
    {
      ...{ label: 'OCEL 2.0', description: 'SQLite', as: 'ocel2-sqlite' },
      detail: vscode.l10n.t('Events and objects for process mining'),
    },
    { label: 'CSV', detail: vscode.l10n.t('Events as a table'), as: 'csv' },
    {
      label: 'CloudEvents',
      description: 'JSON',
      detail: vscode.l10n.t('Events as a batch of messages'),
      as: 'cloudevents',
    },
    { label: 'Mermaid', detail: vscode.l10n.t('Entities and state machines as diagrams'), as: 'mermaid' },
    { label: 'XState', description: 'JSON', detail: vscode.l10n.t('State machines that run'), as: 'xstate' },
    { label: 'SHACL', description: 'Turtle', detail: vscode.l10n.t('Entities as shapes of RDF'), as: 'shacl' },
    { label: 'JSON Schema', detail: vscode.l10n.t('Entities as schemas of JSON'), as: 'json-schema' },
  ];
  const form = await vscode.window.showQuickPick(forms, { placeHolder: vscode.l10n.t('Export as') });
  if (!form) return;
  const { text, extension } = await sessions.request('semantic/export', { as: form.as });
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, `timeline.${extension.replace(/^\./, '')}`) }),
  });
  if (!uri) return;
  await (isDatabase(form.as)
    ? makeDatabase(uri, text)
    : vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text)));
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('Exported to {0}', uri.fsPath), open);
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', uri);
}

/** The script made into a file of its own; what was there is replaced. */
async function makeDatabase(uri: vscode.Uri, script: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, new Uint8Array());
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(uri.fsPath);
  try {
    database.exec(script);
  } finally {
    database.close();
  }
}
