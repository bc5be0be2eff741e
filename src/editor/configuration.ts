// Debug configurations: F5 without a launch.json, snippets for one, and what is filled in before a session starts.
import * as vscode from 'vscode';
import { pickTarget, canAttach } from './targetPicker.ts';
import { DEBUG_TYPE, workspacePaths } from './sessions.ts';
import type { Programs } from './program.ts';

export function attachConfiguration(target: string, name = target): vscode.DebugConfiguration {
  return { type: DEBUG_TYPE, request: 'attach', name, target, source: workspacePaths(), stopOnEntry: true };
}

export function openConfiguration(store: string): vscode.DebugConfiguration {
  const name = vscode.l10n.t(
    'Timeline {0}',
    store.slice(Math.max(store.lastIndexOf('/'), store.lastIndexOf('\\')) + 1),
  );
  return { type: DEBUG_TYPE, request: 'launch', name, store, source: workspacePaths() };
}

export function registerConfigurations(programs: Programs): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, {
      provideDebugConfigurations: () => [
        {
          type: DEBUG_TYPE,
          request: 'attach',
          name: vscode.l10n.t('Semantic State: attach to a container'),
          target: '${command:semstate.pickTarget}',
          source: ['${workspaceFolder}'],
        },
      ],
      async resolveDebugConfiguration(folder, configuration) {
        // F5 without a launch.json gives an empty configuration.
        if (!configuration.type) {
          const target = await pickTarget(programs, canAttach);
          return target === undefined ? undefined : attachConfiguration(target);
        }
        const source = (configuration as { source?: unknown }).source;
        return {
          ...configuration,
          // Recording edits the running program: in a workspace that is not trusted it is only read.
          ...(configuration['record'] !== undefined && !vscode.workspace.isTrusted && { record: false }),
          source: source ?? (folder ? [folder.uri.fsPath] : workspacePaths()),
        };
      },
    }),
    vscode.debug.registerDebugConfigurationProvider(
      DEBUG_TYPE,
      {
        // Offered in the "Run and Debug" drop-down: one entry for each service that runs now would be slow; one asks.
        provideDebugConfigurations: () => [
          attachConfiguration('${command:semstate.pickTarget}', vscode.l10n.t('Semantic State: attach to a container')),
        ],
      },
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
  );
}

export async function startSession(configuration: vscode.DebugConfiguration): Promise<boolean> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  return vscode.debug.startDebugging(folder, configuration);
}
