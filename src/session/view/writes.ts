// Lines of source and the business state written there: what the model knows of a file, what the timeline recorded at a line.
import type { Evidence, Model, Point, SourcePosition } from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';

/** In order, each line once: writes and transitions that extraction found. */
export function writeLinesOf(model: Model, file: string): readonly number[] {
  const lines = new Set<number>();
  const take = (evidence: readonly Evidence[] = []): void => {
    for (const { by, source } of evidence) {
      if (source?.file === file && (by === 'write' || by === 'table' || by === 'guard')) lines.add(source.line);
    }
  };
  for (const transition of model.transitions) take(transition.evidence);
  for (const entity of model.entities) for (const attribute of entity.attributes) take(attribute.evidence);
  return [...lines].sort((a, b) => a - b);
}

/** Nearest to the cursor first: alternately looking back and ahead, so that a busy line costs no more than a quiet one. */
export function pointsAtLine(
  store: TimelineStore,
  source: SourcePosition,
  cursor: number,
  limit: number,
): readonly Point[] {
  const filter = { source: { file: source.file, line: source.line }, companions: true };
  const found: Point[] = [];
  let back = store.previous(cursor + 1, filter);
  let ahead = store.next(cursor, filter);
  while (found.length < limit && (back || ahead)) {
    const nearer = back && (!ahead || cursor - back.seq <= ahead.seq - cursor) ? back : ahead;
    if (!nearer) break;
    found.push(nearer);
    if (nearer === back) back = store.previous(nearer.seq, filter);
    else ahead = store.next(nearer.seq, filter);
  }
  return found;
}
