// Builds nodes. Text goes in as text nodes only and styles through the CSSOM, so program text can never become markup and
// the content security policy needs no exception.
import { piecesOf } from './texts.ts';

export type Child = Node | string | number | undefined | false | null | readonly Child[];
export type Attributes = {
  readonly [name: string]:
    string | number | boolean | undefined | ((event: never) => void) | { readonly [property: string]: string };
};

const SVG = 'http://www.w3.org/2000/svg';

function fill(node: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name, value as EventListener);
    else if (typeof value === 'object') setStyle(node as HTMLElement | SVGElement, value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  add(node, children);
}

function setStyle(node: HTMLElement | SVGElement, style: { readonly [property: string]: string }): void {
  for (const [property, value] of Object.entries(style)) node.style.setProperty(property, value);
}

function add(node: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === null || child === false) continue;
    if (Array.isArray(child)) add(node, child as readonly Child[]);
    else node.append(child instanceof Node ? child : String(child));
  }
}

/** Functions become listeners of the event they are named after; an object becomes the style. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  fill(node, attributes, children);
  return node;
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const node = document.createElementNS(SVG, tag);
  fill(node, attributes, children);
  return node;
}

/** Replaces what `container` holds, and gives the keyboard focus back to the element with the same `data-key`. */
export function replace(container: Element, ...children: readonly Child[]): void {
  const active = document.activeElement;
  const key = active && container.contains(active) ? active.getAttribute('data-key') : null;
  container.replaceChildren();
  add(container, children);
  if (key === null) return;
  for (const node of container.querySelectorAll<HTMLElement>('[data-key]')) {
    if (node.getAttribute('data-key') === key) return node.focus({ preventScroll: true });
  }
}

/** One of the panel's sentences with nodes at its places: `parts('by {0}', name('OrderPaid'))`. */
export function parts(english: string, ...values: readonly Child[]): Child[] {
  return piecesOf(english).map((piece, at) => (at % 2 === 0 ? piece : values[Number(piece)]));
}

/** One after the other, as the language separates them; what is empty is left out. */
export function listOf(values: readonly Child[]): Child {
  const said = values.filter((one) => one !== undefined && one !== null && one !== false && one !== '');
  return said.length === 0 ? undefined : said.reduce((all, one) => parts('{0}, {1}', all, one));
}

/** A name of the program, isolated so that right-to-left text does not turn its surroundings around. */
export function name(text: string): HTMLElement {
  return el('bdi', { dir: 'auto' }, text);
}

let ruler: CanvasRenderingContext2D | null | undefined;
let family: string | undefined;
const widths = new Map<string, number>();
/** Names come and go: what was measured is kept for as many texts as a view may hold several times over. */
const MOST_WIDTHS = 20_000;

/** The letters may be others: with another theme, or a font that arrived. */
export function forgetWidths(): void {
  family = undefined;
  widths.clear();
}

/** Width in pixels of a text as the panel sets it. */
export function textWidth(text: string, size = 11, weight = 400): number {
  const key = `${weight} ${size} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size >= MOST_WIDTHS) widths.clear();
    widths.set(key, (width = measure(text, size, weight)));
  }
  return width;
}

function measure(text: string, size: number, weight: number): number {
  ruler ??= document.createElement('canvas').getContext('2d');
  if (!ruler) return text.length * size * 0.6;
  family ??= getComputedStyle(document.body).fontFamily;
  ruler.font = `${weight} ${size}px ${family}`;
  return ruler.measureText(text).width;
}

/** The longest beginning of a text that fits, with an ellipsis where it was cut. */
export function fitText(text: string, width: number, size = 11, weight = 400): string {
  if (textWidth(text, size, weight) <= width) return text;
  let [low, high] = [0, Math.min(text.length, Math.ceil(width))];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (textWidth(`${text.slice(0, middle)}…`, size, weight) <= width) low = middle;
    else high = middle - 1;
  }
  return low > 0 ? `${text.slice(0, low)}…` : '';
}

/** The longest end of a text that fits, with an ellipsis where it was cut. */
export function fitEnd(text: string, width: number, size = 11, weight = 400): string {
  if (textWidth(text, size, weight) <= width) return text;
  let [low, high] = [0, Math.min(text.length, Math.ceil(width))];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (textWidth(`…${text.slice(-middle)}`, size, weight) <= width) low = middle;
    else high = middle - 1;
  }
  return low > 0 ? `…${text.slice(-low)}` : '';
}
