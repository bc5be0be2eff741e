// One snapshot through the worker: streamed in while it is captured, recognised or refused, its heap let go in the end.
import { Failure, type Problem, type Work } from '../model/index.ts';
import type { Analysis } from './analysis.ts';
import type { Captured, SnapshotSource } from './snapshotSource.ts';
import type { SnapshotFile } from './snapshotFiles.ts';

export interface ReadSnapshot extends Captured {
  readonly nodes: number;
  readonly problems: readonly Problem[];
}

/** What a captured memory says against itself where it changed while it was copied. */
const TORN = 'stray-pointers';

/**
 * Captures into the worker, which holds the heap until it is released; `copy` gets the same bytes. A live memory that was copied while
 * it changed is copied once more.
 * @throws Failure `snapshot-foreign`, and what capturing throws
 */
export async function readInto(
  analysis: Analysis,
  source: SnapshotSource,
  options: { readonly force?: boolean; readonly copy?: SnapshotFile | undefined },
  work: Work,
): Promise<ReadSnapshot> {
  const first = await readOnce(analysis, source, options, work);
  const isTorn = first.method === 'memory' && first.problems.some(({ code }) => code === TORN);
  // What goes into a file is kept as it came: the file's own reader is told.
  if (!isTorn || options.force === true || options.copy || source.address.startsWith('file:')) return first;
  return readOnce(analysis, source, options, work);
}

async function readOnce(
  analysis: Analysis,
  source: SnapshotSource,
  options: { readonly force?: boolean; readonly copy?: SnapshotFile | undefined },
  work: Work,
): Promise<ReadSnapshot> {
  await analysis.begin(work);
  const captured = await source.capture(
    async (chunk) => {
      await options.copy?.write(chunk);
      await analysis.write(chunk, work);
    },
    { force: options.force === true },
    work,
  );
  const { nodes, recognised, problems } = await analysis.end(work);
  if (!recognised) {
    throw new Failure(
      'snapshot-foreign',
      `${source.name} gave no heap snapshot: ${problems.at(-1)?.message ?? 'nothing of the format was recognised'}`,
      'Give a .heapsnapshot file of V8 (Node.js, Chrome), whole and unchanged.',
    );
  }
  return { ...captured, nodes, problems };
}

/** Runs the work and lets the heap go, however it ends. */
export async function holdingHeap<T>(analysis: Analysis, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    // Where the worker died or was called off, there is nothing left to let go.
    await analysis.call('release', {}, {}).catch(() => undefined);
  }
}
