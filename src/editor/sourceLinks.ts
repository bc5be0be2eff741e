// Positions of the model as files of the workspace: `file` is relative to one of the source directories.
import * as vscode from 'vscode';
import type { SourcePosition } from '../model/index.ts';

/** The file a position names. Its name may come from a timeline that anyone has written: it must not lead out of the directories. */
export async function findSource(file: string, directories: readonly string[]): Promise<vscode.Uri | undefined> {
  if (file === '' || file.includes('\0') || /^([A-Za-z]:)?[\\/]/.test(file) || file.split(/[\\/]/).includes('..'))
    return undefined;
  for (const directory of directories) {
    const uri = vscode.Uri.joinPath(vscode.Uri.file(directory), file);
    try {
      const { type } = await vscode.workspace.fs.stat(uri);
      if (type & vscode.FileType.File) return uri;
    } catch {
      // Not in this directory; perhaps in the next.
    }
  }
  return undefined;
}

export async function openSource(source: SourcePosition, directories: readonly string[]): Promise<boolean> {
  const uri = await findSource(source.file, directories);
  if (!uri) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        '{0} is in none of the source directories. Add its directory to "source" of the debug configuration.',
        source.file,
      ),
    );
    return false;
  }
  const at = new vscode.Position(Math.max(0, source.line - 1), Math.max(0, (source.column ?? 1) - 1));
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at), preview: true });
  return true;
}
