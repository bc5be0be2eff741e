// Lanes as shapes: state intervals with their rails and names, marks, broken laws, ghosts, and the lines between lanes that
// one event touches. Level of detail is by pixels. Does not know where the lanes come from.
import type { EventRow, Lane, Mark, Micros, Segment } from './contract.ts';
import { inkOf, patternOf, type Colours } from './colours.ts';
import { fitText, textWidth } from './elements.ts';
import { cut, duration, isolated, refKey } from './format.ts';
import type { Pattern, Shape } from './shapes.ts';
import { t } from './texts.ts';
import { hostText } from './words.ts';

export interface LaneRow {
  readonly lane: Lane;
  readonly y: number;
  readonly height: number;
  readonly focused: boolean;
}

/** The place of a mark on the screen, sorted by `x` within its row: for clicks and hovering. */
export interface Hit {
  readonly x: number;
  readonly mark: Mark;
}

export interface LaneScene {
  readonly rows: readonly LaneRow[];
  readonly x: (time: Micros) => number;
  readonly width: number;
  /** The live edge; what lasts to it has not ended. */
  readonly last: Micros;
  readonly cursorSeq: number | undefined;
  /** Events that have a badge, which says more than a count. */
  readonly badged: ReadonlySet<number>;
  readonly colours: Colours;
  readonly tint: number;
  readonly outlined: boolean;
  /** Events that touch several entities; only the cursor's is drawn when all lanes are shown. */
  readonly events: readonly EventRow[];
  readonly all: boolean;
}

export interface LanePicture {
  readonly shapes: readonly Shape[];
  readonly hits: ReadonlyMap<string, readonly Hit[]>;
}

const RAIL = 4;
/** Segments and marks below these widths join their neighbours. */
const NARROW = 2;
const CLOSE = 4;
const LAW_SIZE = 10.5;
/** Rows higher than this have room for a line of text below their bar. */
const ROOMY = 40;

export function barOf(row: LaneRow): { readonly top: number; readonly height: number } {
  return row.focused ? { top: row.y + 8, height: 21 } : { top: row.y + 9, height: 16 };
}

export function drawLanes(scene: LaneScene): LanePicture {
  const shapes: Shape[] = [];
  const late: Shape[] = [];
  const hits = new Map<string, readonly Hit[]>();
  for (const row of scene.rows) {
    shapes.push({ kind: 'path', d: `M0 ${row.y + row.height - 0.5}h${scene.width}`, stroke: 'grid' });
    if (row.lane.ghost) drawGhost(scene, row, row.lane.ghost.text, late);
    else drawSegments(scene, row, shapes, late);
    drawBroken(scene, row, late);
  }
  shapes.push(...drawLinks(scene));
  for (const row of scene.rows) {
    const places = row.lane.marks
      .map((mark) => ({ x: scene.x(mark.time), mark }))
      .filter(({ x }) => x > -CLOSE && x < scene.width + CLOSE);
    hits.set(refKey(row.lane.ref), places);
    drawMarks(scene, row, places, late);
  }
  return { shapes: [...shapes, ...late], hits };
}

function drawGhost(scene: LaneScene, row: LaneRow, text: string, late: Shape[]): void {
  const { top, height } = barOf(row);
  const middle = top + height / 2;
  const shown = fitText(isolated(hostText(text)), scene.width - 24);
  late.push(
    { kind: 'path', d: `M0 ${middle}h${scene.width}`, stroke: 'dim', dash: [1, 4] },
    { kind: 'box', x: 6, y: top, width: textWidth(shown) + 8, height, fill: 'bg' },
    { kind: 'label', x: 10, y: middle + 4, text: shown, ink: 'dim' },
  );
}

function drawSegments(scene: LaneScene, row: LaneRow, shapes: Shape[], late: Shape[]): void {
  const { top, height } = barOf(row);
  const { segments } = row.lane;
  for (let at = 0; at < segments.length; at++) {
    const segment = segments[at];
    if (!segment) continue;
    const [start, end] = spanOf(scene, segment);
    if (end < 0 || start > scene.width) continue;
    let last = at;
    let right = end;
    while (right - start < NARROW * (last - at + 1) && last + 1 < segments.length) {
      const next = segments[last + 1];
      const [from, to] = next ? spanOf(scene, next) : [Infinity, 0];
      if (next?.unobserved || to - from >= NARROW || from - right > 1) break;
      right = to;
      last++;
    }
    if (last > at) {
      const text = t('{0} states', last - at + 1);
      shapes.push({ kind: 'box', x: start, y: top, width: Math.max(3, right - start), height, pattern: 'stripes' });
      if (right - start > textWidth(text) + 6)
        late.push({ kind: 'label', x: start + 3, y: top + height / 2 + 3, text, ink: 'dim', halo: true });
      at = last;
    } else if (segment.unobserved) drawUnobserved(scene, segment, segments[at - 1], start, end, row, shapes, late);
    else drawSegment(scene, segment, segments[at - 1]?.unobserved === true, start, end, row, shapes, late);
  }
}

function spanOf(scene: LaneScene, { from, to }: Segment): [number, number] {
  return [Math.max(-3, scene.x(from)), Math.min(scene.width + 3, scene.x(to ?? scene.last))];
}

function drawSegment(
  scene: LaneScene,
  segment: Segment,
  continued: boolean,
  start: number,
  end: number,
  row: LaneRow,
  shapes: Shape[],
  late: Shape[],
): void {
  const { top, height } = barOf(row);
  const width = Math.max(1, end - start);
  const ink = inkOf(scene.colours, segment.state);
  const quiet = segment.final;
  if (!quiet)
    shapes.push(
      scene.outlined
        ? { kind: 'box', x: start, y: top + 0.5, width, height: height - 1, fill: 'bg', stroke: ink }
        : { kind: 'box', x: start, y: top, width, height, fill: ink, opacity: scene.tint },
    );
  const rail = { kind: 'box', x: start, y: top + height - RAIL, width, height: RAIL } as const;
  const pattern = patternOf(scene.colours, segment.state);
  late.push({ ...rail, fill: ink });
  if (pattern) late.push({ ...rail, pattern: pattern as Pattern });
  // After a span nobody saw, the beginning on the screen is none of the state.
  if (start >= 0 && !continued)
    shapes.push({ kind: 'box', x: start, y: top, width: Math.min(2, width), height, fill: ink });
  const left = Math.max(0, start);
  const room = end - left;
  const name = isolated(cut(segment.state));
  const stay = duration((segment.to ?? scene.last) - segment.from);
  const long =
    row.focused && !scene.all && !continued
      ? `${name} · ${segment.to === undefined && !quiet ? t('{0} to live', stay) : stay}`
      : name;
  const weight = row.focused && !scene.all ? 600 : 400;
  const text = [long, name].find((one) => textWidth(one, 11, weight) + 12 < room);
  if (text !== undefined)
    late.push({
      kind: 'label',
      x: left + 6,
      y: top + (height - RAIL) / 2 + 4,
      text,
      ink: quiet ? 'dim' : 'fg',
      weight,
      halo: quiet || scene.outlined,
    });
}

function drawUnobserved(
  scene: LaneScene,
  segment: Segment,
  before: Segment | undefined,
  start: number,
  end: number,
  row: LaneRow,
  shapes: Shape[],
  late: Shape[],
): void {
  const { top, height } = barOf(row);
  const width = Math.max(3, end - start);
  shapes.push({
    kind: 'box',
    x: start,
    y: top + 1,
    width,
    height: height - 2,
    pattern: 'hatch',
    stroke: 'dim',
    dash: [3, 2],
  });
  const text = [unobservedText(segment, before), t('unobserved'), t('not seen')].find(
    (one) => textWidth(one) + 14 < Math.min(end, scene.width) - Math.max(0, start),
  );
  if (text === undefined) return;
  const left = Math.max(0, start) + 4;
  late.push(
    { kind: 'box', x: left, y: top + 2, width: textWidth(text) + 6, height: height - 4, fill: 'bg' },
    { kind: 'label', x: left + 3, y: top + height / 2 + 4, text, ink: 'dim' },
  );
}

/** `placed → paid, unobserved` where it is known to have changed in between; the host may put both sides in words itself. */
export function unobservedText(segment: Segment, before: Segment | undefined): string {
  const said = segment.state.includes(' → ');
  if (!said && before?.unobserved) return t('unobserved');
  const [from, to] = said ? segment.state.split(' → ') : [before?.state, segment.state];
  const moved = from !== undefined && from !== '' && to !== undefined && to !== '' && from !== to;
  return moved ? t('{0} → {1}, unobserved', isolated(cut(from)), isolated(cut(to))) : t('unobserved');
}

function drawBroken(scene: LaneScene, row: LaneRow, late: Shape[]): void {
  const { top, height } = barOf(row);
  const y = top + height + 3;
  for (const { law, from, to, message } of row.lane.broken) {
    const start = Math.max(0, scene.x(from));
    const end = Math.max(start + 6, Math.min(scene.width, scene.x(to ?? scene.last)));
    if (scene.x(to ?? scene.last) < 0 || start > scene.width) continue;
    late.push(
      { kind: 'path', d: `M${start} ${y}H${end}`, stroke: 'law', width: 2 },
      { kind: 'path', d: `M${start + 1} ${y - 1}v6`, stroke: 'law', width: 2 },
    );
    const roomy = row.height > ROOMY;
    const room = scene.width - start - 12;
    const text = fitText(roomy ? `⚠ ${isolated(message)}` : isolated(cut(law, 40)), room, LAW_SIZE);
    // In a low row the law's name interrupts its own line.
    if (!roomy)
      late.push({ kind: 'box', x: start + 5, y: y - 4, width: textWidth(text, LAW_SIZE) + 4, height: 8, fill: 'bg' });
    late.push({
      kind: 'label',
      x: start + 7,
      y: roomy ? y + 11 : y + 3.5,
      text,
      ink: 'law',
      size: LAW_SIZE,
      halo: roomy,
    });
  }
}

function drawLinks(scene: LaneScene): Shape[] {
  const rows = new Map(scene.rows.map((row) => [refKey(row.lane.ref), row]));
  const shapes: Shape[] = [];
  for (const event of scene.events) {
    const hot = event.seq === scene.cursorSeq;
    if (scene.all && !hot) continue;
    const [a, b] = [event.ref && rows.get(refKey(event.ref)), event.subject && rows.get(refKey(event.subject))];
    if (!a || !b || a === b) continue;
    const x = scene.x(event.time);
    if (x < 0 || x > scene.width) continue;
    const [low, high] = [barOf(a).top - 2, barOf(b).top - 2];
    const ink = hot ? 'fg' : 'dim';
    shapes.push(
      { kind: 'path', d: `M${x} ${low}V${high}`, stroke: ink, width: hot ? 1.5 : 1, opacity: hot ? 1 : 0.45 },
      { kind: 'path', d: circle(x, high, 2.2), fill: 'bg', stroke: ink },
    );
  }
  return shapes;
}

function drawMarks(scene: LaneScene, row: LaneRow, places: readonly Hit[], late: Shape[]): void {
  const { top, height } = barOf(row);
  for (let at = 0; at < places.length; at++) {
    const place = places[at];
    if (!place) continue;
    if (place.mark.undeclared) {
      const d = `M${place.x - 6} ${top + height - 1}l3-6 3 6 3-6 3 6`;
      late.push({ kind: 'path', d, stroke: 'law', width: 2 });
    }
    let last = at;
    while (
      last + 1 < places.length &&
      (places[last + 1]?.x ?? Infinity) - place.x < CLOSE &&
      !places[last + 1]?.mark.undeclared
    )
      last++;
    const together = places.slice(at, last + 1);
    const x = (place.x + (places[last]?.x ?? place.x)) / 2;
    if (together.some(({ mark }) => mark.kind !== 'change'))
      late.push({ kind: 'path', d: `M${x - 3.5} ${top - 4}h7l-3.5 5.5z`, fill: 'fg' });
    else late.push({ kind: 'path', d: circle(x, top - 2, 2), fill: 'bg', stroke: 'fg', width: 1.2 });
    if (together.length > 1 && !together.some(({ mark }) => scene.badged.has(mark.seq))) {
      const text = together.length > 9 ? '9+' : String(together.length);
      late.push({ kind: 'label', x: x + 4.5, y: top - 0.5, text, ink: 'fg', size: 9, halo: true });
    }
    at = last;
  }
}

function circle(x: number, y: number, r: number): string {
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
}
