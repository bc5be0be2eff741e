// Live recording edits the running program, so it begins with the user's consent: given in the configuration, or asked for with the
// files and places named. What is remembered is remembered for one workspace, and only when the user says so.
import * as vscode from 'vscode';
import { Failure } from '../model/index.ts';
import type { Result } from '../present/index.ts';
import { DEBUG_TYPE, type Sessions } from './sessions.ts';

type Plan = Result<'semantic/recordingPlan'>;
/** `always`: this workspace's services are recorded without being asked; `never`: nor offered. */
type Remembered = 'always' | 'never';

const KEY = 'semstate.record';
const RECORDING = 'semstate.recording';
const MOST_FILES = 15;

export interface RecordingControl extends vscode.Disposable {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createRecordingControl(
  sessions: Sessions,
  memory: vscode.Memento,
  log: vscode.LogOutputChannel,
): RecordingControl {
  const mark = (on: boolean): void => void vscode.commands.executeCommand('setContext', RECORDING, on);

  /** With progress; tells how many places tell their changes, and which do not. */
  async function record(): Promise<void> {
    const title = vscode.l10n.t('Starting to record every state change');
    const { sites, notRecorded } = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title },
      () => sessions.request('semantic/startRecording', {}),
    );
    mark(true);
    for (const reason of notRecorded) log.warn(reason);
    if (notRecorded.length === 0) {
      const text = vscode.l10n.t('Recording: {0} places tell every change as it happens.', sites);
      return void vscode.window.setStatusBarMessage(`$(record) ${text}`, 8000);
    }
    const showLog = vscode.l10n.t('Show Log');
    const text = vscode.l10n.t(
      'Recording: {0} places tell their changes, {1} could not be recorded.',
      sites,
      notRecorded.length,
    );
    if ((await vscode.window.showWarningMessage(text, showLog)) === showLog) log.show();
  }

  /** Names what would be edited. @returns whether to go on */
  async function consent(plan: Plan): Promise<boolean> {
    const record: vscode.MessageItem = { title: vscode.l10n.t('Record') };
    const always: vscode.MessageItem = { title: vscode.l10n.t('Always in This Workspace') };
    const no: vscode.MessageItem = { title: vscode.l10n.t('Not Now'), isCloseAffordance: true };
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t('Record every state change of the running service?'),
      { modal: true, detail: detailOf(plan) },
      record,
      always,
      no,
    );
    if (answer === always) await memory.update(KEY, 'always' satisfies Remembered);
    return answer === record || answer === always;
  }

  async function planned(): Promise<Plan> {
    if (!vscode.workspace.isTrusted)
      throw new Failure(
        'not-trusted',
        vscode.l10n.t('This workspace is not trusted: services are read, not edited.'),
        vscode.l10n.t('Trust the workspace to record.'),
      );
    const plan = await sessions.request('semantic/recordingPlan', {});
    if (plan.sites > 0) return plan;
    throw new Failure(
      'not-recordable',
      vscode.l10n.t('No place is known in the running program that changes a state.'),
      vscode.l10n.t('Name the source of what is running as "source" of the debug configuration.'),
    );
  }

  /** After an attach whose configuration says nothing of recording. */
  async function offer(session: vscode.DebugSession): Promise<void> {
    const remembered = memory.get<Remembered>(KEY);
    if (remembered === 'never' || !vscode.workspace.isTrusted) return;
    const plan = await planned();
    if (plan.recording || sessions.current?.id !== session.id) return;
    if (remembered === 'always') return record();
    const [yes, no] = [vscode.l10n.t('Record…'), vscode.l10n.t('Not Now')];
    const never = vscode.l10n.t('Never in This Workspace');
    const text = vscode.l10n.t(
      'Every state change can be recorded as it happens: {0} places in {1} files would be edited in memory.',
      plan.sites,
      plan.files.length,
    );
    const answer = await vscode.window.showInformationMessage(text, yes, no, never);
    if (answer === never) await memory.update(KEY, 'never' satisfies Remembered);
    else if (answer === yes && sessions.current?.id === session.id && (await consent(plan))) await record();
  }

  const subscriptions = [
    vscode.debug.onDidStartDebugSession((session) => {
      const { type, configuration } = session;
      if (type !== DEBUG_TYPE || configuration.request !== 'attach') return;
      const { record: said } = configuration as { record?: unknown };
      mark(said === true);
      // An offer that cannot be made is no failure of the session.
      if (said === undefined)
        offer(session).catch((error: unknown) => log.info(`recording was not offered: ${String(error)}`));
    }),
    vscode.debug.onDidTerminateDebugSession(({ type }) => {
      if (type === DEBUG_TYPE) mark(false);
    }),
  ];

  return {
    async start() {
      const plan = await planned();
      if (plan.recording || memory.get<Remembered>(KEY) === 'always' || (await consent(plan))) await record();
    },
    async stop() {
      await sessions.request('semantic/stopRecording', {});
      mark(false);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Recording stopped: the program is as it was.'), 8000);
    },
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}

function detailOf({ files, sites, children, notRecorded }: Plan): string {
  const listed = files.slice(0, MOST_FILES).map((one) => vscode.l10n.t('{0}: {1} places', one.file, one.sites));
  if (files.length > MOST_FILES) listed.push(vscode.l10n.t('and {0} more files', files.length - MOST_FILES));
  const processes = children.slice(0, MOST_FILES).map(({ pid, command }) => `${pid}  ${command.slice(0, 80)}`);
  if (children.length > MOST_FILES) processes.push('…');
  return [
    vscode.l10n.t(
      'The running program is edited in memory at {0} places, and put back when recording stops or the session ends. Files on disk stay as they are.',
      sites,
    ),
    '',
    ...listed,
    ...(children.length > 0
      ? ['', vscode.l10n.t('The same in {0} child processes:', children.length), ...processes]
      : []),
    ...(notRecorded.length > 0 ? ['', vscode.l10n.t('{0} places cannot be recorded.', notRecorded.length)] : []),
  ].join('\n');
}
