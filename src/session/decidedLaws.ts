// A person's decision on proposed laws, written into `semstate.json`: what else stands there stays, comments included.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { applyEdits, modify, type JSONPath } from 'jsonc-parser';
import { lawsOf, type Proposal } from '../laws/index.ts';
import { Failure, type Model } from '../model/index.ts';
import { parseWorkspaceFile } from './workspaceSettings.ts';

export interface Decision {
  readonly accept: readonly string[];
  readonly reject: readonly string[];
}

/** @throws Failure `no-such-law` where one to accept is not proposed, `workspace-file` */
export function decideLaws(path: string, proposals: readonly Proposal[], { accept, reject }: Decision): void {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '{}\n';
  const after = decidedText(before, path, proposals, { accept, reject });
  parseWorkspaceFile(after, path);
  // Beside it, then in its place: a full disk leaves the file as it was.
  writeFileSync(`${path}.new`, after);
  renameSync(`${path}.new`, path);
}

export function decidedText(
  text: string,
  path: string,
  proposals: readonly Proposal[],
  { accept, reject }: Decision,
): string {
  const rejected = parseWorkspaceFile(text, path).rejected ?? [];
  let out = text;
  const put = (at: JSONPath, value: unknown): void => {
    const formattingOptions = { insertSpaces: true, tabSize: indentOf(text), eol: '\n' };
    out = applyEdits(out, modify(out, at, value, { formattingOptions }));
  };
  for (const id of accept) {
    const found = proposals.find(({ law }) => law.id === id);
    if (!found)
      throw new Failure(
        'no-such-law',
        `No law "${id}" is proposed.`,
        `Proposed are ${proposals.map(({ law }) => law.id).join(', ') || 'none'}.`,
      );
    const { id: _, ...law } = found.law;
    put(['laws', id], law);
  }
  if (reject.length > 0) put(['rejected'], [...new Set([...rejected, ...reject])]);
  return out;
}

function indentOf(text: string): number {
  return /\n( +)"/.exec(text)?.[1]?.length ?? 2;
}

/** All laws of a model, each with its sentence. */
export function listLaws(model: Model): { readonly id: string; readonly title: string }[] {
  return lawsOf(model).map(({ id, title }) => ({ id, title }));
}
