// Types of the graph that do not fit the width: how many stand beyond each edge, as buttons that bring them into view.
import { el, replace } from './elements.ts';
import { count } from './format.ts';
import { plural } from './texts.ts';

export interface Column {
  readonly left: number;
  readonly right: number;
}

export class GraphEdges {
  readonly node = el('div', { class: 'graphEdges' });
  readonly #view: HTMLElement;
  #columns: readonly Column[] = [];

  /** @param view what is scrolled */
  constructor(view: HTMLElement) {
    this.#view = view;
    view.addEventListener('scroll', () => this.#draw(), { passive: true });
  }

  render(columns: readonly Column[]): void {
    this.#columns = columns;
    this.#draw();
  }

  /** Scrolls no more than is needed to have a column whole in view. */
  reveal(column: Column | undefined): void {
    if (!column) return;
    const { scrollLeft, clientWidth } = this.#view;
    if (column.left < scrollLeft) this.#view.scrollLeft = Math.max(0, column.left - 12);
    else if (column.right > scrollLeft + clientWidth) this.#view.scrollLeft = column.right + 12 - clientWidth;
  }

  #draw(): void {
    const { scrollLeft, clientWidth } = this.#view;
    const before = this.#columns.filter(({ left }) => left < scrollLeft).length;
    const after = this.#columns.filter(({ right }) => right > scrollLeft + clientWidth).length;
    const button = (side: 'before' | 'after', n: number) =>
      n > 0 &&
      el(
        'button',
        {
          type: 'button',
          class: `graphMore ${side}`,
          'data-key': `graph ${side}`,
          click: () => (this.#view.scrollLeft += (side === 'before' ? -0.8 : 0.8) * this.#view.clientWidth),
        },
        side === 'before' ? '‹ ' : '',
        plural(n, '{0} more type', '{0} more types', count(n)),
        side === 'after' ? ' ›' : '',
      );
    replace(this.node, button('before', before), button('after', after));
  }
}
