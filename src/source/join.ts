// From a place in a running script to a place in the source: through the script's source map, or straight where the source itself runs.
// Paths in containers differ from those on this machine, so files are matched by what both have in common.
import { originalPositionFor, sourceContentFor, TraceMap } from '@jridgewell/trace-mapping';
import ts from 'typescript';
import type { SourcePosition } from '../model/index.ts';
import { constructorAround, constructorOffset } from './constructorPosition.ts';
import { findFiles, relativeTo } from './files.ts';
import { matchFiles, pathOfUrl, type MatchFile } from './pathMatch.ts';
import type { SourceHost } from './sourceHost.ts';

/** The parser's script and location, declared here again: this room does not know heaps. */
export interface JoinScript {
  readonly id: number;
  readonly url: string;
  readonly sourceMap?: string;
}

/** Zero-based. */
export interface JoinLocation {
  readonly script: number;
  readonly line: number;
  readonly column: number;
}

interface Mapped {
  /** Path as the map or the script says it. */
  readonly path: string;
  /** Zero-based. */
  readonly line: number;
  readonly column: number;
  readonly content?: string;
}

/** Where the constructor (or whatever stands there) is in the source; undefined for scripts that are not of these directories. */
export function createSourceJoin(
  scripts: Iterable<JoinScript>,
  roots: readonly string[],
  host: SourceHost,
): (at: JoinLocation) => SourcePosition | undefined {
  const byId = new Map([...scripts].map((script) => [script.id, script]));
  const maps = new Map<number, TraceMap | undefined>();
  const parsed = new Map<string, ts.SourceFile>();
  const answers = new Map<string, SourcePosition | undefined>();
  let match: MatchFile | undefined;

  const mapOf = (script: JoinScript): TraceMap | undefined => {
    if (!maps.has(script.id)) maps.set(script.id, openMap(script));
    return maps.get(script.id);
  };

  const positionOf = (at: JoinLocation): SourcePosition | undefined => {
    const script = byId.get(at.script);
    if (!script || script.url === '' || /^(?:node:|internal\/|evalmachine)/.test(script.url)) return undefined;
    const map = mapOf(script);
    const mapped: Mapped | undefined = map
      ? throughMap(map, at)
      : script.sourceMap === undefined
        ? { path: pathOfUrl(script.url), line: at.line, column: at.column }
        : undefined;
    if (!mapped || /\/node_modules\//.test(mapped.path)) return undefined;
    match ??= matchFiles(findFiles(roots, host).sources, host);
    const file = match(mapped.path, mapped.content);
    const text = file?.text ?? mapped.content;
    if (!file && !map) return undefined;
    const name = file ? relativeTo(file.root, file.path) : mapped.path.replace(/^(?:\.{0,2}\/)+/, '');
    const exact = text === undefined ? mapped : constructorIn(parse(parsed, name, text), mapped);
    return { file: name, line: exact.line + 1, column: exact.column + 1 };
  };

  return (at) => {
    const key = `${at.script}:${at.line}:${at.column}`;
    if (!answers.has(key)) answers.set(key, positionOf(at));
    return answers.get(key);
  };
}

function openMap(script: JoinScript): TraceMap | undefined {
  if (script.sourceMap === undefined) return undefined;
  try {
    // Some servers put a guard before the JSON against being read as a script.
    return new TraceMap(script.sourceMap.replace(/^\)\]\}'[^\n]*\n/, ''), script.url);
  } catch {
    return undefined;
  }
}

function throughMap(map: TraceMap, at: JoinLocation): Mapped | undefined {
  const found = originalPositionFor(map, { line: at.line + 1, column: at.column });
  if (found.source === null) return undefined;
  const content = sourceContentFor(map, found.source);
  return {
    path: pathOfUrl(found.source),
    line: found.line - 1,
    column: found.column,
    ...(content !== null && { content: content.replace(/^\uFEFF/, '') }),
  };
}

function parse(parsed: Map<string, ts.SourceFile>, name: string, text: string): ts.SourceFile {
  const known = parsed.get(name);
  if (known) return known;
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true);
  parsed.set(name, file);
  return file;
}

/**
 * Maps have a segment for some tokens only, so what they give is the nearest before. Where that is a class or its constructor,
 * the answer is the very position that the code model states for it.
 */
function constructorIn(file: ts.SourceFile, mapped: Mapped): { line: number; column: number } {
  const starts = file.getLineStarts();
  const start = starts[mapped.line];
  if (start === undefined) return mapped;
  const end = starts[mapped.line + 1] ?? file.text.length;
  const offset = Math.min(start + mapped.column, Math.max(start, end - 1));
  const node = constructorAround(file, offset);
  if (!node || !pointsToConstructor(node, offset)) return mapped;
  const { line, character } = file.getLineAndCharacterOfPosition(constructorOffset(node));
  return { line, column: character };
}

function pointsToConstructor(node: ts.Node, offset: number): boolean {
  if (!ts.isClassLike(node)) {
    const body = (node as ts.FunctionLikeDeclaration).body;
    return !body || offset <= body.getStart();
  }
  const member = node.members.find((m) => offset >= m.getStart() && offset < m.getEnd());
  return !member || ts.isConstructorDeclaration(member) || ts.isPropertyDeclaration(member);
}
