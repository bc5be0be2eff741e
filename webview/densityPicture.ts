// One type of the density view on a canvas: a strip of how often its entities change, and below it how many are in which state over
// time. Bins outside of the window cost nothing, those narrower than a pixel are drawn as one.
import { inkOf, patternOf, type Colours } from './colours.ts';
import type { TypeSummary } from './contract.ts';
import type { TypeBins } from './densityBins.ts';
import { textWidth } from './elements.ts';
import { cut } from './format.ts';
import type { Palette, Pattern } from './shapes.ts';
import type { TimeScale } from './timeScale.ts';

const STRIP = 6;
/** A band lower than this has no room for its name. */
const NAMED = 14;
/** A pattern says which state it is where colours alone do not; half seen, the colour is still the first. */
const PATTERN = 0.5;

export interface DensityScene {
  readonly scale: TimeScale;
  readonly width: number;
  readonly colours: Colours;
  readonly palette: Palette;
}

/** @returns how many states were drawn */
export function paintType(
  pen: CanvasRenderingContext2D,
  type: TypeSummary,
  bins: TypeBins | undefined,
  top: number,
  height: number,
  scene: DensityScene,
): number {
  const { width, palette } = scene;
  pen.fillStyle = palette.ink('grid');
  pen.fillRect(0, top + height - 1, width, 1);
  if (!bins) return 0;
  const columns = columnsIn(bins, scene);
  paintRate(pen, bins, columns, top, scene);
  const states = type.states.filter((one) => !one.final && bins.states.has(one.state)).map((one) => one.state);
  const sums = columns.at.map(() => 0);
  const bands = states.map((state) => {
    const counts = bins.states.get(state);
    return columns.at.map((at, n): readonly [low: number, high: number] => {
      const low = sums[n] ?? 0;
      sums[n] = low + (counts?.[at] ?? 0);
      return [low, sums[n] ?? 0];
    });
  });
  const tallest = Math.max(1, ...sums);
  const [floor, ceiling] = [top + height - 6, top + STRIP + 12];
  const y = (count: number): number => floor - (count / tallest) * (floor - ceiling);
  bands.forEach((band, n) => paintBand(pen, states[n] ?? '', band, columns.x, y, scene));
  bands.forEach((band, n) => paintName(pen, states[n] ?? '', band, columns.x, y, scene));
  return states.length;
}

interface Columns {
  /** Places of the bins, and where each begins on the screen; one more for where the last ends. */
  readonly at: readonly number[];
  readonly x: readonly number[];
}

/** The bins in view; of several within one pixel the first. */
function columnsIn(bins: TypeBins, { scale, width }: DensityScene): Columns {
  const [at, x]: [number[], number[]] = [[], []];
  const from = Math.max(0, Math.floor((scale.time(0) - bins.from) / bins.step));
  const to = Math.min(bins.rate.length - 1, Math.ceil((scale.time(width) - bins.from) / bins.step));
  for (let bin = from; bin <= to; bin++) {
    const left = scale.x(bins.from + bin * bins.step);
    if (x.length > 0 && left - (x.at(-1) ?? 0) < 1) continue;
    at.push(bin);
    x.push(left);
  }
  x.push(scale.x(bins.from + (to + 1) * bins.step));
  return { at, x };
}

function paintRate(
  pen: CanvasRenderingContext2D,
  { rate }: TypeBins,
  { at, x }: Columns,
  top: number,
  { palette }: DensityScene,
): void {
  let most = 1;
  for (const bin of at) most = Math.max(most, rate[bin] ?? 0);
  pen.fillStyle = palette.ink('dim');
  at.forEach((bin, n) => {
    const share = (rate[bin] ?? 0) / most;
    if (share === 0) return;
    pen.globalAlpha = 0.15 + 0.85 * share;
    pen.fillRect(x[n] ?? 0, top + 5, (x[n + 1] ?? 0) - (x[n] ?? 0) + 0.4, STRIP);
  });
  pen.globalAlpha = 1;
}

function paintBand(
  pen: CanvasRenderingContext2D,
  state: string,
  band: readonly (readonly [number, number])[],
  x: readonly number[],
  y: (count: number) => number,
  { colours, palette }: DensityScene,
): void {
  if (band.length === 0) return;
  const outline = new Path2D();
  band.forEach(([, high], n) => {
    outline.lineTo(x[n] ?? 0, y(high));
    outline.lineTo(x[n + 1] ?? 0, y(high));
  });
  for (let n = band.length - 1; n >= 0; n--) {
    const low = y(band[n]?.[0] ?? 0);
    outline.lineTo(x[n + 1] ?? 0, low);
    outline.lineTo(x[n] ?? 0, low);
  }
  outline.closePath();
  pen.globalAlpha = palette.number('flow');
  pen.fillStyle = palette.ink(inkOf(colours, state));
  pen.fill(outline);
  pen.globalAlpha = 1;
  const pattern = patternOf(colours, state);
  if (pattern) {
    pen.globalAlpha = PATTERN;
    pen.fillStyle = palette.pattern(pen, pattern as Pattern);
    pen.fill(outline);
    pen.globalAlpha = 1;
  }
  pen.strokeStyle = palette.ink('bg');
  pen.lineWidth = 0.8;
  pen.stroke(outline);
}

/** The name stands where its band is thickest over the whole length of the name. */
function paintName(
  pen: CanvasRenderingContext2D,
  state: string,
  band: readonly (readonly [number, number])[],
  x: readonly number[],
  y: (count: number) => number,
  { width, palette }: DensityScene,
): void {
  const text = cut(state, 24);
  const long = textWidth(text);
  const place = roomiest(band, x, y, long + 8, width);
  if (!place || place.room < NAMED) return;
  pen.font = `11px ${palette.font}`;
  pen.textAlign = 'start';
  pen.strokeStyle = palette.ink('bg');
  pen.lineWidth = 3;
  pen.lineJoin = 'round';
  pen.fillStyle = palette.ink('fg');
  pen.strokeText(text, place.x + 4, place.y + 4);
  pen.fillText(text, place.x + 4, place.y + 4);
}

/** Columns looked at for one place of a name, and the steps between two places: names are long, columns are not. */
const PLACES = 24;

/** Where a text of that length has most room above and below; `y` is the middle. */
function roomiest(
  band: readonly (readonly [number, number])[],
  x: readonly number[],
  y: (count: number) => number,
  long: number,
  width: number,
): { readonly x: number; readonly y: number; readonly room: number } | undefined {
  let best: { readonly x: number; readonly y: number; readonly room: number } | undefined;
  const stride = Math.max(1, Math.floor(band.length / PLACES));
  for (let first = 0; first < band.length; first += stride) {
    const left = Math.max(0, x[first] ?? 0);
    if (left + long > Math.min(width, x.at(-1) ?? 0)) break;
    let [floor, ceiling] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let n = first; n < band.length && (x[n] ?? 0) < left + long; n++) {
      floor = Math.min(floor, y(band[n]?.[0] ?? 0));
      ceiling = Math.max(ceiling, y(band[n]?.[1] ?? 0));
    }
    const room = floor - ceiling;
    if (!best || room > best.room) best = { x: left, y: (floor + ceiling) / 2, room };
  }
  return best;
}
