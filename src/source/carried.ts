// Source that a running program brought along: what its maps hold of the files it was made of, else the text that runs. Shown as
// files of a host of their own, so that a program nobody has the source of is read like one that lies in a directory.
import type { JoinScript } from './join.ts';
import { pathOfUrl } from './pathMatch.ts';
import { directoryOf } from './files.ts';
import { leftOutIndexes } from './leftOut.ts';
import type { SourceHost } from './sourceHost.ts';

export interface CarriedScript extends JoinScript {
  /** What runs. */
  readonly text?: string;
}

export interface CarriedSource {
  readonly roots: readonly string[];
  readonly host: SourceHost;
  /** The scripts as a join with these files needs them: with no map where the script itself was taken. */
  readonly scripts: readonly JoinScript[];
}

const OWN = /^(?!node:|internal\/|evalmachine|\[eval)./;
const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/** @param beside gives TypeScript's own libraries and whether to go on. @returns undefined where the scripts brought nothing */
export function carriedSource(
  scripts: Iterable<CarriedScript>,
  beside: Pick<SourceHost, 'libraries' | 'readFile' | 'fileExists' | 'checkCancelled'>,
): CarriedSource | undefined {
  const files = new Map<string, string>();
  const joined: JoinScript[] = [];
  for (const script of scripts) {
    const { text, sourceMap, ...bare } = script;
    if (!OWN.test(script.url) || isDependency(script.url)) continue;
    const held = sourceMap === undefined ? [] : heldBy(script.url, sourceMap);
    for (const [path, content] of held) if (!isDependency(path)) files.set(path, content);
    if (held.length > 0 && sourceMap !== undefined) joined.push({ ...bare, sourceMap });
    else if (text !== undefined) {
      files.set(absolute(pathOfUrl(script.url)), text);
      joined.push(bare);
    }
  }
  if (files.size === 0) return undefined;
  for (const [path, text] of leftOutIndexes(files)) files.set(path, text);
  return { roots: [commonDirectory([...files.keys()])], host: hostOf(files, beside), scripts: joined };
}

/** The files a map holds, by path: those of programs people write, not what a bundler adds. */
function heldBy(url: string, sourceMap: string): readonly (readonly [path: string, content: string])[] {
  const { sources, sourcesContent, sourceRoot } = readMap(sourceMap);
  const directory = directoryOf(absolute(pathOfUrl(url)));
  return sources.flatMap((source, i) => {
    const content = sourcesContent[i];
    if (typeof source !== 'string' || typeof content !== 'string') return [];
    const named =
      typeof sourceRoot === 'string' && sourceRoot !== '' ? `${sourceRoot.replace(/\/$/, '')}/${source}` : source;
    const isPlaced = /^(?:[a-z][a-z+.-]+:\/\/|\/)/i.test(named);
    const path = absolute(pathOfUrl(isPlaced ? named : `file://${directory}/${named}`));
    return SOURCE.test(path) ? [[path, content.replace(/^\uFEFF/, '')] as const] : [];
  });
}

interface MapText {
  readonly sources: readonly unknown[];
  readonly sourcesContent: readonly unknown[];
  readonly sourceRoot?: unknown;
}

function readMap(text: string): MapText {
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
  try {
    // Some servers put a guard before the JSON against being read as a script.
    const map: unknown = JSON.parse(text.replace(/^\)\]\}'[^\n]*\n/, ''));
    if (typeof map !== 'object' || map === null) return { sources: [], sourcesContent: [] };
    const {
      sources,
      sourcesContent,
      sourceRoot,
    }: { sources?: unknown; sourcesContent?: unknown; sourceRoot?: unknown } = map;
    return { sources: list(sources), sourcesContent: list(sourcesContent), sourceRoot };
  } catch {
    return { sources: [], sourcesContent: [] };
  }
}

function isDependency(path: string): boolean {
  return path.includes('/node_modules/');
}

function absolute(path: string): string {
  const up = path.replace(/^(?:\.\.\/)+/, '');
  return up.startsWith('/') ? up : `/${up}`;
}

function commonDirectory(paths: readonly string[]): string {
  let common = directoryOf(paths[0] ?? '/');
  for (const path of paths) while (common !== '/' && !path.startsWith(`${common}/`)) common = directoryOf(common);
  return common;
}

function hostOf(
  files: ReadonlyMap<string, string>,
  beside: Pick<SourceHost, 'libraries' | 'readFile' | 'fileExists' | 'checkCancelled'>,
): SourceHost {
  const entries = new Map<string, Map<string, boolean>>();
  for (const path of files.keys()) {
    for (let child = path, isFile = true; child !== '/'; child = directoryOf(child), isFile = false) {
      const directory = directoryOf(child);
      const names = entries.get(directory) ?? new Map<string, boolean>();
      entries.set(directory, names.set(child.slice(directory === '/' ? 1 : directory.length + 1), !isFile));
    }
  }
  const isLibrary = (path: string): boolean => path.startsWith(`${beside.libraries}/`);
  return {
    libraries: beside.libraries,
    isAllSource: true,
    checkCancelled: () => beside.checkCancelled(),
    readFile: (path) => files.get(path) ?? (isLibrary(path) ? beside.readFile(path) : undefined),
    fileExists: (path) => files.has(path) || (isLibrary(path) && beside.fileExists(path)),
    directoryExists: (path) => entries.has(path),
    entries: (path) => [...(entries.get(path) ?? [])].map(([name, directory]) => ({ name, directory })),
    realpath: (path) => path,
  };
}
