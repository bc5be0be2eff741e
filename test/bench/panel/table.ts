// What the panel costs, as a table for people.
import type { PanelCost, Spread } from './measure.ts';

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const both = ({ p50, p99 }: Spread): string => `${ms(p50)} / ${ms(p99)}`;
const number = (value: number): string => value.toLocaleString('en');

/** What is aimed at, on a developer's machine. */
const AIM = {
  first: '200 ms',
  frame: '8 ms / 16 ms',
  step: '16 ms',
} as const;

export function panelTable(costs: readonly PanelCost[]): string {
  const row = (name: string, aim: string, of: (cost: PanelCost) => string): string =>
    `| ${[name, ...costs.map(of), aim].join(' | ')} |`;
  return [
    '### The panel in Chromium',
    '',
    `| p50 / p99 | ${costs.map(({ events, entities }) => `${number(events)} events, ${number(entities)} entities`).join(' | ')} | aim |`,
    `| --- |${' --- |'.repeat(costs.length + 1)}`,
    row('first paint', AIM.first, ({ firstPaintMs }) => ms(firstPaintMs)),
    row('frame while panning and zooming: whole recording', AIM.frame, ({ density }) => both(density)),
    row('... all lanes of a short window', AIM.frame, ({ lanes }) => both(lanes)),
    row('... lanes around an entity', AIM.frame, ({ focus }) => both(focus)),
    row('a step, to the frame that shows it', AIM.step, ({ step }) => both(step)),
    row('a step, until every page is drawn', '', ({ stepWhole }) => both(stepWhole)),
    row('a frame with events coming in', AIM.frame, ({ live }) => both(live)),
    row('events coming in, a second', '1,000', ({ live }) => number(live.eventsPerSecond)),
    row('longest time without a frame meanwhile', '', ({ live }) => ms(live.longestGapMs)),
    row('nodes in the page', '', ({ nodes }) => number(nodes)),
    row('memory of the panel', '', ({ heapBytes }) => `${(heapBytes / 1e6).toFixed(1)} MB`),
    '',
    'Without the time of the recorded host, which answers in the same thread here. The first column is a recording that is all in view: what the others cost more is what does not stay out of view.',
    '',
  ].join('\n');
}
