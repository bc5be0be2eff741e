// Verdicts written into the text of `semstate.json`: only their lines are added, comments and the rest stay as they are.
import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { DriftVerdict } from '../model/index.ts';

export interface TextInsertion {
  readonly offset: number;
  /** Characters that it stands in place of. */
  readonly length: number;
  readonly text: string;
}

/** What to insert; undefined: the text is no object, or its `drift` no list, and a person has to look first. */
export function verdictEdit(text: string, verdicts: readonly DriftVerdict[]): TextInsertion | undefined {
  const lines = verdicts.map(lineOf);
  if (text.trim() === '')
    return { offset: 0, length: text.length, text: `{\n  "drift": [\n    ${lines.join(',\n    ')}\n  ]\n}\n` };
  const root = parseTree(text);
  if (root?.type !== 'object') return undefined;
  const list = findNodeAtLocation(root, ['drift']);
  if (list && list.type !== 'array') return undefined;
  const last = (list ?? root).children?.at(-1);
  const inner = list ? `${indentAt(text, list)}  ` : '    ';
  const members = lines.join(`,\n${inner}`);
  if (last) {
    const indent = startsItsLine(text, last) ? indentAt(text, last) : inner;
    const added = list
      ? lines.join(`,\n${indent}`)
      : `"drift": [\n${indent}  ${lines.join(`,\n${indent}  `)}\n${indent}]`;
    return { offset: last.offset + last.length, length: 0, text: `,\n${indent}${added}` };
  }
  const filled = list ? `[\n${inner}${members}\n${indentAt(text, list)}]` : `{\n  "drift": [\n    ${members}\n  ]\n}`;
  const at = list ?? root;
  return { offset: at.offset, length: at.length, text: filled };
}

/** One verdict, one line: `{ "of": "Order.status", "state": "lost", "accept": true }`. */
function lineOf(verdict: DriftVerdict): string {
  const fields = Object.entries(verdict).filter(([, value]) => value !== undefined);
  return `{ ${fields.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(', ')} }`;
}

function lineStart(text: string, { offset }: Node): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function indentAt(text: string, node: Node): string {
  return /^[\t ]*/.exec(text.slice(lineStart(text, node)))?.[0] ?? '';
}

function startsItsLine(text: string, node: Node): boolean {
  return text.slice(lineStart(text, node), node.offset).trim() === '';
}
