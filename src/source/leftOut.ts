// Files that a bundler leaves out because they only pass on what others export: `index.ts` of a directory. The map does not hold them,
// yet what imports from the directory leads through them; here they are written again, each passing on all that stands in its directory.
import { directoryOf } from './files.ts';

const IMPORTED = /(?:\bfrom|\bimport|\brequire\()\s*['"](\.{1,2}(?:\/[^'"]*)?)['"]/g;
const ENDINGS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
const ENDING = /\.[cm]?[jt]sx?$/;

/** @returns texts by path of the files that are imported, are not there, and can be nothing but the index of their directory */
export function leftOutIndexes(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const below = new Map<string, { readonly files: Set<string>; readonly directories: Set<string> }>();
  const placeOf = (directory: string): { readonly files: Set<string>; readonly directories: Set<string> } => {
    const known = below.get(directory);
    if (known) return known;
    const place = { files: new Set<string>(), directories: new Set<string>() };
    below.set(directory, place);
    if (directory !== '/') placeOf(directoryOf(directory)).directories.add(directory);
    return place;
  };
  for (const path of files.keys()) placeOf(directoryOf(path)).files.add(path);

  const wanted = new Map<string, string>();
  for (const [path, text] of files) {
    for (const [, name] of text.matchAll(IMPORTED)) {
      const target = name === undefined ? undefined : resolved(directoryOf(path), name);
      if (target === undefined || isThere(files, target)) continue;
      const directory = /\/index\.[cm]?[jt]sx?$/.test(target) ? directoryOf(target) : target;
      if (below.has(directory)) wanted.set(directory, /\.[cm]?tsx?$/.test(path) ? 'index.ts' : 'index.js');
    }
  }
  const written = new Map<string, string>();
  for (const [directory, index] of wanted) {
    const place = placeOf(directory);
    const parts = [...place.files].map((path) => path.slice(directory.length + 1).replace(ENDING, ''));
    for (const inner of place.directories)
      if (wanted.has(inner) || isThere(files, inner)) parts.push(inner.slice(directory.length + 1));
    written.set(`${directory}/${index}`, parts.map((part) => `export * from './${part}';\n`).join(''));
  }
  return written;
}

function resolved(directory: string, name: string): string {
  const parts = directory.split('/');
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function isThere(files: ReadonlyMap<string, string>, target: string): boolean {
  const bare = target.replace(ENDING, '');
  return ENDINGS.some(
    (ending) =>
      files.has(`${target}${ending}`) || files.has(`${bare}${ending}`) || files.has(`${target}/index${ending}`),
  );
}
