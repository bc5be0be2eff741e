// Export: the timeline in a standard form, to a file of the person's choice.
import * as vscode from 'vscode';
import type { ExportForm } from '../present/index.ts';
import type { Sessions } from './sessions.ts';

export async function exportTimeline(sessions: Sessions): Promise<void> {
  const forms: readonly (vscode.QuickPickItem & { readonly as: ExportForm })[] = [
    {
      label: 'OCEL 2.0',
      description: 'JSON',
      detail: vscode.l10n.t('Events and objects for process mining'),
      as: 'ocel2',
    },
    { label: 'CSV', detail: vscode.l10n.t('Events as a table'), as: 'csv' },
    { label: 'Mermaid', detail: vscode.l10n.t('Entities and state machines as diagrams'), as: 'mermaid' },
  ];
  const form = await vscode.window.showQuickPick(forms, { placeHolder: vscode.l10n.t('Export as') });
  if (!form) return;
  const { text, extension } = await sessions.request('semantic/export', { as: form.as });
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, `timeline.${extension.replace(/^\./, '')}`) }),
  });
  if (!uri) return;
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('Exported to {0}', uri.fsPath), open);
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', uri);
}
