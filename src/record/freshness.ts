// Whether the source that is read is the source that runs. Positions in a newer file say nothing of an older program. Pure.
import type { PlannedScript } from './plan.ts';
import { nameOf, openMap, plainPath } from './sourceJoin.ts';

/**
 * @param textOf the file on disk; undefined: it is not there any more
 * @returns files of which another text runs
 */
export function changedFiles(
  scripts: readonly Pick<PlannedScript, 'url' | 'text' | 'sourceMap'>[],
  files: readonly string[],
  textOf: (file: string) => string | undefined,
): readonly string[] {
  const changed = new Set<string>();
  for (const { url, text, sourceMap } of scripts) {
    const map = sourceMap === undefined ? undefined : openMap(sourceMap, url);
    if (map) {
      for (const [n, source] of map.resolvedSources.entries()) {
        const content = map.sourcesContent?.[n];
        const file = source === null ? undefined : nameOf(plainPath(source), files);
        if (file === undefined || content === undefined || content === null) continue;
        const disk = textOf(file);
        if (disk !== undefined && plain(disk) !== plain(content)) changed.add(file);
      }
      continue;
    }
    const file = nameOf(plainPath(url), files);
    const disk = file === undefined ? undefined : textOf(file);
    if (file !== undefined && disk !== undefined && !isSame(plain(text), plain(disk), file) && isAkin(text, disk))
      changed.add(file);
  }
  return [...changed];
}

/** As editors and checkouts write the same text. */
function plain(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .trimEnd();
}

/** Node runs TypeScript with its types blanked out: what is left stands in the same lines, in the same order. */
function isSame(running: string, disk: string, file: string): boolean {
  if (running === disk) return true;
  if (!/\.[mc]?tsx?$/.test(file)) return false;
  const lines = disk.split('\n');
  return running.split('\n').every((line, n) => n >= lines.length || isPartOf(line, lines[n] ?? ''));
}

function isPartOf(line: string, whole: string): boolean {
  let at = 0;
  for (const character of line) {
    if (/\s/.test(character)) continue;
    const found = whole.indexOf(character, at);
    if (found < 0) return character === ';' || line.trimStart().startsWith('//#');
    at = found + 1;
  }
  return true;
}

/** Two versions of one file share most of their lines; what a compiler made of it does not, and is no version of it. */
function isAkin(running: string, disk: string): boolean {
  const linesOf = (text: string): string[] => text.split('\n').flatMap((line) => line.trim() || []);
  const there = new Set(linesOf(disk));
  const lines = linesOf(running);
  return lines.filter((line) => there.has(line)).length * 2 >= lines.length;
}
