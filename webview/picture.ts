// What the panel shows, as one SVG that stands alone: boxes, lines and texts where they are on the screen, pictures with the theme's
// colours written out, canvases as images. It is put together from nodes, so that program text stays text.
import { svg } from './elements.ts';
import { inked } from './pictureInk.ts';
import { textsOf } from './pictureText.ts';

/** Not part of the view: what floats above it, and what is only heard. */
const LEFT_OUT = '.popup, .tooltip, .unseen, .keyHelp, .definitions, .resizer, kbd';
const CLEAR = /^(transparent|rgba\(.*, 0\))$/;
const SIDES = ['Top', 'Right', 'Bottom', 'Left'] as const;

/** Above this many pixels a side a canvas may refuse to be made. */
const LONGEST_SIDE = 8192;

interface Drawing {
  readonly left: number;
  readonly top: number;
  readonly definitions: SVGDefsElement;
  clips: number;
}

/** @returns the text of an SVG document of what is in sight in `root` */
export function pictureOf(root: HTMLElement): string {
  const { left, top, width, height } = root.getBoundingClientRect();
  const definitions = svg('defs');
  const drawing: Drawing = { left, top, definitions, clips: 0 };
  for (const pattern of root.querySelectorAll('.definitions defs > *')) definitions.append(inked(pattern));
  const whole = svg(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}` },
    definitions,
    svg('rect', { width, height, fill: groundOf(root) }),
  );
  draw(root, whole, drawing);
  return new XMLSerializer().serializeToString(whole);
}

/** The same as PNG in base64, twice as fine as the screen where that is coarse. */
export async function paintedPicture(root: HTMLElement): Promise<string> {
  const { width, height } = root.getBoundingClientRect();
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(pictureOf(root))}`;
  await image.decode();
  const scale = Math.min(Math.max(2, devicePixelRatio), LONGEST_SIDE / Math.max(1, width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').replace(/^.*?,/, '');
}

/** The colour behind everything: the nearest that is not clear. */
function groundOf(node: Element): string {
  for (let at: Element | null = node; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (!CLEAR.test(backgroundColor)) return backgroundColor;
  }
  return getComputedStyle(document.body).getPropertyValue('--bg').trim() || '#ffffff';
}

function draw(element: Element, into: SVGElement, drawing: Drawing): void {
  if (element.matches(LEFT_OUT) || !element.checkVisibility({ visibilityProperty: true })) return;
  const box = element.getBoundingClientRect();
  const place = { x: box.left - drawing.left, y: box.top - drawing.top, width: box.width, height: box.height };
  const style = getComputedStyle(element);
  if (element instanceof SVGSVGElement) {
    const picture = inked(element);
    for (const [name, value] of Object.entries(place)) picture.setAttribute(name, String(value));
    into.append(picture);
    return;
  }
  if (element instanceof HTMLCanvasElement) {
    if (element.width > 0 && element.height > 0) into.append(svg('image', { ...place, href: element.toDataURL() }));
    return;
  }
  drawBox(place, style, into);
  const inner = clips(style) ? clipped(place, into, drawing) : into;
  if (element instanceof HTMLInputElement) {
    inner.append(...textsOf(element, drawing));
    return;
  }
  for (const child of element.childNodes) {
    if (child instanceof Element) draw(child, inner, drawing);
    else if (child instanceof Text) inner.append(...textsOf(child, drawing));
  }
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawBox({ x, y, width, height }: Place, style: CSSStyleDeclaration, into: SVGElement): void {
  const round = Number.parseFloat(style.borderTopLeftRadius) || undefined;
  const sides = SIDES.map((side) => {
    const wide = Number.parseFloat(style[`border${side}Width`]) || 0;
    return { side, wide, colour: style[`border${side}Color`] };
  });
  const all = sides.every(({ wide, colour }) => wide === sides[0]?.wide && colour === sides[0].colour);
  const [first] = sides;
  const framed = all && first !== undefined && first.wide > 0 && !CLEAR.test(first.colour);
  const filled = !CLEAR.test(style.backgroundColor);
  if (filled || framed) {
    const inset = framed ? first.wide / 2 : 0;
    const box = { x: x + inset, y: y + inset, width: width - 2 * inset, height: height - 2 * inset };
    const stroke = framed ? { stroke: first.colour, 'stroke-width': first.wide } : {};
    if (box.width > 0 && box.height > 0)
      into.append(svg('rect', { ...box, rx: round, fill: filled ? style.backgroundColor : 'none', ...stroke }));
  }
  if (all) return;
  for (const { side, wide, colour } of sides) {
    if (wide === 0 || CLEAR.test(colour)) continue;
    const flat = side === 'Top' || side === 'Bottom';
    const line = {
      x: side === 'Right' ? x + width - wide : x,
      y: side === 'Bottom' ? y + height - wide : y,
      width: flat ? width : wide,
      height: flat ? wide : height,
    };
    into.append(svg('rect', { ...line, fill: colour }));
  }
}

function clips({ overflowX, overflowY }: CSSStyleDeclaration): boolean {
  return overflowX !== 'visible' || overflowY !== 'visible';
}

function clipped(place: Place, into: SVGElement, drawing: Drawing): SVGElement {
  const id = `clip${++drawing.clips}`;
  drawing.definitions.append(svg('clipPath', { id }, svg('rect', { ...place })));
  const group = svg('g', { 'clip-path': `url(#${id})` });
  into.append(group);
  return group;
}
