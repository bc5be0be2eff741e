// The head of a type in the entity graph: its name, how many, in which states, and how many with a broken law.
import { stateBoxes } from './colours.ts';
import type { GraphPage, TypeSummary } from './contract.ts';
import { fitText, svg, textWidth } from './elements.ts';
import { count, cut, isolated } from './format.ts';
import { loopsOf, type Relation } from './graphLayout.ts';
import type { PanelStore } from './store.ts';
import { list, plural, t } from './texts.ts';

export const HEAD_HEIGHT = 58;

export interface HeadPlace {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

export function graphHead(
  store: PanelStore,
  graph: GraphPage,
  entity: string,
  { x, y, size }: HeadPlace,
): SVGElement | undefined {
  const type = graph.types.find((one) => one.entity === entity);
  if (!type) return undefined;
  const own = store.data.focus?.entity === entity;
  const loops = loopsOf(graph, entity);
  const numbers = textWidth(count(type.count)) + (type.broken > 0 ? textWidth(count(type.broken)) + 22 : 0);
  const title = fitText(isolated(cut(entity)), size - numbers - 26, 12, 600);
  const after = 9 + textWidth(title, 12, 600) + 14;
  const most = [...type.states].filter((state) => state.count > 0).sort((a, b) => b.count - a.count);
  const node = svg(
    'g',
    {
      transform: `translate(${x} ${y})`,
      class: 'clickable',
      tabindex: 0,
      role: 'button',
      'data-key': `type ${entity}`,
    },
    svg(
      'title',
      {},
      [headText(type), ...loops.map((one) => t('{0}: {1}', one.predicate, `${one.cardinality} ${entity}`))]
        .join('\n')
        .slice(0, 600),
    ),
    svg('rect', {
      x: 0.5,
      y: 0.5,
      width: size - 1,
      height: HEAD_HEIGHT - 1,
      rx: 3,
      fill: 'var(--bg)',
      stroke: own ? 'var(--fg)' : 'var(--wline)',
    }),
    svg('text', { x: 9, y: 18, 'font-size': 12, 'font-weight': 600 }, title),
    type.broken > 0 && [
      svg('path', { d: `M${after} 9l4.500 8h-9z`, fill: 'none', stroke: 'var(--law)', 'stroke-width': 1.3 }),
      svg('text', { x: after + 7, y: 18, fill: 'var(--law)' }, count(type.broken)),
    ],
    svg('text', { x: size - 9, y: 18, 'text-anchor': 'end', fill: 'var(--dim)' }, count(type.count)),
    bar(store, type, size - 18),
    svg(
      'text',
      { x: 9, y: 49, fill: 'var(--dim)' },
      type.stateAttribute === undefined
        ? t('no state')
        : fitList(
            most.map((state) => `${count(state.count)} ${cut(state.state, 24)}`),
            size - 18,
          ),
    ),
  );
  const open = () => store.choose({ type: entity, view: 'states' });
  node.addEventListener('click', open);
  onEnter(node, open);
  return node;
}

function bar(store: PanelStore, type: TypeSummary, width: number): SVGElement[] {
  const colours = store.data.overview?.colours ?? {};
  const there = type.states.filter((state) => state.count > 0);
  const all = there.reduce((sum, state) => sum + state.count, 0) || 1;
  let x = 9;
  return there.flatMap((state) => {
    const part = Math.max(1, (width * state.count) / all - 1);
    x += part + 1;
    return stateBoxes(colours, state.state, x - part - 1, 26, part, 9);
  });
}

/** As many whole parts as fit; half a word would be no answer. */
function fitList(parts: readonly string[], width: number): string {
  let text = '';
  for (const part of parts) {
    const longer = list([text, isolated(part)]);
    if (textWidth(longer) > width) break;
    text = longer;
  }
  return text || fitText(isolated(parts[0] ?? ''), width);
}

function headText(type: TypeSummary): string {
  const states = type.states
    .filter((state) => state.count > 0)
    .map((state) => `${state.count} ${cut(state.state, 40)}`);
  const broken = type.broken > 0 && t('{0} with a broken law', count(type.broken));
  return t(
    '{0}: {1}',
    cut(type.entity),
    list([plural(type.count, '{0} instance', '{0} instances', count(type.count)), ...states, broken]),
  );
}

/** Enter and space act on what is drawn as a button. */
export function onEnter(node: Element, act: () => void): void {
  node.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
}

/** A relation with what was seen of it, for its tooltip. */
export function relationText({ subject, predicate, object, status, count: links }: Relation): string {
  const seen = status === 'declared' ? t('declared, none seen') : plural(links, '{0} link', '{0} links', count(links));
  return t('{0}: {1}', `${subject} ${predicate} ${object}`, seen);
}
