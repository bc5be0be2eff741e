// The entity graph where it is narrow: types below each other, each with its instances around the focus.
import { swatch, stateBoxes } from './colours.ts';
import type { EntityRef, GraphPage, TypeSummary } from './contract.ts';
import { el, name, svg } from './elements.ts';
import { count, cut, refKey, sameRef } from './format.ts';
import type { Stage } from './stage.ts';
import { list, t } from './texts.ts';

const MOST = 20;

export function narrowGraph(
  stage: Stage,
  graph: GraphPage,
  columns: readonly string[],
  actions: { readonly expand: (entity: string) => void },
): HTMLElement {
  const { store } = stage;
  const colours = store.data.overview?.colours ?? {};
  const { focus } = store.data;
  const types = columns
    .map((entity) => graph.types.find((type) => type.entity === entity))
    .filter((type): type is TypeSummary => type !== undefined);
  return el(
    'div',
    { class: 'narrowGraph' },
    types.map((type) => {
      const instances = graph.instances.filter((one) => one.ref.entity === type.entity);
      const more = type.count - Math.min(instances.length, MOST);
      return [
        el(
          'button',
          {
            type: 'button',
            class: `typeCard${focus?.entity === type.entity ? ' own' : ''}`,
            'data-key': `type ${type.entity}`,
            click: () => store.choose({ type: type.entity, view: 'states' }),
          },
          el(
            'span',
            { class: 'line' },
            el('b', { class: 'shrinks' }, name(cut(type.entity))),
            type.broken > 0 && el('span', { class: 'law' }, `⚠ ${count(type.broken)}`),
            el('span', { class: 'dim right' }, count(type.count)),
          ),
          bar(colours, type),
          el(
            'span',
            { class: 'dim small shrinks' },
            list(
              type.states
                .filter((state) => state.count > 0)
                .map((state) => `${count(state.count)} ${cut(state.state, 30)}`),
            ),
          ),
        ),
        instances.slice(0, MOST).map((one) =>
          el(
            'button',
            {
              type: 'button',
              class: `typeItem${sameRef(one.ref, focus) ? ' current' : ''}`,
              'data-key': `item ${refKey(one.ref)}`,
              click: () => store.focus(one.ref),
            },
            swatch(colours, one.state),
            el('span', { class: 'shrinks id' }, name(cut(String(one.ref.id), 30))),
            el(
              'span',
              { class: 'dim shrinks' },
              sameRef(one.ref, focus) ? t('in focus') : name(cut(why(graph, one.ref, focus), 30)),
            ),
            one.broken && el('span', { class: 'law' }, '⚠'),
            el('span', { class: 'dim right' }, name(cut(one.state ?? '', 30))),
          ),
        ),
        instances.length > 0 &&
          more > 0 &&
          el(
            'button',
            {
              type: 'button',
              class: 'typeItem dim',
              'data-key': `more ${type.entity}`,
              click: () => actions.expand(type.entity),
            },
            t('+ {0} more', count(more)),
          ),
      ];
    }),
  );
}

function bar(colours: Parameters<typeof stateBoxes>[0], type: TypeSummary): SVGSVGElement {
  const there = type.states.filter((state) => state.count > 0);
  const all = there.reduce((sum, state) => sum + state.count, 0) || 1;
  let x = 0;
  const parts = there.flatMap((state) => {
    const width = (100 * state.count) / all;
    x += width;
    return stateBoxes(colours, state.state, x - width, 0, width, 9);
  });
  return svg(
    'svg',
    { class: 'bar', viewBox: '0 0 100 9', preserveAspectRatio: 'none', height: 9, 'aria-hidden': 'true' },
    parts,
  );
}

/** The relation that brings an instance here, or the instance it is reached through. */
function why(graph: GraphPage, ref: EntityRef, focus: EntityRef | undefined): string {
  const own = graph.links.filter((link) => sameRef(link.from, ref) || sameRef(link.to, ref));
  const direct = own.find((link) => sameRef(link.from, focus) || sameRef(link.to, focus));
  if (direct) return direct.predicate;
  const other = own[0];
  return other ? t('via {0}', sameRef(other.from, ref) ? other.to.id : other.from.id) : '';
}
