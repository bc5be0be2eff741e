// Debug sessions of our type: how they are started, which one is in front, and what they say.
import * as vscode from 'vscode';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Failure } from '../model/index.ts';
import type { Arguments, Events, Overview, RequestName, Result } from '../present/index.ts';
import type { Programs } from './program.ts';

export const DEBUG_TYPE = 'semantic';

/** Phases of an attach that is under way, in the order they were announced. */
export type StartPhases = NonNullable<Overview['progress']>;

export interface Sessions extends vscode.Disposable {
  readonly current: vscode.DebugSession | undefined;
  /** Set while an attach is under way. */
  readonly starting: StartPhases | undefined;
  readonly onDidChange: vscode.Event<void>;
  readonly onMessage: vscode.Event<{ readonly name: keyof Events; readonly body: unknown }>;
  request<N extends RequestName>(name: N, args: Arguments<N>): Promise<Result<N>>;
  /** Directories with the source of the current session, as absolute paths. */
  sourceDirectories(): readonly string[];
}

const EVENT_NAMES: ReadonlySet<string> = new Set<keyof Events>(['semantic/cursor', 'semantic/changed']);

export function createSessions(programs: Programs, log: vscode.LogOutputChannel): Sessions {
  const changed = new vscode.EventEmitter<void>();
  const messages = new vscode.EventEmitter<{ name: keyof Events; body: unknown }>();
  const running = new Set<vscode.DebugSession>();
  let current: vscode.DebugSession | undefined;
  let starting: { session: vscode.DebugSession; phases: Phase[] } | undefined;

  const select = (session: vscode.DebugSession | undefined): void => {
    current = session ?? [...running].at(-1);
    void vscode.commands.executeCommand('setContext', 'semstate.attached', current !== undefined);
    changed.fire();
  };
  const disposables = [
    changed,
    messages,
    vscode.debug.onDidStartDebugSession((session) => {
      if (session.type !== DEBUG_TYPE) return;
      running.add(session);
      if (starting?.session.id === session.id) starting = undefined;
      select(session);
    }),
    vscode.debug.onDidTerminateDebugSession((session) => {
      if (starting?.session.id === session.id) starting = undefined;
      running.delete(session);
      if (session.type === DEBUG_TYPE) select(undefined);
    }),
    vscode.debug.onDidChangeActiveDebugSession((session) => {
      if (session && running.has(session) && session !== current) select(session);
    }),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session === current && EVENT_NAMES.has(event))
        messages.fire({ name: event as keyof Events, body: body as unknown });
    }),
    vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, {
      createDebugAdapterDescriptor: () =>
        new vscode.DebugAdapterExecutable(programs.adapter.command, [...programs.adapter.args], {
          env: programs.adapter.env,
        }),
    }),
    // Before the session is announced, what it does is known from its messages only.
    vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, {
      createDebugAdapterTracker: (session) => ({
        onWillStartSession: () => {
          starting = { session, phases: [] };
          changed.fire();
        },
        onDidSendMessage: (message: DebugProtocol.ProtocolMessage) => {
          if (starting?.session.id !== session.id || !notePhase(starting.phases, message)) return;
          changed.fire();
        },
        onError: (error) => log.error(`debug adapter: ${error.message}`),
        onExit: (code) => {
          if (starting?.session.id === session.id) starting = undefined;
          log.debug(`debug adapter ended with ${code ?? 'a signal'}`);
          changed.fire();
        },
      }),
    }),
  ];

  return {
    get current() {
      return current;
    },
    get starting() {
      return current ? undefined : starting?.phases;
    },
    onDidChange: changed.event,
    onMessage: messages.event,
    async request(name, args) {
      if (!current)
        throw new Failure(
          'not-attached',
          vscode.l10n.t('Nothing is attached.'),
          vscode.l10n.t('Run "Semantic State: Attach to Container" first.'),
        );
      return (await current.customRequest(name, args)) as Result<typeof name>;
    },
    sourceDirectories: () =>
      current ? sourceDirectoriesOf(current.configuration, current.workspaceFolder) : workspacePaths(),
    dispose: () => vscode.Disposable.from(...disposables).dispose(),
  };
}

type Phase = { -readonly [K in keyof StartPhases[number]]: StartPhases[number][K] } & { readonly id: string };

/** True: the message said something of progress. */
function notePhase(phases: Phase[], message: DebugProtocol.ProtocolMessage): boolean {
  if (message.type !== 'event') return false;
  const { event, body } = message as DebugProtocol.ProgressUpdateEvent;
  if (!event.startsWith('progress')) return false;
  const last = phases.at(-1);
  const text = (body as { title?: string }).title ?? body.message;
  if (event === 'progressStart' || (event === 'progressUpdate' && text && text !== last?.message)) {
    if (last) last.state = 'done';
    if (text) phases.push({ id: body.progressId, message: text, state: 'running' });
  } else if (event === 'progressEnd' && last) last.state = 'done';
  return true;
}

export function workspacePaths(): string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
}

function sourceDirectoriesOf(
  configuration: vscode.DebugConfiguration,
  folder: vscode.WorkspaceFolder | undefined,
): readonly string[] {
  const source = (configuration as { source?: unknown }).source;
  const listed = typeof source === 'string' ? [source] : Array.isArray(source) ? source : [];
  const root = folder?.uri.fsPath;
  const absolute = listed
    .filter((entry) => typeof entry === 'string')
    .map((entry) =>
      root && !/^([A-Za-z]:)?[\\/]/.test(entry) ? vscode.Uri.joinPath(folder.uri, entry).fsPath : entry,
    );
  return absolute.length ? absolute : workspacePaths();
}
