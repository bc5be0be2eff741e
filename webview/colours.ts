// Colour means state, and nothing else. The host keeps the slot of each state's name: hue = slot mod 8, pattern = slot div 8.
import { el, name, svg } from './elements.ts';
import { cut } from './format.ts';

export type Colours = { readonly [state: string]: number };
export interface Slot {
  readonly hue: number;
  /** 0 solid, 1 dots, 2 line, 3 bars. */
  readonly pattern: number;
}

/** Undefined for a state that has no slot yet: it is drawn in the dim colour rather than in a wrong one. */
export function slotOf(colours: Colours, state: string | undefined): Slot | undefined {
  if (state === undefined || !Object.hasOwn(colours, state)) return undefined;
  const slot = colours[state] ?? 0;
  return { hue: slot % 8, pattern: Math.floor(slot / 8) % 4 };
}

export function inkOf(colours: Colours, state: string | undefined): string {
  const slot = slotOf(colours, state);
  return slot ? `s${slot.hue}` : 'dim';
}

export function patternOf(colours: Colours, state: string | undefined): number {
  return slotOf(colours, state)?.pattern ?? 0;
}

/** The patterns that pictures refer to; once in the document. */
export function patternDefinitions(): SVGSVGElement {
  const tile = (id: string, ...shapes: SVGElement[]) =>
    svg('pattern', { id, width: 4, height: 4, patternUnits: 'userSpaceOnUse' }, shapes);
  const fill = 'var(--bg)';
  return svg(
    'svg',
    { width: 0, height: 0, class: 'definitions', 'aria-hidden': 'true' },
    svg(
      'defs',
      {},
      svg(
        'pattern',
        { id: 'hatch', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
        svg('rect', { width: 1.3, height: 6, fill: 'var(--dim)', opacity: 0.75 }),
      ),
      tile('pattern1', svg('circle', { cx: 2, cy: 2, r: 1, fill })),
      tile('pattern2', svg('rect', { width: 4, height: 1.5, y: 1, fill })),
      tile('pattern3', svg('rect', { width: 1.5, height: 4, x: 1, fill })),
    ),
  );
}

/** The state's colour with its pattern, as two boxes. */
export function stateBoxes(
  colours: Colours,
  state: string | undefined,
  x: number,
  y: number,
  width: number,
  height: number,
  round = 0,
): SVGElement[] {
  const box = { x, y, width: Math.max(0, width), height, rx: round };
  const pattern = patternOf(colours, state);
  return [
    svg('rect', { ...box, fill: `var(--${inkOf(colours, state)})` }),
    ...(pattern ? [svg('rect', { ...box, fill: `url(#pattern${pattern})` })] : []),
  ];
}

export function swatch(colours: Colours, state: string | undefined, size = 10): SVGSVGElement {
  return svg(
    'svg',
    { width: size, height: size, class: 'swatch', 'aria-hidden': 'true' },
    stateBoxes(colours, state, 0, 0, size, size, 1),
  );
}

/** Colour and name of a state; a value that is no state of any type stays plain. */
export function stateChip(colours: Colours, state: string): HTMLElement {
  return el('span', { class: 'stateChip' }, swatch(colours, state), name(cut(state)));
}

export function isState(colours: Colours, text: string | undefined): text is string {
  return text !== undefined && Object.hasOwn(colours, text);
}
