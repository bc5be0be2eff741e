// Markdown whose text is hostile input: names stand in code spans, prose is escaped, cells keep to their row.
import type { Evidence, SourcePosition } from '../../model/index.ts';

/** Inline code that shows the text as it is, backticks included; usable in a table's cell. */
export function code(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll('|', '\\|');
  if (line.trim() === '') return '`(empty)`';
  const runs = line.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  return runs.length === 0 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}

/** Prose on one line: nothing in it is markup. */
export function prose(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/[\\`*_[\]<>#|~$&]/g, (char) => `\\${char}`);
}

/** A table; cells are Markdown already. Undefined where it has no row. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string | undefined {
  if (rows.length === 0) return undefined;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

export function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count === 0 ? 'no' : count} ${count === 1 ? one : many}`;
}

export function position({ file, line }: SourcePosition): string {
  return code(`${file}:${line}`);
}

/** Each with its line of source, or the snapshot and how often it was seen there. */
export function evidenceText(evidence: readonly Evidence[] = []): string {
  return evidence
    .map(({ by, source, snapshot, count, note }) => {
      const parts = [
        ...(source ? [position(source)] : []),
        ...(count === undefined ? [] : [count === 1 ? 'once' : `${count} times`]),
        ...(snapshot === undefined ? [] : [`in snapshot ${code(snapshot)}`]),
        ...(note === undefined ? [] : [`(${prose(note)})`]),
      ];
      return [by, ...parts].join(' ');
    })
    .join(', ');
}
