// The compiler over the caller's files: one program for all of them, each file resolved as its own tsconfig says. No IO of its own.
import ts from 'typescript';
import type { Problem, SourcePosition } from '../model/index.ts';
import { annotationsFor, declarationsOf, originalOffset, withInserted, type Inserted } from './compiled.ts';
import { moduleForms } from './moduleForms.ts';
import { directoryOf, findFiles, normal, relativeTo, type FoundFile } from './files.ts';
import type { SourceHost } from './sourceHost.ts';
import { workspacePackages } from './workspacePackages.ts';

export interface Project {
  readonly checker: ts.TypeChecker;
  /** The program's own files. */
  readonly files: readonly ts.SourceFile[];
  /** Declarations beside compiled files: what these were, as types. */
  readonly declarations: readonly ts.SourceFile[];
  readonly schemas: readonly FoundFile[];
  readonly lines: number;
  readonly problems: Problem[];
  readonly host: SourceHost;
  at(node: ts.Node): SourcePosition;
  isOwn(file: ts.SourceFile): boolean;
}

const LIBRARY = 'lib.esnext.d.ts';
/** Libraries are the same for every program; parsing them takes a third of a second. */
const parsedLibraries = new Map<string, ts.SourceFile>();

/** `parsed` keeps the files of an earlier reading: those whose text is still the same are not parsed again. */
export function openProject(
  roots: readonly string[],
  host: SourceHost,
  parsed: Map<string, ts.SourceFile> = new Map(),
): Project {
  const found = findFiles(roots, host);
  const problems: Problem[] = [...found.problems];
  const own = new Map(found.sources.map((file) => [file.path, file]));
  const { beside, inserted } = readCompiled(found.sources, host);
  for (const file of beside) own.set(file.path, file);
  const options = programOptions();
  const resolutionOf = resolver(host, options, found.manifests, roots.map(normal));
  const current = new Set<string>();

  const compilerHost: ts.CompilerHost = {
    fileExists: (path) => own.has(path) || host.fileExists(path),
    readFile: (path) => own.get(path)?.text ?? host.readFile(path),
    directoryExists: (path) => host.directoryExists(path),
    getDirectories: () => [],
    realpath: (path) => host.realpath(path),
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    getDefaultLibFileName: () => `${normal(host.libraries)}/${LIBRARY}`,
    getDefaultLibLocation: () => normal(host.libraries),
    writeFile: () => undefined,
    getSourceFile(path, languageVersion) {
      const library = path.startsWith(`${normal(host.libraries)}/lib.`);
      const cache = library ? parsedLibraries : parsed;
      const known = cache.get(path);
      if (known && (library || current.has(path))) return known;
      host.checkCancelled();
      const text = own.get(path)?.text ?? host.readFile(path);
      if (text === undefined) return undefined;
      current.add(path);
      const put = inserted.get(path);
      if (known?.text === (put ? withInserted(text, put) : text)) return known;
      // The compiler says what stands in what when it binds; in comments of TypeScript there are no types.
      const isTyped = /\.(?:[cm]?ts|tsx)$/.test(path);
      const file = ts.createSourceFile(path, put ? withInserted(text, put) : text, {
        ...(typeof languageVersion === 'object' ? languageVersion : { languageVersion }),
        jsDocParsingMode: isTyped ? ts.JSDocParsingMode.ParseNone : ts.JSDocParsingMode.ParseAll,
      });
      cache.set(path, file);
      return file;
    },
    resolveModuleNameLiterals: (literals, containingFile) =>
      literals.map((literal) => ({ resolvedModule: resolutionOf(literal.text, containingFile) })),
  };

  const program = ts.createProgram({ rootNames: [...own.keys()], options, host: compilerHost });
  for (const path of parsed.keys()) if (!current.has(path)) parsed.delete(path);
  for (const file of program.getSourceFiles()) {
    const root = roots.map(normal).find((each) => file.fileName.startsWith(`${each}/`));
    if (root !== undefined && isWritten(host, file))
      own.set(file.fileName, { path: file.fileName, root, text: file.text });
  }
  const all = program.getSourceFiles().filter((file) => own.has(file.fileName));
  const files = all.filter((file) => !file.isDeclarationFile);
  for (const file of files) {
    for (const fault of program.getSyntacticDiagnostics(file).slice(0, 1)) {
      const { line, character } = file.getLineAndCharacterOfPosition(fault.start);
      const source = positionIn(own, file, line, character);
      const message = ts.flattenDiagnosticMessageText(fault.messageText, ' ');
      problems.push({ code: 'syntax-error', message: `${source.file} is read as far as it goes: ${message}`, source });
    }
  }
  return {
    checker: remembering(program.getTypeChecker()),
    files,
    declarations: all.filter((file) => file.isDeclarationFile),
    schemas: found.schemas,
    lines: files.reduce((sum, file) => sum + file.getLineStarts().length, 0),
    problems,
    host,
    isOwn: (file) => own.has(file.fileName),
    at(node) {
      const file = node.getSourceFile();
      const put = inserted.get(file.fileName);
      const start = node.getStart(file);
      const { line, character } = file.getLineAndCharacterOfPosition(start);
      // What was put in has no line break, so only the column moves.
      const moved = put ? start - originalOffset(put, start) : 0;
      const before = put ? movedBefore(put, file, line) : 0;
      return positionIn(own, file, line, character - moved + before);
    },
  };
}

/** The declarations beside compiled files, and what they say of the functions there. */
function readCompiled(
  sources: readonly FoundFile[],
  host: SourceHost,
): { readonly beside: readonly FoundFile[]; readonly inserted: ReadonlyMap<string, readonly Inserted[]> } {
  const beside: FoundFile[] = [];
  const inserted = new Map<string, readonly Inserted[]>();
  for (const { path, root, text } of sources) {
    const declared = declarationsOf(path);
    if (declared === undefined) continue;
    const types = host.fileExists(declared) ? host.readFile(declared) : undefined;
    if (types !== undefined) beside.push({ path: declared, root, text: types });
    const put = [...moduleForms(text), ...(types === undefined ? [] : annotationsFor(path, text, types))];
    if (put.length > 0)
      inserted.set(
        path,
        put.sort((a, b) => a.at - b.at),
      );
  }
  return { beside, inserted };
}

/** Types alone, that nothing was compiled beside: somebody wrote them, for code without types. */
function isWritten(host: SourceHost, { fileName, isDeclarationFile }: ts.SourceFile): boolean {
  if (!isDeclarationFile || /\/node_modules\//.test(fileName)) return false;
  const stem = fileName.replace(/\.d\.([cm]?)ts$/, '');
  return !['.js', '.mjs', '.cjs', '.jsx'].some((ending) => host.fileExists(stem + ending));
}

/** Length of what was put in before a line of the text that was read. */
function movedBefore(put: readonly Inserted[], file: ts.SourceFile, line: number): number {
  const start = file.getPositionOfLineAndCharacter(line, 0);
  return start - originalOffset(put, start);
}

/** The same questions are asked of the same nodes over and over: on each path, by each analyzer. */
function remembering(checker: ts.TypeChecker): ts.TypeChecker {
  const types = new Map<ts.Node, ts.Type>();
  const symbols = new Map<ts.Node, ts.Symbol | undefined>();
  return {
    ...checker,
    getTypeAtLocation(node) {
      const known = types.get(node);
      if (known) return known;
      const type = checker.getTypeAtLocation(node);
      types.set(node, type);
      return type;
    },
    getSymbolAtLocation(node) {
      if (symbols.has(node)) return symbols.get(node);
      const symbol = checker.getSymbolAtLocation(node);
      symbols.set(node, symbol);
      return symbol;
    },
  };
}

function positionIn(
  own: ReadonlyMap<string, FoundFile>,
  file: ts.SourceFile,
  line: number,
  character: number,
): SourcePosition {
  const root = own.get(file.fileName)?.root;
  const name = root === undefined ? file.fileName : relativeTo(root, file.fileName);
  return { file: name, line: line + 1, column: character + 1 };
}

/** Strict, so that null and undefined are seen whatever the project's own tsconfig tolerates. */
function programOptions(): ts.CompilerOptions {
  return {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: [LIBRARY],
    types: [],
    allowJs: true,
    checkJs: true,
    strict: true,
    noImplicitAny: false,
    strictPropertyInitialization: false,
    jsx: ts.JsxEmit.Preserve,
    experimentalDecorators: true,
    esModuleInterop: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    noEmit: true,
    ignoreDeprecations: '6.0',
  };
}

type Resolve = (name: string, containingFile: string) => ts.ResolvedModuleFull | undefined;

/** Modules as the nearest tsconfig above a file resolves them, then by the names of the workspace's own packages. */
function resolver(
  host: SourceHost,
  base: ts.CompilerOptions,
  manifests: readonly string[],
  roots: readonly string[],
): Resolve {
  // A root may itself lie among libraries; what counts is the way from there.
  const isLibrary = (path: string): boolean => {
    const root = roots.find((each) => path === each || path.startsWith(`${each}/`));
    return /\/node_modules(?:\/|$)/.test(root === undefined ? path : path.slice(root.length));
  };
  const packages = workspacePackages(host, manifests);
  const optionsBy = new Map<string, ts.CompilerOptions>();
  const optionsOf = (directory: string): ts.CompilerOptions => {
    const known = optionsBy.get(directory);
    if (known) return known;
    const config = ['tsconfig.json', 'jsconfig.json', 'tsconfig.base.json']
      .map((name) => `${directory === '/' ? '' : directory}/${name}`)
      .find((path) => host.fileExists(path));
    const options = config
      ? readConfig(host, config, base)
      : directory === '/'
        ? base
        : optionsOf(directoryOf(directory));
    optionsBy.set(directory, options);
    return options;
  };
  const moduleHost: ts.ModuleResolutionHost = {
    fileExists: (path) => !isLibrary(path) && host.fileExists(path),
    readFile: (path) => host.readFile(path),
    // Libraries are not read: their types cost more than they tell about the program.
    directoryExists: (path) => !isLibrary(path) && host.directoryExists(path),
    realpath: (path) => host.realpath(path),
    getCurrentDirectory: () => '/',
    useCaseSensitiveFileNames: true,
  };
  const cache = new Map<string, ts.ResolvedModuleFull | undefined>();
  return (name, containingFile) => {
    const key = `${directoryOf(containingFile)}\u0000${name}`;
    if (cache.has(key)) return cache.get(key);
    const options = optionsOf(directoryOf(containingFile));
    const resolved =
      ts.resolveModuleName(name, containingFile, options, moduleHost).resolvedModule ?? packages(name, moduleHost);
    cache.set(key, resolved);
    return resolved;
  };
}

function readConfig(host: SourceHost, path: string, base: ts.CompilerOptions): ts.CompilerOptions {
  const parseHost: ts.ParseConfigHost = {
    useCaseSensitiveFileNames: true,
    fileExists: (file) => host.fileExists(file),
    readFile: (file) => host.readFile(file),
    readDirectory: () => [],
  };
  const { config } = ts.readConfigFile(path, (file) => host.readFile(file)) as { config?: unknown };
  if (typeof config !== 'object' || config === null) return base;
  const { options } = ts.parseJsonConfigFileContent(config, parseHost, directoryOf(path), undefined, path);
  const { paths, baseUrl, rootDirs, customConditions, pathsBasePath } = options;
  return {
    ...base,
    ...(paths && { paths }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(rootDirs && { rootDirs }),
    ...(customConditions && { customConditions }),
    ...(pathsBasePath !== undefined && { pathsBasePath }),
  };
}
