// The mark of a snapshot: its method is the shape, its consistency the filling.
import type { SnapshotMark } from './contract.ts';
import { svg } from './elements.ts';

const OUTLINES: { readonly [method in SnapshotMark['method']]: string } = {
  heap: 'M0-5 5 0 0 5-5 0z',
  memory: 'M-4-4h8v8h-8z',
  objects: 'M0-4.5a4.5 4.5 0 1 0 .01 0z',
  checkpoint: 'M-4-5h8v10l-4-3-4 3z',
  core: 'M0-5 4.5 4h-9z',
};

export function snapshotGlyph(mark: Pick<SnapshotMark, 'method' | 'consistency'>, x: number, y: number): SVGGElement {
  const { consistency } = mark;
  const ink = consistency === 'broken' ? 'var(--law)' : 'var(--fg)';
  return svg(
    'g',
    { transform: `translate(${x} ${y})` },
    svg('path', {
      d: OUTLINES[mark.method],
      fill: consistency === 'consistent' ? 'var(--fg)' : 'var(--bg)',
      stroke: ink,
      'stroke-width': 1.3,
      'stroke-dasharray': consistency === 'unknown' ? '2 1.5' : undefined,
    }),
    consistency === 'broken' && svg('path', { d: 'M-2-2 2 2M2-2-2 2', stroke: ink, 'stroke-width': 1.4 }),
    consistency === 'unknown' && svg('text', { x: 0, y: 3, 'text-anchor': 'middle', 'font-size': 8 }, '?'),
  );
}

/** The glyph as a picture of its own, for lists. */
export function snapshotIcon(mark: Pick<SnapshotMark, 'method' | 'consistency'>): SVGSVGElement {
  return svg('svg', { width: 12, height: 12, class: 'glyph', 'aria-hidden': 'true' }, snapshotGlyph(mark, 6, 6));
}
