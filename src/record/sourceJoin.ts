// From an offset in a running script to the file and line that the code model speaks of. Pure.
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { SourcePosition } from '../model/index.ts';
import type { PlannedScript } from './plan.ts';

/** @returns for a zero-based line and column the source position; undefined: not of the program's source */
export function joinSource(
  script: Pick<PlannedScript, 'url' | 'sourceMap'>,
  files: readonly string[],
): (line: number, column: number) => SourcePosition | undefined {
  const names = new Map<string, string | undefined>();
  const fileOf = (path: string): string | undefined => {
    if (!names.has(path)) names.set(path, nameOf(path, files));
    return names.get(path);
  };
  const opened = script.sourceMap === undefined ? undefined : openMap(script.sourceMap, script.url);
  // Where nothing was read of what it was compiled from, it is itself what was read.
  const isRead = opened?.resolvedSources.some((each) => each !== null && fileOf(plainPath(each)) !== undefined);
  const map = isRead ? opened : undefined;
  return (line, column) => {
    const found = map
      ? originalPositionFor(map, { line: line + 1, column })
      : { source: script.url, line: line + 1, column };
    if (found.source === null) return undefined;
    const file = fileOf(plainPath(found.source));
    return file === undefined ? undefined : { file, line: found.line, column: found.column + 1 };
  };
}

/** The file whose whole name the path ends with; the longest where there are several. */
export function nameOf(path: string, files: readonly string[]): string | undefined {
  return files
    .filter((file) => path === file || path.endsWith(`/${file}`))
    .reduce<string | undefined>(
      (best, file) => (best === undefined || file.length > best.length ? file : best),
      undefined,
    );
}

export function plainPath(url: string): string {
  const path = url.replace(/^[a-z][a-z\d+.-]*:\/\/(?:[^/]*)/i, '').replace(/\\/g, '/');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export function openMap(text: string, url: string): TraceMap | undefined {
  try {
    return new TraceMap(text.replace(/^\)\]\}'[^\n]*\n/, ''), url);
  } catch {
    return undefined;
  }
}
