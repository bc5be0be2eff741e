// Doctor: walks the chain from here to the process and names the one thing to fix.
import * as vscode from 'vscode';
import { pickTarget } from './targetPicker.ts';
import type { Programs } from './program.ts';

export async function runDoctor(programs: Programs, log: vscode.LogOutputChannel, given?: string): Promise<void> {
  const target = given ?? (await pickTarget(programs, () => true));
  if (target === undefined) return;
  const title = vscode.l10n.t('Examining {0}', target);
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return programs.semstate(['doctor', target], {
        signal: stop.signal,
        accept: [0, 1, 3],
        onLine: (message) => progress.report({ message }),
      });
    },
  );
  const report = result.stdout.trim() || result.stderr.trim();
  log.info(`doctor ${target}\n${report}`);
  const showReport = vscode.l10n.t('Show Report');
  const lines = report.split('\n');
  const fix = lines.findLast((line) => /^\s*(fix|→|->|to fix)/i.test(line))?.trim() ?? lines.at(-1)?.trim() ?? '';
  const chosen =
    result.status === 0
      ? await vscode.window.showInformationMessage(vscode.l10n.t('{0} can be attached.', target), showReport)
      : await vscode.window.showWarningMessage(vscode.l10n.t('{0} cannot be attached. {1}', target, fix), showReport);
  if (chosen === showReport) log.show();
}
