// A picture as plain shapes, so that the same picture can be set as SVG (few marks) or painted on a canvas (many).
import { svg } from './elements.ts';

/** A token of the theme (`fg`, `dim`, `law`, `s0`...), never a colour of its own. */
export type Ink = string;
/** 1 to 3: the patterns of states; hatch: not known; stripes: many states in little room. */
export type Pattern = 1 | 2 | 3 | 'hatch' | 'stripes';

export type Shape =
  | {
      readonly kind: 'box';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly fill?: Ink;
      readonly pattern?: Pattern;
      readonly opacity?: number;
      readonly stroke?: Ink;
      readonly dash?: readonly number[];
      readonly radius?: number;
    }
  | {
      readonly kind: 'path';
      readonly d: string;
      readonly fill?: Ink;
      readonly stroke?: Ink;
      readonly width?: number;
      readonly dash?: readonly number[];
      readonly opacity?: number;
    }
  | {
      readonly kind: 'label';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly ink: Ink;
      readonly size?: number;
      readonly weight?: number;
      readonly anchor?: 'start' | 'middle' | 'end';
      /** Drawn around the letters in the background's colour, so that lines beneath do not cross them. */
      readonly halo?: boolean;
    };

const paint = (ink: Ink | undefined) => (ink === undefined ? 'none' : `var(--${ink})`);

export function toSvg(shapes: readonly Shape[]): SVGElement[] {
  return shapes.map((shape) => {
    if (shape.kind === 'box') {
      const { x, y, width, height, pattern } = shape;
      const named = typeof pattern === 'number' ? `pattern${pattern}` : pattern;
      return svg('rect', {
        x,
        y,
        width: Math.max(0, width),
        height,
        rx: shape.radius,
        fill: named === undefined ? paint(shape.fill) : `url(#${named})`,
        'fill-opacity': shape.opacity,
        stroke: shape.stroke && paint(shape.stroke),
        'stroke-dasharray': shape.dash?.join(' '),
      });
    }
    if (shape.kind === 'path') {
      return svg('path', {
        d: shape.d,
        fill: paint(shape.fill),
        stroke: shape.stroke && paint(shape.stroke),
        'stroke-width': shape.width,
        'stroke-dasharray': shape.dash?.join(' '),
        opacity: shape.opacity,
      });
    }
    return svg(
      'text',
      {
        x: shape.x,
        y: shape.y,
        fill: paint(shape.ink),
        class: shape.halo ? 'halo' : undefined,
        'text-anchor': shape.anchor,
        'font-size': shape.size,
        'font-weight': shape.weight,
      },
      shape.text,
    );
  });
}

/** A canvas does not know the theme's variables: they are looked up once for each theme. */
export class Palette {
  readonly #style: CSSStyleDeclaration;
  readonly #found = new Map<Ink, string>();
  readonly #patterns = new Map<Pattern, CanvasPattern | string>();
  readonly font: string;
  constructor(node: Element) {
    this.#style = getComputedStyle(node);
    this.font = this.#style.fontFamily;
  }

  /** A variable that is a number. */
  number(name: string): number {
    return Number(this.ink(name)) || 0;
  }

  ink(ink: Ink): string {
    let found = this.#found.get(ink);
    if (found === undefined) this.#found.set(ink, (found = this.#style.getPropertyValue(`--${ink}`).trim() || '#888'));
    return found;
  }

  pattern(pen: CanvasRenderingContext2D, pattern: Pattern): CanvasPattern | string {
    let found = this.#patterns.get(pattern);
    if (found === undefined) this.#patterns.set(pattern, (found = this.#tile(pen, pattern)));
    return found;
  }

  #tile(pen: CanvasRenderingContext2D, pattern: Pattern): CanvasPattern | string {
    const size = pattern === 'hatch' ? 8 : 4;
    const tile = document.createElement('canvas');
    tile.width = tile.height = size;
    const ink = tile.getContext('2d');
    if (!ink) return 'transparent';
    if (pattern === 'hatch') {
      ink.strokeStyle = this.ink('dim');
      ink.lineWidth = 1.3;
      for (const x of [-size, 0, size]) {
        ink.moveTo(x, size);
        ink.lineTo(x + size, 0);
      }
      ink.stroke();
    } else {
      ink.fillStyle = this.ink(pattern === 'stripes' ? 'dim' : 'bg');
      if (pattern === 1) ink.fillRect(1, 1, 2, 2);
      else if (pattern === 2) ink.fillRect(0, 1, 4, 1.5);
      else ink.fillRect(1, 0, pattern === 'stripes' ? 1 : 1.5, 4);
    }
    return pen.createPattern(tile, 'repeat') ?? 'transparent';
  }
}

/** `down`: how far the shapes are moved down, so that the part in view begins at the canvas' top. */
export function toCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  shapes: readonly Shape[],
  palette: Palette,
  down = 0,
): void {
  const pen = penOf(canvas, width, height);
  if (!pen) return;
  pen.translate(0, down);
  for (const shape of shapes) paintShape(pen, palette, shape);
}

/** A canvas as fine as the screen, cleared, with a pen that works in pixels of the page. */
export function penOf(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = globalThis.devicePixelRatio || 1;
  const [wide, high] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  const pen = canvas.getContext('2d');
  // A canvas of the same size keeps its memory, which is given out anew otherwise.
  if (canvas.width !== wide || canvas.height !== high) {
    [canvas.width, canvas.height] = [wide, high];
    canvas.style.setProperty('width', `${width}px`);
    canvas.style.setProperty('height', `${height}px`);
  } else {
    pen?.reset();
  }
  pen?.scale(ratio, ratio);
  return pen;
}

function paintShape(pen: CanvasRenderingContext2D, palette: Palette, shape: Shape): void {
  pen.setLineDash(shape.kind === 'label' ? [] : [...(shape.dash ?? [])]);
  if (shape.kind === 'label') {
    pen.font = `${shape.weight ?? 400} ${shape.size ?? 11}px ${palette.font}`;
    pen.textAlign = shape.anchor === 'middle' ? 'center' : (shape.anchor ?? 'start');
    if (shape.halo) {
      pen.strokeStyle = palette.ink('bg');
      pen.lineWidth = 3;
      pen.lineJoin = 'round';
      pen.strokeText(shape.text, shape.x, shape.y);
    }
    pen.fillStyle = palette.ink(shape.ink);
    pen.fillText(shape.text, shape.x, shape.y);
    return;
  }
  pen.globalAlpha = shape.opacity ?? 1;
  if (shape.kind === 'path') {
    const path = new Path2D(shape.d);
    if (shape.fill !== undefined) {
      pen.fillStyle = palette.ink(shape.fill);
      pen.fill(path);
    }
    if (shape.stroke !== undefined) {
      pen.strokeStyle = palette.ink(shape.stroke);
      pen.lineWidth = shape.width ?? 1;
      pen.stroke(path);
    }
  } else {
    if (shape.pattern !== undefined || shape.fill !== undefined) {
      pen.fillStyle =
        shape.pattern === undefined ? palette.ink(shape.fill ?? 'fg') : palette.pattern(pen, shape.pattern);
      pen.fillRect(shape.x, shape.y, shape.width, shape.height);
    }
    pen.globalAlpha = 1;
    if (shape.stroke !== undefined) {
      pen.strokeStyle = palette.ink(shape.stroke);
      pen.lineWidth = 1;
      pen.strokeRect(shape.x, shape.y, shape.width, shape.height);
    }
  }
  pen.globalAlpha = 1;
}
