// Two ways to give the source room files: inline text held in memory, and a directory on disk.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { readSources, type SourceHost } from '../../src/source/index.ts';

export const libraries = dirname(createRequire(import.meta.url).resolve('typescript'));

export const diskHost: SourceHost = {
  readFile: (path) => (existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined),
  fileExists: (path) => existsSync(path) && statSync(path).isFile(),
  directoryExists: (path) => existsSync(path) && statSync(path).isDirectory(),
  entries: (path) =>
    readdirSync(path, { withFileTypes: true }).map((entry) => ({ name: entry.name, directory: entry.isDirectory() })),
  realpath: (path) => (existsSync(path) ? realpathSync(path) : path),
  libraries,
  checkCancelled: () => undefined,
};

/** Files by path below `/app`; the compiler's libraries come from disk. */
export function memoryHost(files: { readonly [path: string]: string }): SourceHost {
  const texts = new Map(Object.entries(files).map(([path, text]) => [`/app/${path}`, text]));
  const directories = new Map<string, Map<string, boolean>>([['/app', new Map()]]);
  for (const path of texts.keys()) {
    let child = path;
    for (let directory = dirname(path); directory !== '/'; directory = dirname(directory)) {
      const names = directories.get(directory) ?? new Map<string, boolean>();
      names.set(child.slice(directory.length + 1), child !== path);
      directories.set(directory, names);
      child = directory;
    }
  }
  return {
    readFile: (path) => texts.get(path) ?? (path.startsWith(libraries) ? diskHost.readFile(path) : undefined),
    fileExists: (path) => texts.has(path),
    directoryExists: (path) => directories.has(path),
    entries: (path) => [...(directories.get(path) ?? [])].map(([name, directory]) => ({ name, directory })),
    realpath: (path) => path,
    libraries,
    checkCancelled: () => undefined,
  };
}

/** `Type.attribute from > to by name`, one for each pair, sorted. */
export function transitionsOf(files: { readonly [path: string]: string }): string[] {
  const model = readSources(['/app'], memoryHost(files));
  const names = new Map(model.types.map((type) => [type.key, type.name]));
  return model.transitions
    .flatMap(({ type, attribute, from, to, name }) =>
      (typeof from === 'string' ? [`<${from}>`] : from.map(String)).flatMap((before) =>
        (typeof to === 'string' ? [`<${to}>`] : to.map(String)).map(
          (after) => `${names.get(type)}.${attribute} ${before} > ${after} by ${name}`,
        ),
      ),
    )
    .sort();
}
