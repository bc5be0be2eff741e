// Evidence that is no line of source, shown in the open session: the instances of a type, or what happened to them.
import * as vscode from 'vscode';
import { parseReference } from './evidenceArguments.ts';
import type { Sessions } from './sessions.ts';

/** More than a person looks through; the panel has them all. */
const MOST = 200;

type Choice = vscode.QuickPickItem & { readonly go: () => Promise<unknown> };

export async function showEvidence(sessions: Sessions, given: unknown): Promise<void> {
  const wanted = parseReference(given);
  if (!wanted) return;
  const { entity, by } = wanted;
  const choices = by === 'event' ? await events(sessions, entity) : await instances(sessions, entity);
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing of {0} is in this timeline.', entity));
    return;
  }
  const chosen = await vscode.window.showQuickPick(choices, { placeHolder: entity, matchOnDescription: true });
  if (!chosen) return;
  await chosen.go();
  await vscode.commands.executeCommand('semstate.openPanel');
}

async function instances(sessions: Sessions, entity: string): Promise<Choice[]> {
  const { lanes } = await sessions.request('semantic/lanes', { all: true, entity, limit: MOST });
  return lanes.map(({ ref, state }) => ({
    label: `${ref.entity} ${ref.id}`,
    ...(state !== undefined && { description: state }),
    go: () => sessions.request('semantic/focus', { ref: { entity: ref.entity, id: ref.id } }),
  }));
}

async function events(sessions: Sessions, entity: string): Promise<Choice[]> {
  const { total } = await sessions.request('semantic/events', { offset: 0, limit: 0, entity });
  const offset = Math.max(0, total - MOST);
  const { rows } = await sessions.request('semantic/events', { offset, limit: MOST, entity });
  return rows.toReversed().map(({ seq, time, text, type }) => ({
    label: text,
    description: [new Date(time / 1000).toISOString().slice(11, 23), type].filter(Boolean).join(' · '),
    go: () => sessions.request('semantic/goto', { seq }),
  }));
}
