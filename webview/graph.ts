// The entity graph: types as heads in fixed places with their states, instances around the focus below, links between them.
import { inkOf, patternOf } from './colours.ts';
import type { GraphPage } from './contract.ts';
import { el, fitEnd, fitText, replace, svg, textWidth } from './elements.ts';
import { count, cut, isolated, refKey, refText, sameRef } from './format.ts';
import { GraphEdges, type Column } from './graphEdges.ts';
import { graphHead, HEAD_HEIGHT, onEnter, relationText } from './graphHead.ts';
import { arcsOf, columnsOf, type Arc, type Instance } from './graphLayout.ts';
import { narrowGraph } from './graphNarrow.ts';
import { Measured } from './measured.ts';
import { Inputs, type Stage } from './stage.ts';
import { list, t } from './texts.ts';

const ITEM = 28;
const LEVEL = 16;
/** The lowest arc runs above the cardinalities at its ends. */
const ARCS = 24;
const NARROWEST = 104;
const WIDEST = 190;
const GAP = 34;
const MOST_ITEMS = 40;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly column: number;
}

export class GraphView {
  readonly node = el('div', {
    class: 'view graph',
    role: 'region',
    'aria-label': t('Entity graph'),
    tabindex: 0,
    'data-key': 'graph',
  });
  readonly #stage: Stage;
  readonly #size: Measured;
  readonly #inputs = new Inputs();
  readonly #expanded = new Set<string>();
  readonly #edges = new GraphEdges(this.node);

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#size = new Measured(this.node, () => stage.store.redraw());
  }

  render(): void {
    const { store } = this.#stage;
    const { graph, focus, overview } = store.data;
    const { width } = this.#size;
    if (
      !graph ||
      !overview ||
      !this.#inputs.changed(graph, focus, overview.colours, width, store.shape, this.#expanded.size)
    )
      return;
    if (graph.types.length === 0) return replace(this.node, el('p', { class: 'padded dim' }, t('No types yet.')));
    if (store.shape === 'sidebar')
      return replace(this.node, narrowGraph(this.#stage, graph, columnsOf(graph), this.#actions(graph)));
    const scrolled = this.node.scrollLeft;
    replace(this.node, this.#draw(graph, width), this.#edges.node);
    this.node.scrollLeft = scrolled;
    const columns = columnsOf(graph);
    const places = columns.map((_, column) => this.#column(columns.length, width, column));
    if (focus) this.#edges.reveal(places[columns.indexOf(focus.entity)]);
    this.#edges.render(places);
  }

  #draw(graph: GraphPage, width: number): SVGSVGElement {
    const columns = columnsOf(graph);
    const { left: first, right } = this.#column(columns.length, width, 0);
    const size = right - first;
    const left = (column: number) => this.#column(columns.length, width, column).left;
    const gap = columns.length > 1 ? left(1) - right : 0;
    const arcs = arcsOf(graph, columns);
    const top = 10 + ARCS + LEVEL * Math.max(0, ...arcs.map((arc) => arc.level + 1));
    const places = new Map<string, Place>();
    const groups = columns.map((entity) => this.#shown(graph, entity));
    groups.forEach((group, column) =>
      group.forEach((one, row) =>
        places.set(refKey(one.ref), { x: left(column), y: top + HEAD_HEIGHT + 14 + row * ITEM, column }),
      ),
    );
    const rows = Math.max(...groups.map((group) => group.length));
    const links = this.#links(graph, places, size, gap, (from, to) => {
      const between = groups.slice(from + 1, to);
      return top + HEAD_HEIGHT + 18 + (Math.max(0, ...between.map((group) => group.length)) + 1) * ITEM;
    });
    const total = Math.max(width, left(columns.length - 1) + size + 12);
    const height = Math.max(links.bottom + 10, top + HEAD_HEIGHT + (rows + 1) * ITEM + 20);
    return svg(
      'svg',
      { width: total, height, class: 'graphPicture', role: 'group', 'aria-label': t('Types and their instances') },
      arcs.map((arc) => this.#arc(arc, left, size, top)),
      links.nodes,
      columns.map((entity, column) => graphHead(this.#stage.store, graph, entity, { x: left(column), y: top, size })),
      graph.instances.map((one) => {
        const place = places.get(refKey(one.ref));
        return place && this.#item(one, place.x, place.y, size);
      }),
      columns.map((entity, column) =>
        this.#rest(graph, entity, groups[column] ?? [], left(column), top + HEAD_HEIGHT + 14, size),
      ),
    );
  }

  /** Where a column stands among so many; they may need more than the width there is. */
  #column(columns: number, width: number, at: number): Column {
    const size = Math.max(NARROWEST, Math.min(WIDEST, (width - 24) / columns - GAP));
    const gap = Math.max(GAP - 8, columns > 1 ? (width - 24 - size * columns) / (columns - 1) : 0);
    const left = 12 + at * (size + gap);
    return { left, right: left + size };
  }

  #shown(graph: GraphPage, entity: string): Instance[] {
    const all = graph.instances.filter((one) => one.ref.entity === entity);
    return this.#expanded.has(entity) ? all.slice(0, MOST_ITEMS * 10) : all.slice(0, MOST_ITEMS);
  }

  #arc(arc: Arc, left: (column: number) => number, size: number, top: number): SVGElement[] {
    const { relation, level } = arc;
    const [x1, x2] = [left(arc.from) + size * arc.start, left(arc.to) + size * arc.end];
    const y = top - ARCS - level * LEVEL;
    const bend = x1 < x2 ? 6 : -6;
    const label = fitText(isolated(cut(relation.predicate)), Math.max(40, Math.abs(x2 - x1) - 24));
    const middle = (x1 + x2) / 2;
    const seen = relation.status !== 'declared';
    const ink = seen ? 'var(--dim)' : 'var(--wline)';
    return [
      svg('path', {
        d: `M${x1} ${top}V${y + 6}Q${x1} ${y} ${x1 + bend} ${y}H${x2 - bend}Q${x2} ${y} ${x2} ${y + 6}V${top}`,
        fill: 'none',
        stroke: ink,
        'stroke-width': 1.3,
        'stroke-dasharray': seen ? undefined : '2 4',
      }),
      svg('rect', {
        x: middle - textWidth(label) / 2 - 4,
        y: y - 7,
        width: textWidth(label) + 8,
        height: 14,
        fill: 'var(--bg)',
      }),
      svg(
        'text',
        { x: middle, y: y + 4, 'text-anchor': 'middle' },
        svg('title', {}, relationText(relation).slice(0, 300)),
        label,
      ),
      svg('text', { x: x2 + 4, y: top - 4, 'font-size': 10, fill: 'var(--dim)' }, relation.cardinality),
    ];
  }

  #item(one: Instance, x: number, y: number, size: number): SVGElement {
    const { store } = this.#stage;
    const colours = store.data.overview?.colours ?? {};
    const focused = sameRef(one.ref, store.data.focus);
    const state = one.state ?? '';
    const weight = focused ? 600 : 400;
    // The id is what tells it from its neighbours: it has its room first, and keeps its end.
    const id = fitEnd(isolated(cut(String(one.ref.id), 30)), size * 0.68, 11, weight);
    const room = size - textWidth(id, 11, weight) - (one.broken ? 46 : 32);
    const right = room < 20 ? '' : fitText(isolated(cut(state, 30)), room);
    const pattern = patternOf(colours, one.state);
    const ink = focused ? 'var(--selfg)' : undefined;
    const node = svg(
      'g',
      {
        transform: `translate(${x} ${y})`,
        class: `clickable item${focused ? ' current' : ''}`,
        tabindex: 0,
        role: 'button',
        'data-key': `item ${refKey(one.ref)}`,
      },
      svg('title', {}, list([`${one.ref.entity} ${one.ref.id}`, one.broken && t('a law is broken')]).slice(0, 300)),
      svg('rect', {
        x: 0.5,
        y: 0.5,
        width: size - 1,
        height: 21,
        rx: 3,
        fill: focused ? 'var(--sel)' : 'var(--bg)',
        stroke: focused ? 'var(--focus)' : 'var(--wline)',
        'stroke-width': focused ? 1.5 : 1,
      }),
      one.state !== undefined &&
        svg('rect', { x: 1, y: 1, width: 5, height: 20, fill: `var(--${inkOf(colours, one.state)})` }),
      pattern > 0 && svg('rect', { x: 1, y: 1, width: 5, height: 20, fill: `url(#pattern${pattern})` }),
      svg('text', { x: 12, y: 15, fill: ink, 'font-weight': focused ? 600 : undefined }, id),
      one.broken &&
        svg('path', {
          d: `M${12 + textWidth(id, 11, focused ? 600 : 400) + 10} 6l4.500 8h-9z`,
          fill: 'none',
          stroke: 'var(--law)',
          'stroke-width': 1.4,
        }),
      svg('text', { x: size - 8, y: 15, 'text-anchor': 'end', fill: ink ?? 'var(--dim)' }, right),
    );
    const focus = () => store.focus(one.ref);
    node.addEventListener('click', focus);
    onEnter(node, focus);
    return node;
  }

  #rest(
    graph: GraphPage,
    entity: string,
    shown: readonly Instance[],
    x: number,
    top: number,
    size: number,
  ): SVGElement | undefined {
    const type = graph.types.find((one) => one.entity === entity);
    const more = (type?.count ?? 0) - shown.length;
    const { focus } = this.#stage.store.data;
    const y = top + shown.length * ITEM + 15;
    if (shown.length === 0) {
      const wishes = focus
        ? [refText(focus), cut(String(focus.id), 20)].map((one) => t('none around {0}', isolated(one)))
        : [];
      const text = [...wishes, t('none here')].find((one) => textWidth(one) < size) ?? '';
      return svg('text', { x: x + 2, y, fill: 'var(--dim)' }, text);
    }
    if (more <= 0) return undefined;
    const expand = this.#actions(graph).expand;
    const node = svg(
      'g',
      {
        class: 'clickable',
        tabindex: 0,
        role: 'button',
        'data-key': `more ${entity}`,
        'aria-label': t('{0} more of {1}', count(more), cut(entity)),
      },
      svg('text', { x: x + 12, y, fill: 'var(--dim)' }, t('+ {0} more', count(more))),
    );
    node.addEventListener('click', () => expand(entity));
    onEnter(node, () => expand(entity));
    return node;
  }

  /** First what the page still holds, then all of the type as lanes. */
  #actions(graph: GraphPage): { expand: (entity: string) => void } {
    const { store } = this.#stage;
    return {
      expand: (entity) => {
        const held = graph.instances.filter((one) => one.ref.entity === entity).length;
        if (held > MOST_ITEMS && !this.#expanded.has(entity)) {
          this.#expanded.add(entity);
          this.render();
        } else store.choose({ scope: 'all', types: [entity], view: 'timeline' });
      },
    };
  }

  #links(
    graph: GraphPage,
    places: ReadonlyMap<string, Place>,
    size: number,
    gap: number,
    channel: (from: number, to: number) => number,
  ): { nodes: SVGElement[]; bottom: number } {
    const { focus } = this.#stage.store.data;
    let [channels, bottom] = [0, 0];
    const nodes = graph.links.flatMap((link) => {
      const [a, b] = [places.get(refKey(link.from)), places.get(refKey(link.to))];
      if (!a || !b || a === b) return [];
      const [left, right] = a.x <= b.x ? [a, b] : [b, a];
      const near = sameRef(link.from, focus) || sameRef(link.to, focus);
      const [x1, y1, x2, y2] = [left.x + size, left.y + 11, right.x, right.y + 11];
      let d = `M${x1} ${y1}C${x1 + gap * 0.6 + 6} ${y1} ${x2 - gap * 0.6 - 6} ${y2} ${x2} ${y2}`;
      if (left.column === right.column)
        d = `M${x1} ${y1}C${x1 + gap * 0.6} ${y1} ${x1 + gap * 0.6} ${y2} ${right.x + size} ${y2}`;
      else if (right.column - left.column > 1) {
        const y = channel(left.column, right.column) + channels++ * 6;
        bottom = Math.max(bottom, y);
        const [xa, xb] = [x1 + gap, x2 - gap];
        d = `M${x1} ${y1}C${x1 + gap * 0.7} ${y1} ${xa - gap * 0.7} ${y} ${xa} ${y}H${xb}C${xb + gap * 0.7} ${y} ${x2 - gap * 0.7} ${y2} ${x2} ${y2}`;
      }
      const more = {
        fill: 'none',
        stroke: near ? 'var(--fg)' : 'var(--dim)',
        'stroke-width': near ? 1.3 : 1,
        'stroke-dasharray': near ? undefined : '3 2',
      };
      return [svg('path', { d, ...more }, svg('title', {}, link.predicate.slice(0, 200)))];
    });
    return { nodes, bottom };
  }
}
