// A picture of the page as a copy that needs no style sheet: what its rules give is written into the nodes, variables as colours.

/** What a style sheet may say of a node of a picture, with the value that needs no saying. */
const WRITTEN: readonly (readonly [property: string, usual: string])[] = [
  ['fill', 'rgb(0, 0, 0)'],
  ['fill-opacity', '1'],
  ['stroke', 'none'],
  ['stroke-width', '1px'],
  ['stroke-dasharray', 'none'],
  ['stroke-linejoin', 'miter'],
  ['stroke-linecap', 'butt'],
  ['opacity', '1'],
  ['font-family', ''],
  ['font-size', ''],
  ['font-weight', '400'],
  ['text-anchor', 'start'],
  ['paint-order', 'normal'],
];
const OF_TEXT = /^(font|text)-/;
/** Only these are of use to a picture that nobody works with. */
const KEPT =
  /^(d|x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|width|height|viewBox|transform|id|patternUnits|patternTransform|preserveAspectRatio)$/;
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text as an XML document may hold it. */
export function lawful(text: string): string {
  return text.toWellFormed().replace(CONTROLS, '');
}

export function inked(node: Element): Element {
  const copy = node.cloneNode(false) as Element;
  for (const { name } of [...copy.attributes]) if (!KEPT.test(name)) copy.removeAttribute(name);
  const style = getComputedStyle(node);
  const isText = node.localName === 'text' || node.localName === 'tspan';
  for (const [property, usual] of WRITTEN) {
    if (OF_TEXT.test(property) && !isText) continue;
    const value = style.getPropertyValue(property);
    // A reference is absolute in the page; the copy refers to itself.
    if (value !== '' && value !== usual) copy.setAttribute(property, value.replace(/url\(".*?#(.*?)"\)/, 'url(#$1)'));
  }
  if (style.transform !== 'none' && !node.hasAttribute('transform')) copy.setAttribute('transform', style.transform);
  for (const child of node.childNodes) {
    if (child instanceof Text) copy.append(lawful(child.data));
    else if (child instanceof Element && child.localName !== 'title' && isShown(child)) copy.append(inked(child));
  }
  return copy;
}

function isShown(node: Element): boolean {
  const { display, visibility } = getComputedStyle(node);
  return display !== 'none' && visibility !== 'hidden';
}
