// Which file of this machine a path of another machine means: the same real path, else the longest common end of both paths.
import { normal, type FoundFile } from './files.ts';
import type { SourceHost } from './sourceHost.ts';

export type MatchFile = (path: string, content: string | undefined) => FoundFile | undefined;

/** `file:///a/b.ts`, `webpack://name/./src/b.ts?1a2b`, `C:\a\b.ts` to a path with forward slashes. */
export function pathOfUrl(url: string): string {
  let path = url.replace(/\\/g, '/');
  const scheme = /^([a-z][a-z+.-]+):\/\/([^/]*)(.*)$/i.exec(path);
  if (scheme) {
    const [, name, , rest] = scheme;
    path = rest === undefined || rest === '' ? path : rest;
    if (name !== 'file') path = path.replace(/^\/+/, '').replace(/^(?:\.\/)+/, '');
    path = decode(path);
  }
  return collapse(path.replace(/\?[^/]*$/, ''));
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function collapse(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '.') continue;
    if (part === '..' && out.length > 0 && out.at(-1) !== '..' && out.at(-1) !== '') out.pop();
    else out.push(part);
  }
  return out.join('/');
}

export function matchFiles(files: readonly FoundFile[], host: SourceHost): MatchFile {
  const byName = new Map<string, FoundFile[]>();
  const byReal = new Map<string, FoundFile>();
  for (const file of files) {
    const name = segments(file.path).at(-1) ?? '';
    byName.set(name, [...(byName.get(name) ?? []), file]);
    byReal.set(file.path, file);
    byReal.set(normal(host.realpath(file.path)), file);
  }
  const known = new Map<string, FoundFile | undefined>();

  const find = (path: string, content: string | undefined): FoundFile | undefined => {
    const exact = byReal.get(path) ?? byReal.get(normal(host.realpath(path)));
    if (exact) return exact;
    const wanted = segments(path);
    const named = byName.get(wanted.at(-1) ?? '') ?? [];
    // The same text is the same file, wherever it lies.
    const same = content === undefined ? [] : named.filter((file) => file.text === content);
    const pool = same.length > 0 ? same : named;
    const scored = pool.map((file) => ({ file, score: commonEnd(wanted, segments(file.path)) }));
    const best = Math.max(0, ...scored.map((s) => s.score));
    const winners = scored.filter((s) => s.score === best);
    if (winners.length === 1) return winners[0]?.file;
    // Several end alike: the one nearest to its root is what a container was most likely built from; if that does not tell, none.
    const depth = (file: FoundFile): number => segments(file.path).length - segments(file.root).length;
    const byDepth = winners.map((s) => s.file).sort((a, b) => depth(a) - depth(b));
    const [first, second] = byDepth;
    return first && second && depth(first) < depth(second) && best > 1 ? first : undefined;
  };

  return (path, content) => {
    const key = `${path}\u0000${content?.length ?? ''}`;
    if (!known.has(key)) known.set(key, find(path, content));
    return known.get(key);
  };
}

function segments(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[a.length - 1 - n] === b[b.length - 1 - n]) n += 1;
  return n;
}
