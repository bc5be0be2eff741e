// Which files under the given directories are the program's own source. Says what it left out and why; reads only what it must.
import type { Problem } from '../model/index.ts';
import type { SourceHost } from './sourceHost.ts';

/** Written by people, files stay far below; what is larger is generated or bundled. */
const LARGEST_BYTES = 2_000_000;
/** A directory tree of a real program is less deep; deeper ones are loops or generated. */
const DEEPEST = 40;
const MOST_FILES = 20_000;

const SOURCE = /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/;
const SCHEMA = /\.prisma$/;
const GENERATED = /\.d\.[cm]?ts$|\.min\.[cm]?js$|\.bundle\.js$/;
const TEST_FILE =
  /\.(?:test|spec|stories|e2e|bench)\.[cm]?[jt]sx?$|(?:^|\/)(?:jest|vitest|eslint|webpack|rollup|vite|babel|prettier|karma)\.config\.[cm]?[jt]s$/;
const NEVER = new Set([
  'node_modules',
  'bower_components',
  'coverage',
  '__tests__',
  '__mocks__',
  '__fixtures__',
  'vendor',
  'typings',
]);
const OUTPUT = new Set(['dist', 'build', 'out', 'output', 'es', 'esm', 'cjs', 'umd', 'bundle', 'public', 'lib-esm']);
const TEST_DIRECTORY = new Set([
  'test',
  'tests',
  'spec',
  'specs',
  'e2e',
  'testing',
  'fixtures',
  'examples',
  'bench',
  'benchmark',
]);

export interface FoundFile {
  readonly path: string;
  /** The given directory it was found in. */
  readonly root: string;
  readonly text: string;
}

export interface FoundFiles {
  readonly sources: readonly FoundFile[];
  /** Prisma schemas. */
  readonly schemas: readonly FoundFile[];
  /** `package.json` and `tsconfig*.json` on the way: paths. */
  readonly manifests: readonly string[];
  readonly problems: readonly Problem[];
}

export function normal(path: string): string {
  const slashes = path.replace(/\\/g, '/');
  return slashes.length > 1 ? slashes.replace(/\/+$/, '') : slashes;
}

export function directoryOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut <= 0 ? '/' : path.slice(0, cut);
}

/** `path` below `root`, with forward slashes; the path itself where it is elsewhere. */
export function relativeTo(root: string, path: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}

export function findFiles(roots: readonly string[], host: SourceHost): FoundFiles {
  const sources: FoundFile[] = [];
  const schemas: FoundFile[] = [];
  const manifests: string[] = [];
  const problems: Problem[] = [];
  const seenFiles = new Set<string>();
  const seenDirectories = new Set<string>();

  const take = (path: string, root: string): void => {
    const real = host.realpath(path);
    if (seenFiles.has(real)) return;
    seenFiles.add(real);
    if (seenFiles.size > MOST_FILES) {
      if (seenFiles.size === MOST_FILES + 1)
        problems.push({ code: 'too-many-files', message: `Only the first ${MOST_FILES} files were read` });
      return;
    }
    const text = host.readFile(path);
    const source = { file: relativeTo(root, path), line: 1 };
    if (text === undefined) {
      problems.push({ code: 'unreadable-file', message: `${source.file} could not be read`, source });
    } else if (text.length > LARGEST_BYTES) {
      problems.push({
        code: 'file-too-large',
        message: `${source.file} was left out: ${text.length} characters are more than a person writes`,
        source,
      });
    } else if (text.includes('\u0000')) {
      problems.push({ code: 'binary-file', message: `${source.file} was left out: it is no text`, source });
    } else {
      (SCHEMA.test(path) ? schemas : sources).push({ path, root, text: text.replace(/^\uFEFF/, '') });
    }
  };

  const walk = (directory: string, root: string, depth: number): boolean => {
    host.checkCancelled();
    const real = host.realpath(directory);
    if (seenDirectories.has(real) || depth > DEEPEST) return false;
    seenDirectories.add(real);
    const entries = [...host.entries(directory)].sort((a, b) => (a.name < b.name ? -1 : 1));
    let found = false;
    const later: string[] = [];
    for (const { name, directory: isDirectory } of entries) {
      const path = `${directory === '/' ? '' : directory}/${name}`;
      if (isDirectory) {
        if (NEVER.has(name) || name.startsWith('.')) continue;
        if (host.isAllSource !== true && (OUTPUT.has(name) || TEST_DIRECTORY.has(name))) later.push(path);
        else found = walk(path, root, depth + 1) || found;
      } else if (/^(?:package|[jt]sconfig[\w.-]*)\.json$/.test(name)) {
        manifests.push(path);
      } else if (
        (SOURCE.test(name) && (host.isAllSource === true || !(GENERATED.test(name) || TEST_FILE.test(name)))) ||
        SCHEMA.test(name)
      ) {
        take(path, root);
        // a configuration file at the top does not make `dist` beside it an output
        found = found || depth > 0 || !/config|rc\./.test(name);
      }
    }
    // Output of a build and tests are read only where there is nothing else: then they are all there is.
    if (!found) for (const path of later) found = walk(path, root, depth + 1) || found;
    return found;
  };

  for (const given of roots) {
    const root = normal(given);
    if (host.directoryExists(root)) walk(root, root, 0);
    else if (host.fileExists(root)) take(root, directoryOf(root));
    else problems.push({ code: 'no-such-source', message: `There is no source directory ${given}` });
  }
  return { sources, schemas, manifests, problems };
}
