// Texts of the page as texts of a picture: one for each line they take, at their places, in their letters.
import { fitText, svg } from './elements.ts';
import { lawful } from './pictureInk.ts';

interface Corner {
  readonly left: number;
  readonly top: number;
}

let pen: CanvasRenderingContext2D | null | undefined;

export function textsOf(source: Text | HTMLInputElement, corner: Corner): SVGElement[] {
  if (source instanceof HTMLInputElement) {
    const box = source.getBoundingClientRect();
    const style = getComputedStyle(source);
    const middle = { left: box.left + (Number.parseFloat(style.paddingLeft) || 0), top: box.top, height: box.height };
    const faint = source.value === '';
    return [textAt(faint ? source.placeholder : source.value, middle, style, corner, faint ? 0.7 : 1)];
  }
  const own = source.parentElement;
  if (!own || source.data.trim() === '') return [];
  const style = getComputedStyle(own);
  const edge = edgeOf(own);
  return linesOf(source).flatMap(({ text, box }) => {
    if (edge === undefined || box.left + (box.width ?? 0) <= edge) return [textAt(text, box, style, corner)];
    const room = fitText(text, edge - box.left, Number.parseFloat(style.fontSize), Number(style.fontWeight));
    return room === '' ? [] : [textAt(room, box, style, corner)];
  });
}

/** Where what surrounds a text ends it with an ellipsis, which no text of a picture does by itself. */
function edgeOf(own: Element): number | undefined {
  for (let at: Element | null = own; at && getComputedStyle(at).display !== 'flex'; at = at.parentElement)
    if (getComputedStyle(at).textOverflow === 'ellipsis') return at.getBoundingClientRect().right + 0.5;
  return undefined;
}

interface Line {
  readonly text: string;
  readonly box: Pick<DOMRect, 'left' | 'top' | 'height'> & { readonly width?: number };
}

/** Where a text breaks is found letter by letter, but only where it does break. */
function linesOf(node: Text): Line[] {
  const range = document.createRange();
  range.selectNodeContents(node);
  const rows = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)));
  if (rows.size === 0) return [];
  if (rows.size === 1) return [{ text: node.data, box: range.getBoundingClientRect() }];
  const lines: { start: number; box: DOMRect }[] = [];
  for (let at = 0; at < node.data.length; at++) {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const box = range.getBoundingClientRect();
    const last = lines.at(-1);
    if (box.width > 0 && (!last || Math.round(box.top) !== Math.round(last.box.top))) lines.push({ start: at, box });
  }
  return lines.map(({ start, box }, at) => ({ text: node.data.slice(start, lines[at + 1]?.start), box }));
}

function textAt(text: string, box: Line['box'], style: CSSStyleDeclaration, corner: Corner, opacity = 1): SVGElement {
  pen ??= document.createElement('canvas').getContext('2d');
  const font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const size = Number.parseFloat(style.fontSize);
  let [rise, fall] = [size * 0.8, size * 0.2];
  if (pen) {
    pen.font = font;
    ({ fontBoundingBoxAscent: rise, fontBoundingBoxDescent: fall } = pen.measureText('x'));
  }
  const struck = style.textDecorationLine;
  return svg(
    'text',
    {
      x: box.left - corner.left,
      y: box.top - corner.top + (box.height - rise - fall) / 2 + rise,
      fill: style.color,
      'font-family': style.fontFamily,
      'font-size': style.fontSize,
      'font-weight': style.fontWeight === '400' ? undefined : style.fontWeight,
      'text-decoration': struck === 'none' ? undefined : struck,
      opacity: opacity === 1 ? undefined : opacity,
      'xml:space': 'preserve',
    },
    // Spaces in a row are one on the screen.
    lawful(text.replace(/\s+/g, ' ')),
  );
}
