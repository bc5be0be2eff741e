// Where a file of the editor stands in the model: relative to one of the directories that the model was read from.

/** With forward slashes; undefined: it is in none of them. */
export function fileInModel(path: string, directories: readonly string[]): string | undefined {
  const plain = slashes(path);
  for (const directory of directories) {
    const root = `${slashes(directory).replace(/\/+$/, '')}/`;
    if (plain.startsWith(root)) return plain.slice(root.length);
  }
  return undefined;
}

/** Windows names drives in either case. */
function slashes(path: string): string {
  return path.replaceAll('\\', '/').replace(/^([a-z]):/, (drive) => drive.toUpperCase());
}
