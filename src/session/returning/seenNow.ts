// The state of a target as it is now, read with the eyes of a timeline's model, without adding anything to the timeline.
import type { Model, SemanticState, Work, WorkspaceFile } from '../../model/index.ts';
import { Analysis } from '../analysis.ts';
import { modelSource } from '../modelSource.ts';
import { countTransitions } from '../observedTransitions.ts';
import { holdingHeap, readInto } from '../reading.ts';
import type { SnapshotSource } from '../snapshotSource.ts';
import type { TimelineStore } from '../../timeline/index.ts';

export interface Eyes {
  readonly store: TimelineStore;
  readonly source: readonly string[];
  readonly workspaceFile?: WorkspaceFile;
}

export interface Seen {
  readonly model: Model;
  readonly state: SemanticState;
}

/** Closes the source. @throws Failure of capturing and reading */
export async function seenNow(
  source: SnapshotSource,
  { store, source: roots, workspaceFile }: Eyes,
  work: Work,
): Promise<Seen> {
  const code = modelSource(roots, workspaceFile);
  const previous = store.model();
  const analysis = new Analysis();
  try {
    return await holdingHeap(analysis, async () => {
      await analysis.allow(await source.expectedBytes(work));
      if (code.roots.length > 0) await analysis.call('source', { roots: code.roots }, work);
      await readInto(analysis, source, {}, work);
      const { model, state } = await analysis.call(
        'extract',
        {
          roots: code.roots,
          heap: true,
          workspaceFile: code.workspaceFile,
          snapshotId: source.name,
          ...(previous && { previous }),
          events: countTransitions(store).all(),
        },
        work,
      );
      return { model, state };
    });
  } finally {
    await source[Symbol.asyncDispose]();
    await analysis[Symbol.asyncDispose]();
  }
}
