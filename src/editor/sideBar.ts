// The view in the side bar: what can be attached to now, and the timelines recorded before.
import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { isFailure, type TargetEntry } from '../model/index.ts';
import type { Programs } from './program.ts';
import { attachWayText, canAttach, listTargets, targetIcon, type TargetListing } from './targetPicker.ts';

export const SIDE_VIEW = 'semstate.targets';

type Node =
  | { readonly kind: 'group'; readonly group: 'targets' | 'timelines' }
  | { readonly kind: 'target'; readonly entry: TargetEntry }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'timeline'; readonly file: string; readonly time: number; readonly bytes: number };

export interface SideBar extends vscode.Disposable {
  refresh(): void;
}

export function registerSideBar(programs: Programs): SideBar {
  const changed = new vscode.EventEmitter<undefined>();
  let listing: Promise<TargetListing> | undefined;

  const provider: vscode.TreeDataProvider<Node> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: itemOf,
    async getChildren(node) {
      if (!node)
        return [
          { kind: 'group', group: 'targets' },
          { kind: 'group', group: 'timelines' },
        ];
      if (node.kind !== 'group') return [];
      if (node.group === 'timelines') return timelines();
      listing ??= listTargets(programs);
      try {
        const { targets, notes } = await listing;
        const entries = targets.map((entry): Node => ({ kind: 'target', entry }));
        const said = notes.map((text): Node => ({ kind: 'note', text }));
        const nothing: Node = { kind: 'note', text: vscode.l10n.t('No running service was found.') };
        return entries.length + said.length ? [...entries, ...said] : [nothing];
      } catch (error) {
        return [{ kind: 'note', text: isFailure(error) ? `${error.message} ${error.action}` : String(error) }];
      }
    },
  };
  const view = vscode.window.createTreeView(SIDE_VIEW, { treeDataProvider: provider });
  return {
    refresh() {
      listing = undefined;
      changed.fire(undefined);
    },
    dispose: () => vscode.Disposable.from(view, changed).dispose(),
  };
}

/** Where the adapter keeps new timelines. */
export function timelineDirectory(): string {
  if (process.platform === 'win32') return join(process.env['LOCALAPPDATA'] ?? homedir(), 'semantic-state-debugger');
  if (process.platform === 'darwin')
    return join(homedir(), 'Library', 'Application Support', 'semantic-state-debugger');
  return join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'semantic-state-debugger');
}

const MOST_TIMELINES = 50;

async function timelines(): Promise<Node[]> {
  const directory = timelineDirectory();
  const names = await readdir(directory).catch(() => []);
  const files = names.filter((name) => /\.(semstate|sqlite|db)$/.test(name)).map((name) => join(directory, name));
  const all = await Promise.all(
    files.map(async (file) => {
      const { mtimeMs, size } = await stat(file);
      return { kind: 'timeline', file, time: mtimeMs, bytes: size } as const;
    }),
  );
  const newest = all.sort((a, b) => b.time - a.time).slice(0, MOST_TIMELINES);
  return newest.length ? newest : [{ kind: 'note', text: vscode.l10n.t('Nothing has been recorded yet.') }];
}

function itemOf(node: Node): vscode.TreeItem {
  switch (node.kind) {
    case 'group': {
      const label = node.group === 'targets' ? vscode.l10n.t('Running services') : vscode.l10n.t('Recorded timelines');
      const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
      item.contextValue = node.group;
      return item;
    }
    case 'note': {
      const item = new vscode.TreeItem(node.text);
      item.iconPath = new vscode.ThemeIcon('info');
      item.tooltip = node.text;
      return item;
    }
    case 'target': {
      const { entry } = node;
      const item = new vscode.TreeItem(entry.name ?? entry.target);
      item.description = entry.why ?? attachWayText(entry.attach);
      item.iconPath = targetIcon(entry);
      item.contextValue = canAttach(entry) ? 'target' : 'refused';
      item.tooltip = [
        entry.target,
        entry.image,
        entry.pid && `pid ${entry.pid}`,
        attachWayText(entry.attach),
        entry.why,
      ]
        .filter(Boolean)
        .join('\n');
      item.accessibilityInformation = { label: `${entry.name ?? entry.target}, ${attachWayText(entry.attach)}` };
      if (canAttach(entry))
        item.command = { command: 'semstate.attach', title: vscode.l10n.t('Attach'), arguments: [entry.target] };
      return item;
    }
    case 'timeline': {
      const name = node.file.slice(Math.max(node.file.lastIndexOf('/'), node.file.lastIndexOf('\\')) + 1);
      const item = new vscode.TreeItem(name);
      item.description = new Date(node.time).toLocaleString(vscode.env.language);
      item.iconPath = new vscode.ThemeIcon('history');
      item.contextValue = 'timeline';
      item.tooltip = node.file;
      item.command = { command: 'semstate.openTimeline', title: vscode.l10n.t('Open'), arguments: [node.file] };
      return item;
    }
  }
}
