// Wires the extension when VS Code loads it: nothing is searched, started or read before it is asked for.
import * as vscode from 'vscode';
import { isFailure, messageOf } from '../model/index.ts';
import { registerCodeLens } from './codeLens.ts';
import { attachConfiguration, openConfiguration, registerConfigurations, startSession } from './configuration.ts';
import { runDoctor } from './doctor.ts';
import { registerDrift } from './driftDiagnostics.ts';
import { exportTimeline } from './exportTimeline.ts';
import type { Answer } from './findings.ts';
import { createLatestModel } from './latestModel.ts';
import { createModelDocuments } from './modelDocument.ts';
import { createModelFiles } from './modelFile.ts';
import { registerHovers } from './modelHovers.ts';
import { openPanelTab, PANEL_VIEW, registerPanel, type PanelContext } from './panel.ts';
import { createPrograms } from './program.ts';
import { createRecordingControl } from './recording.ts';
import { createSessions } from './sessions.ts';
import { answerFinding } from './quickFixes.ts';
import { showEvidence } from './showEvidence.ts';
import { registerSideBar, timelineDirectory } from './sideBar.ts';
import { createSharing } from './sharing.ts';
import { canAttach, pickTarget } from './targetPicker.ts';
import { createTimelineLinks } from './timelineLinks.ts';

/** What other extensions and tests get: how long the activation took, in milliseconds of our own. */
export interface ExtensionApi {
  readonly activationMs: number;
}

export function activate(extension: vscode.ExtensionContext): ExtensionApi {
  const start = performance.now();
  const log = vscode.window.createOutputChannel('Semantic State', { log: true });
  const programs = createPrograms(extension.extensionUri.fsPath);
  const sessions = createSessions(programs, log);
  const latest = createLatestModel(sessions, log);
  const documents = createModelDocuments(programs, sessions, latest, log);
  const files = createModelFiles(documents.modelNow);
  const drift = registerDrift(latest, log);
  const sideBar = registerSideBar(programs);
  const recording = createRecordingControl(sessions, extension.workspaceState, log);

  const attach = async (target?: unknown): Promise<void> => {
    // From the side bar the command is given its tree node.
    const named = typeof target === 'string' ? target : nested(target, 'entry', 'target');
    const chosen = named ?? (await pickTarget(programs, canAttach));
    if (chosen === undefined) return;
    if (await startSession(attachConfiguration(chosen))) await showSession();
  };
  const sharing = createSharing(sessions);
  const panel: PanelContext = { extensionUri: extension.extensionUri, sessions, programs, sharing, attach };
  const links = createTimelineLinks(sessions, showSession, (run) => reporting(run, log)());
  const savePicture = async (): Promise<void> => {
    if (await sharing.picture()) return;
    await vscode.commands.executeCommand(`${PANEL_VIEW}.focus`);
    const text = vscode.l10n.t('The panel is open now: choose what it shows, then save the picture.');
    void vscode.window.showInformationMessage(text);
  };

  const openTimeline = async (given?: unknown): Promise<void> => {
    const file = typeof given === 'string' ? given : (nested(given, 'file') ?? (await askForTimeline()));
    if (file === undefined) return;
    if (await startSession(openConfiguration(file))) await showSession();
  };

  const takeSnapshot = async (): Promise<void> => {
    const title = vscode.l10n.t('Taking a memory snapshot');
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (_progress, token) => {
        token.onCancellationRequested(() => void sessions.request('semantic/cancel', {}));
        const { pauseMs, targetGrowthBytes, id } = await sessions.request('semantic/takeSnapshot', {});
        const growth = targetGrowthBytes === undefined ? '' : `, +${(targetGrowthBytes / 1e6).toFixed(1)} MB`;
        log.info(`snapshot ${id}: the target was stopped for ${pauseMs.toFixed(0)} ms${growth}`);
        vscode.window.setStatusBarMessage(vscode.l10n.t('Snapshot taken: {0} ms{1}', pauseMs.toFixed(0), growth), 8000);
      },
    );
  };

  const commands: { readonly [id: string]: (...args: unknown[]) => Promise<unknown> } = {
    'semstate.attach': attach,
    'semstate.pickTarget': () => pickTarget(programs, canAttach),
    'semstate.takeSnapshot': takeSnapshot,
    'semstate.startRecording': () => recording.start(),
    'semstate.stopRecording': () => recording.stop(),
    'semstate.debugJavaScript': () => sessions.request('semantic/debugJavaScript', {}),
    'semstate.extractModel': () => documents.extract(),
    'semstate.saveModel': () => files.save(),
    'semstate.compareModel': (file) => files.compare(file instanceof vscode.Uri ? file : undefined),
    'semstate.answerFinding': async (uri, answer, reason) => {
      const where = vscode.Uri.parse(String(uri), true);
      drift.answered(await answerFinding(where, answer as Answer, typeof reason === 'string' ? reason : undefined));
    },
    'semstate.showEvidence': (wanted) => showEvidence(sessions, wanted),
    'semstate.export': () => exportTimeline(sessions),
    'semstate.savePicture': savePicture,
    'semstate.copyStory': () => sharing.copyStory(),
    'semstate.copyLink': () => sharing.copyLink(),
    'semstate.openLink': (link) => links.open(typeof link === 'string' ? link : undefined),
    'semstate.doctor': (target) =>
      runDoctor(programs, log, typeof target === 'string' ? target : nested(target, 'entry', 'target')),
    'semstate.openTimeline': openTimeline,
    'semstate.openPanel': () => Promise.resolve(vscode.commands.executeCommand(`${PANEL_VIEW}.focus`)),
    'semstate.openPanelTab': () => Promise.resolve(openPanelTab(panel)),
    'semstate.refreshTargets': () => Promise.resolve(sideBar.refresh()),
    'semstate.showLog': () => Promise.resolve(log.show()),
  };
  extension.subscriptions.push(
    log,
    sessions,
    latest,
    documents,
    files,
    drift,
    registerCodeLens(latest),
    registerHovers(latest),
    sideBar,
    recording,
    registerConfigurations(programs),
    registerPanel(panel),
    vscode.window.registerUriHandler(links.handler),
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, reporting(run, log))),
  );
  return { activationMs: performance.now() - start };
}

/** Variables and call stack at the side, the timeline below: together they tell the story. */
async function showSession(): Promise<void> {
  await vscode.commands.executeCommand('workbench.view.debug');
  await vscode.commands.executeCommand(`${PANEL_VIEW}.focus`);
}

async function askForTimeline(): Promise<string | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Open a recorded timeline'),
      defaultUri: vscode.Uri.file(timelineDirectory()),
      canSelectMany: false,
    })) ?? [];
  return uri?.fsPath;
}

/** Says what went wrong and what to do, once; what the person called off is no error. */
function reporting(run: (...args: unknown[]) => Promise<unknown>, log: vscode.LogOutputChannel) {
  return async (...args: unknown[]): Promise<unknown> => {
    try {
      return await run(...args);
    } catch (error) {
      if (isFailure(error, 'cancelled') || /\bcancelled\b/.test(messageOf(error))) return undefined;
      log.error(isFailure(error) ? `[${error.code}] ${error.message} ${error.action}` : String(error));
      const showLog = vscode.l10n.t('Show Log');
      const text = isFailure(error) ? `${error.message} ${error.action}` : messageOf(error);
      if ((await vscode.window.showErrorMessage(text, showLog)) === showLog) log.show();
      return undefined;
    }
  };
}

function nested(value: unknown, ...path: string[]): string | undefined {
  let at: unknown = value;
  for (const name of path)
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined;
  return typeof at === 'string' ? at : undefined;
}
