// Draws one transition of a state machine along its route, with its count, or with the word for what was never seen or declared.
import { svg, textWidth } from './elements.ts';
import { count } from './format.ts';
import type { Frame } from './machine.ts';
import { routeOf, type Transition } from './machineLayout.ts';
import { t } from './texts.ts';

interface Line {
  readonly d: string;
  readonly label: { readonly x: number; readonly y: number; readonly anchor: 'start' | 'middle' };
  readonly head: { readonly x: number; readonly y: number; readonly angle: number };
}

export function drawRoute(frame: Frame, one: Transition, order: number, onPath: boolean): SVGElement[] {
  const line = lineOf(frame, one, order);
  if (!line) return [];
  const seen = one.count > 0;
  const ink = one.undeclared ? 'var(--law)' : seen ? 'var(--fg)' : 'var(--dim)';
  const width = one.undeclared ? 2 : seen ? 1 + Math.min(2.2, Math.log2(one.count + 1) * 0.55) : 1;
  const text = one.undeclared ? t('{0}× undeclared', count(one.count)) : seen ? count(one.count) : t('never');
  const { label, head } = line;
  return [
    ...(onPath
      ? [svg('path', { d: line.d, fill: 'none', stroke: 'var(--focus)', 'stroke-width': width + 5, opacity: 0.35 })]
      : []),
    svg('path', {
      d: line.d,
      fill: 'none',
      stroke: ink,
      'stroke-width': width,
      'stroke-dasharray': one.undeclared ? '7 3' : seen ? undefined : '2 4',
    }),
    svg('path', { d: 'M0 0l-7-3.5v7z', fill: ink, transform: `translate(${head.x} ${head.y}) rotate(${head.angle})` }),
    ...(one.undeclared
      ? [
          svg('path', {
            d: `M${label.x - (label.anchor === 'middle' ? textWidth(text) / 2 : 0) - 9} ${label.y - 9}l5 9h-10z`,
            fill: 'none',
            stroke: ink,
            'stroke-width': 1.3,
          }),
        ]
      : []),
    svg('text', { x: label.x, y: label.y, 'text-anchor': label.anchor, fill: ink, class: 'halo' }, text),
  ];
}

function lineOf(frame: Frame, one: Transition, order: number): Line | undefined {
  const { width, height, upright } = frame;
  const [from, to] = [
    one.from === undefined ? undefined : frame.place(one.from),
    one.to === undefined ? undefined : frame.place(one.to),
  ];
  if (!from && to && one.from === undefined) {
    // Creation comes from nowhere: a short arrow at the side or the top of the state.
    return upright
      ? {
          d: `M${to.x + 20} ${to.y - 10}V${to.y - 1}`,
          head: { x: to.x + 20, y: to.y, angle: 90 },
          label: { x: to.x + 26, y: to.y - 3, anchor: 'start' },
        }
      : {
          d: `M${to.x - 14} ${to.y + height / 2}H${to.x - 1}`,
          head: { x: to.x, y: to.y + height / 2, angle: 0 },
          label: { x: to.x - 12, y: to.y + height / 2 - 6, anchor: 'middle' },
        };
  }
  const [a, b] = [frame.at(one.from ?? ''), frame.at(one.to ?? '')];
  if (!from || !to || !a || !b) return undefined;
  // Neighbouring lines into one side keep a little apart.
  const spread = ((order % 5) - 2) * 5;
  switch (routeOf(a, b)) {
    case 'next':
      return upright
        ? {
            d: `M${from.x + 40} ${from.y + height}V${to.y - 1}`,
            head: { x: to.x + 40, y: to.y, angle: 90 },
            label: { x: from.x + 46, y: (from.y + height + to.y) / 2 + 4, anchor: 'start' },
          }
        : {
            d: `M${from.x + width} ${from.y + height / 2}H${to.x - 1}`,
            head: { x: to.x, y: to.y + height / 2, angle: 0 },
            label: { x: (from.x + width + to.x) / 2 - 2, y: from.y + height / 2 - 6, anchor: 'middle' },
          };
    case 'straight': {
      const down = to.y > from.y;
      if (upright) {
        const right = to.x > from.x;
        const [x1, x2] = [right ? from.x + width : from.x, right ? to.x : to.x + width];
        return {
          d: `M${x1} ${from.y + 24}Q${(x1 + x2) / 2} ${from.y + 24} ${x2} ${to.y + height / 2}`,
          head: { x: x2, y: to.y + height / 2, angle: right ? 20 : 160 },
          label: { x: Math.min(x1, x2) + 6, y: from.y + 20, anchor: 'start' },
        };
      }
      const x = from.x + width / 2 + (down ? 0 : 14);
      const [y1, y2] = down ? [from.y + height, to.y] : [from.y, to.y + height];
      return {
        d: `M${x} ${y1}V${y2}`,
        head: { x, y: y2, angle: down ? 90 : -90 },
        label: { x: x + 7, y: (y1 + y2) / 2 + (down ? 10 : 0), anchor: 'start' },
      };
    }
    case 'loop': {
      const x = from.x + width - 24;
      return {
        d: `M${x} ${from.y}C${x - 4} ${from.y - 20} ${x + 20} ${from.y - 20} ${x + 14} ${from.y}`,
        head: { x: x + 14, y: from.y, angle: 100 },
        label: { x: x + 20, y: from.y - 8, anchor: 'start' },
      };
    }
    case 'arc': {
      const rise = 22 + 9 * Math.min(5, Math.abs(b.along - a.along)) + (order % 2) * 6;
      if (upright) {
        const [x, y1, y2] = [from.x + width, from.y + height / 2 + spread, to.y + height / 2 + spread];
        return {
          d: `M${x} ${y1}C${x + rise} ${y1} ${x + rise} ${y2} ${x + 1} ${y2}`,
          head: { x, y: y2, angle: 180 },
          label: { x: x + rise * 0.75 + 10, y: (y1 + y2) / 2 + 4, anchor: 'start' },
        };
      }
      const back = b.along < a.along;
      const [x1, x2] = [from.x + width / 2 + (back ? -8 : 8), to.x + width / 2 + (back ? 8 : -8)];
      return {
        d: `M${x1} ${from.y}C${x1} ${from.y - rise} ${x2} ${to.y - rise} ${x2} ${to.y - 1}`,
        head: { x: x2, y: to.y, angle: 90 },
        label: { x: (x1 + x2) / 2, y: from.y - rise * 0.75 - 4, anchor: 'middle' },
      };
    }
    case 'drop': {
      if (upright) {
        const right = to.x > from.x;
        const [x1, x2] = [right ? from.x + width : from.x, to.x + width / 2 + spread];
        const y2 = from.y < to.y ? to.y : to.y + height;
        return {
          d: `M${x1} ${from.y + 26}Q${x2} ${from.y + 26} ${x2} ${y2}`,
          head: { x: x2, y: y2, angle: from.y < to.y ? 90 : -90 },
          label: { x: x1 + 8, y: from.y + 38, anchor: 'start' },
        };
      }
      const down = to.y > from.y;
      const right = to.x > from.x;
      const x1 = from.x + width / 2 + spread;
      const x2 = to.x === from.x ? to.x + width / 2 + spread : right ? to.x : to.x + width;
      const y1 = down ? from.y + height : from.y;
      const y2 = to.y + height / 2 + spread;
      const bend = down ? -8 : 8;
      const side = right ? 8 : -8;
      return {
        d: `M${x1} ${y1}V${y2 + bend}Q${x1} ${y2} ${x1 + side} ${y2}H${x2}`,
        head: { x: x2, y: y2, angle: right ? 0 : 180 },
        label: { x: x1 + 6, y: y1 + (down ? 22 : -12), anchor: 'start' },
      };
    }
  }
}
