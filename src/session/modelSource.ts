// The directories and settings that a model is read with: checked once, so that a wrong path is an error and no empty model.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure, type WorkspaceFile } from '../model/index.ts';
import { findWorkspaceFile } from './workspaceSettings.ts';

export interface ModelSource {
  /** Absolute, with forward slashes. */
  readonly roots: readonly string[];
  readonly workspaceFile: WorkspaceFile;
}

/** @throws Failure `source-missing`, `workspace-file` */
export function modelSource(source: readonly string[], given: WorkspaceFile | undefined): ModelSource {
  const directories = source.map((each) => resolve(each));
  for (const directory of directories) {
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
      throw new Failure(
        'source-missing',
        `There is no directory ${directory}.`,
        'Give the directory that holds the source of the service.',
      );
  }
  const found = given === undefined ? findWorkspaceFile(directories) : undefined;
  const roots = directories.length > 0 ? directories : (found?.source ?? []);
  return { roots: roots.map((root) => root.replaceAll('\\', '/')), workspaceFile: given ?? found?.file ?? {} };
}
