// What leaves the panel inside the editor: texts into the clipboard, pictures into a file of the person's choice. A picture is made by
// the panel that is in sight, since nobody else sees what it shows; texts come from the debug session without one.
import * as vscode from 'vscode';
import type { EntityRef } from '../model/index.ts';
import type { Arguments, Events } from '../present/index.ts';
import type { Sessions } from './sessions.ts';

type Shared = Arguments<'semantic/share'>;
type Form = Events['semantic/shareWanted']['form'];

/** A panel that can be asked for what it shows. */
export interface SharingPanel {
  /** It is on the screen. */
  isVisible(): boolean;
  ask(form: Form): void;
}

export interface Sharing {
  join(panel: SharingPanel): vscode.Disposable;
  /** Has the panel in sight make a picture of itself. @returns false: no panel is in sight */
  picture(): Promise<boolean>;
  copyStory(): Promise<void>;
  copyLink(): Promise<void>;
}

export function createSharing(sessions: Sessions): Sharing {
  const panels = new Set<SharingPanel>();
  const scheme = vscode.env.uriScheme;
  return {
    join(panel) {
      panels.add(panel);
      return new vscode.Disposable(() => panels.delete(panel));
    },
    async picture() {
      const panel = [...panels].findLast((one) => one.isVisible());
      if (!panel) return false;
      const forms: readonly (vscode.QuickPickItem & { readonly form: Form })[] = [
        { label: 'SVG', detail: vscode.l10n.t('Sharp at any size'), form: 'svg' },
        { label: 'PNG', detail: vscode.l10n.t('For a ticket or a chat'), form: 'png' },
      ];
      const chosen = await vscode.window.showQuickPick(forms, { placeHolder: vscode.l10n.t('Save the view as') });
      if (chosen) panel.ask(chosen.form);
      return true;
    },
    async copyStory() {
      const ref: EntityRef | undefined = (await sessions.request('semantic/overview', {})).focus;
      if (!ref) {
        void vscode.window.showInformationMessage(vscode.l10n.t('Focus an entity first: the story is of one.'));
        return;
      }
      const { markdown } = await sessions.request('semantic/story', { ref, scheme });
      await toClipboard(markdown);
    },
    async copyLink() {
      await toClipboard((await sessions.request('semantic/link', { scheme })).link);
    },
  };
}

async function toClipboard(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied to the clipboard'), 4000);
}

/** Puts away what a panel made. Nothing is left to do afterwards, also where the person called it off. */
export async function takeShared({ form, name, content }: Shared): Promise<{ readonly done: true }> {
  if (form === 'svg' || form === 'png') await toFile(`${name}.${form}`, content, form === 'png' ? 'base64' : 'utf8');
  else await toClipboard(content);
  return { done: true };
}

async function toFile(name: string, content: string, encoding: BufferEncoding): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name.replaceAll('/', '-')) }),
  });
  if (!uri) return;
  await vscode.workspace.fs.writeFile(uri, Buffer.from(content, encoding));
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('Exported to {0}', uri.fsPath), open);
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', uri);
}
