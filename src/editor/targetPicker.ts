// Choosing what to attach to: the same list as `semstate ps`, with how attaching will go beside each.
import * as vscode from 'vscode';
import { isFailure, type AttachWay, type TargetEntry, type TargetsDocument } from '../model/index.ts';
import type { Programs } from './program.ts';

export interface TargetListing {
  readonly targets: readonly TargetEntry[];
  /** What could not be listed, and what to do about it: a line each. */
  readonly notes: readonly string[];
}

export async function listTargets(programs: Programs, signal?: AbortSignal): Promise<TargetListing> {
  const { stdout, stderr } = await programs.semstate(['ps', '--json'], signal ? { signal } : {});
  const { targets } = JSON.parse(stdout) as TargetsDocument;
  return { targets, notes: stderr.split('\n').filter((line) => line.trim() !== '') };
}

export function attachWayText(way: AttachWay): string {
  switch (way) {
    case 'inspector-open':
      return vscode.l10n.t('inspector is open');
    case 'inspector-can-open':
      return vscode.l10n.t('inspector can be opened');
    case 'memory-only':
      return vscode.l10n.t('memory only');
    case 'no':
      return vscode.l10n.t('cannot be attached');
  }
}

export function targetIcon({ target }: TargetEntry): vscode.ThemeIcon {
  return new vscode.ThemeIcon(
    /^(docker|podman):/.test(target) ? 'package' : target.startsWith('pid:') ? 'server-process' : 'plug',
  );
}

type Item = vscode.QuickPickItem & { readonly target?: string };

const ADDRESS = /^(docker:|podman:|pid:\d|inspect:.+:\d|file:)./;

/** Asks for a target; undefined: the person thought better of it. */
export async function pickTarget(
  programs: Programs,
  accepts: (entry: TargetEntry) => boolean,
): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<Item>();
  const search = new AbortController();
  picker.placeholder = vscode.l10n.t('Choose a running service, or type docker:NAME, pid:NUMBER or inspect:HOST:PORT');
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.busy = true;
  picker.buttons = [{ iconPath: new vscode.ThemeIcon('refresh'), tooltip: vscode.l10n.t('Refresh') }];
  let found: readonly Item[] = [];
  const show = (): void => {
    const typed = picker.value.trim();
    picker.items = ADDRESS.test(typed) ? [{ label: typed, target: typed, alwaysShow: true }, ...found] : found;
  };
  const refresh = async (): Promise<void> => {
    picker.busy = true;
    try {
      found = itemsOf(await listTargets(programs, search.signal), accepts);
    } catch (error) {
      if (isFailure(error, 'cancelled')) return;
      found = [
        { label: vscode.l10n.t('$(error) The list could not be read'), detail: String(error), alwaysShow: true },
      ];
    }
    picker.busy = false;
    show();
  };
  const chosen = await new Promise<string | undefined>((resolve) => {
    picker.onDidChangeValue(show);
    picker.onDidTriggerButton(() => void refresh());
    picker.onDidAccept(() => {
      const target = picker.selectedItems[0]?.target;
      if (target !== undefined) resolve(target);
    });
    picker.onDidHide(() => resolve(undefined));
    picker.show();
    void refresh();
  });
  search.abort();
  picker.dispose();
  return chosen;
}

function itemsOf({ targets, notes }: TargetListing, accepts: (entry: TargetEntry) => boolean): Item[] {
  const usable = targets.filter(accepts);
  const containers = usable.filter(({ target }) => /^(docker|podman):/.test(target));
  const others = usable.filter((entry) => !containers.includes(entry));
  const refused = targets.filter((entry) => !usable.includes(entry));
  const group = (label: string, items: Item[]): Item[] =>
    items.length ? [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items] : [];
  return [
    ...group(vscode.l10n.t('containers'), containers.map(itemOf)),
    ...group(vscode.l10n.t('processes'), others.map(itemOf)),
    ...group(
      vscode.l10n.t('cannot be attached'),
      refused.map(({ name, target, why }) => ({ label: `$(circle-slash) ${name ?? target}`, description: why ?? '' })),
    ),
    ...group(
      vscode.l10n.t('not listed'),
      notes.map((note) => ({ label: `$(info) ${note}` })),
    ),
  ];
}

function itemOf(entry: TargetEntry): Item {
  const { target, name, image, pid, language, why } = entry;
  const parts = [image, pid === undefined ? undefined : `pid ${pid}`, language === 'unknown' ? undefined : language];
  return {
    label: `$(${targetIcon(entry).id}) ${name ?? target}`,
    description: parts.filter((part) => part !== undefined).join(' · '),
    detail: [target, attachWayText(entry.attach), why].filter(Boolean).join(' · '),
    target,
  };
}

export function canAttach(entry: TargetEntry): boolean {
  return entry.attach === 'inspector-open' || entry.attach === 'inspector-can-open';
}
