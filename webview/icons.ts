// Icons as paths of a 16 pixel grid, drawn in the colour of the text around them.
import { el, svg, type Attributes } from './elements.ts';

const PATHS = {
  timeline: 'M2 4h7M5 8h9M3 12h6',
  graph:
    'M3 4.5a1.8 1.8 0 1 0 .1 0M13 2.5a1.8 1.8 0 1 0 .1 0M12 10.5a1.8 1.8 0 1 0 .1 0M5 6l6.2-1.3M4.700 7.200l5.700 4',
  states: 'M1.500 5.500h4v5h-4zM10.500 5.500h4v5h-4zM5.500 8h5M8.500 6l2 2-2 2',
  diff: 'M4 2.500v6M1 5.500h6M9 5.500h6M1 13h14',
  story: 'M5.500 4H14M5.500 8H14M5.500 12H14M2 4h.5M2 8h.5M2 12h.5',
  search: 'M6.500 2.500a4 4 0 1 0 0 8 4 4 0 0 0 0-8M9.500 9.500l4 4',
  filter: 'M2 4h12M4 8h8M6 12h4',
  previous: 'M10 3 5 8l5 5',
  next: 'M6 3l5 5-5 5',
  previousSnapshot: 'M13.500 3l-5 5 5 5M4 5.200 6.800 8 4 10.800 1.200 8z',
  nextSnapshot: 'M2.500 3l5 5-5 5M12 5.200 14.800 8 12 10.800 9.200 8z',
  live: 'M8 5a3 3 0 1 0 .01 0',
  snapshot: 'M1.500 5h3l1-2h5l1 2h3v8h-13zM8 6.500a2.300 2.300 0 1 0 .01 0',
  warning: 'M8 2l6.500 12h-13zM8 6.500v3.700M8 12v.5',
  lock: 'M4 7h8v6.500H4zM5.500 7V5a2.500 2.500 0 0 1 5 0v2',
  clock: 'M8 2a6 6 0 1 0 .01 0M8 4.800V8l2.500 2',
  order: 'M3 5v6M6.500 5v6M10 5v6M13.500 5v6M1 8h14',
  down: 'M4 6l4 4 4-4',
  close: 'M4 4l8 8M12 4l-8 8',
  share: 'M8 10V2M5 4.800 8 1.800l3 3M4.500 7H3v7h10V7h-1.500',
  link: 'M7 9a2.700 2.700 0 0 0 4 .3l2-2a2.700 2.700 0 0 0-3.800-3.800L8 4.700M9 7a2.700 2.700 0 0 0-4-.3l-2 2a2.700 2.700 0 0 0 3.800 3.800L8 11.300',
  details: 'M2 3h12v10H2zM10 3v10',
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName, size = 16): SVGSVGElement {
  return svg(
    'svg',
    { width: size, height: size, viewBox: '0 0 16 16', 'aria-hidden': 'true', class: 'icon' },
    svg('path', {
      d: PATHS[name],
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 1.2,
      'stroke-linejoin': 'round',
      'stroke-linecap': 'round',
    }),
  );
}

/** A square button that shows an icon; its name and key are its tooltip. */
export function iconButton(
  name: IconName,
  label: string,
  key: string,
  click: () => void,
  more: Attributes = {},
): HTMLButtonElement {
  const title = key ? `${label} (${key})` : label;
  const attributes = { type: 'button', class: 'iconButton', title, 'aria-label': label, 'data-key': `button ${label}` };
  return el('button', { ...attributes, click, ...more }, icon(name));
}
