// Source positions of the model as files of this machine, and back. What is no file here is served as text under a reference.
import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Failure, type Model, type SourcePosition } from '../model/index.ts';

type Source = DebugProtocol.Source;

export interface SourceMapper {
  /** How the client writes paths; set once it said so. */
  uris: boolean;
  sourceOf(file: string): Source;
  /** The file as positions name it; undefined: outside of every source directory. */
  fileOf(source: { readonly path?: unknown }): string | undefined;
  content(reference: number): { readonly content: string; readonly mimeType: string };
  modelDocument(): Source;
  /** Line (from 1) of the model document at which an entity is described; its first line where it is not. */
  modelLine(entity: string | undefined): number;
  /** The model document, then every file the model names. */
  loaded(model: Model): readonly Source[];
}

const MODEL_NAME = 'model.md';

export function createSourceMapper(directories: readonly string[], modelText: () => string): SourceMapper {
  const roots = directories.map((directory) => real(resolve(directory)));
  const paths = new Map<string, string>();
  const texts = new Map<number, () => string>();
  const references = new Map<string, number>();

  const referenceOf = (key: string, text: () => string): number => {
    const known = references.get(key);
    if (known !== undefined) return known;
    const reference = references.size + 1;
    references.set(key, reference);
    texts.set(reference, text);
    return reference;
  };
  // A file's name comes from a timeline that anyone may have written: it must not lead out of the source directories.
  const find = (file: string): string | undefined => {
    if (file === '' || file.includes('\0') || isAbsolute(file)) return undefined;
    for (const root of roots) {
      const path = join(root, file);
      if (existsSync(path) && inside(root, real(path)) && statSync(path).isFile()) return path;
    }
    return undefined;
  };
  const pathOf = (file: string): string | undefined => {
    const path = paths.get(file) ?? find(file);
    if (path !== undefined) paths.set(file, path);
    return path;
  };
  const absent = (file: string): string =>
    `The file ${file} is in none of the source directories${directories.length ? `:\n${directories.join('\n')}` : '.'}\n\n` +
    'Add the directory it lies in to "source" of the launch configuration.\n';

  const mapper: SourceMapper = {
    uris: false,
    sourceOf(file) {
      const path = pathOf(file);
      if (path !== undefined) return { name: basename(path), path: mapper.uris ? pathToFileURL(path).href : path };
      return {
        name: file.slice(file.lastIndexOf('/') + 1) || file,
        sourceReference: referenceOf(`file ${file}`, () => absent(file)),
        origin: 'not in the source directories',
        presentationHint: 'deemphasize',
      };
    },
    fileOf(source) {
      const path = pathOfSource(source);
      const root = path === undefined ? undefined : roots.find((candidate) => inside(candidate, path));
      return root === undefined || path === undefined ? undefined : relative(root, path).split(sep).join('/');
    },
    content(reference) {
      const text = texts.get(reference);
      if (!text) {
        throw new Failure('no-source', 'There is no source under this reference.', 'Open it again from a stack frame.');
      }
      const isModel = references.get(MODEL_NAME) === reference;
      return { content: text(), mimeType: isModel ? 'text/markdown' : 'text/plain' };
    },
    modelDocument() {
      return { name: MODEL_NAME, sourceReference: referenceOf(MODEL_NAME, modelText), origin: 'model' };
    },
    modelLine(entity) {
      if (entity === undefined) return 1;
      const headings = modelText().split('\n');
      return headings.findIndex((line) => line === `## \`${entity}\``) + 1 || 1;
    },
    loaded(model) {
      return [mapper.modelDocument(), ...[...filesOf(model)].sort().map((file) => mapper.sourceOf(file))];
    },
  };
  return mapper;
}

/** The file a client means, whichever way it writes paths; undefined: none that could be here. */
function pathOfSource(source: { readonly path?: unknown }): string | undefined {
  if (typeof source.path !== 'string' || source.path === '') return undefined;
  if (!source.path.startsWith('file:')) return real(resolve(source.path));
  try {
    return real(fileURLToPath(source.path));
  } catch {
    return undefined;
  }
}

function filesOf(model: Model): Set<string> {
  const files = new Set<string>();
  const take = (source: SourcePosition | undefined): void => void (source && files.add(source.file));
  const facts = [
    ...model.entities,
    ...model.entities.flatMap((entity) => entity.attributes),
    ...model.relations,
    ...model.transitions,
  ];
  for (const entity of model.entities) take(entity.source);
  for (const { evidence } of facts) for (const one of evidence ?? []) take(one.source);
  return files;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function inside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`);
}
