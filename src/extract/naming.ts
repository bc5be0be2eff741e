// The names of entities in the model: the program's own, each once, renamed where the workspace file says so.
import type { WorkspaceFile } from '../model/index.ts';
import type { Candidate } from './candidate.ts';

export function namesOf(entities: readonly Candidate[], file: WorkspaceFile): Map<string, string> {
  const wanted = entities.map((candidate) => {
    const override =
      file.entities && Object.hasOwn(file.entities, candidate.name) ? file.entities[candidate.name] : undefined;
    return { candidate, name: override?.rename ?? candidate.name };
  });
  // The one with more behind it keeps the plain name; others of the same name are told apart by where they stand.
  wanted.sort(
    (a, b) => b.candidate.fields.size - a.candidate.fields.size || (a.candidate.key < b.candidate.key ? -1 : 1),
  );
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const { candidate, name } of wanted) {
    let free = name;
    if (taken.has(free)) free = `${name} (${candidate.types[0]?.source.file ?? candidate.key})`;
    for (let n = 2; taken.has(free); n += 1) free = `${name} (${n})`;
    taken.add(free);
    names.set(candidate.key, free);
  }
  return names;
}
