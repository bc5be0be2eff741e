// Filters by type and state: a menu to choose them, chips that stay in sight while one is active.
import { stateChip } from './colours.ts';
import { el, name, parts, replace, type Child } from './elements.ts';
import { count, cut } from './format.ts';
import { icon, iconButton } from './icons.ts';
import { Inputs, type Stage } from './stage.ts';
import { t } from './texts.ts';

export class FilterMenu {
  /** The button with the menu that opens below it. */
  readonly opener: HTMLElement;
  readonly #button: HTMLElement;
  readonly #stage: Stage;
  readonly #menu = el('div', {
    class: 'popup menu',
    id: 'filterMenu',
    role: 'group',
    'aria-label': t('Filter by type and state'),
    hidden: true,
  });
  readonly chips = el('div', { class: 'chips', role: 'group', 'aria-label': t('Active filters') });
  readonly #inputs = new Inputs();

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#button = iconButton('filter', t('Filter by type and state'), 'f', () => this.toggle(), {
      'aria-expanded': 'false',
      'aria-controls': 'filterMenu',
    });
    this.opener = el('span', { class: 'opener' }, this.#button, this.#menu);
    this.#menu.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.toggle(false);
    });
  }

  toggle(open = this.#menu.hidden): void {
    this.#menu.hidden = !open;
    this.#button.setAttribute('aria-expanded', String(open));
    if (open) this.#menu.querySelector<HTMLElement>('button')?.focus();
    else this.#button.focus();
  }

  render(): void {
    const { store } = this.#stage;
    const { overview } = store.data;
    const { types, states } = store.choices;
    if (!this.#inputs.changed(overview, types, states)) return;
    const colours = overview?.colours ?? {};
    const known = [
      ...new Map((overview?.types ?? []).flatMap((type) => type.states.map((one) => [one.state, one]))).keys(),
    ];
    replace(
      this.#menu,
      el('div', { class: 'small dim' }, t('Types')),
      (overview?.types ?? []).map((type) =>
        this.#option(
          `type ${type.entity}`,
          types.includes(type.entity),
          [name(cut(type.entity)), el('span', { class: 'dim right' }, count(type.count))],
          () => store.choose({ types: toggled(types, type.entity) }),
        ),
      ),
      known.length > 0 && el('div', { class: 'small dim' }, t('State at the cursor')),
      known
        .slice(0, 40)
        .map((state) =>
          this.#option(`state ${state}`, states.includes(state), stateChip(colours, state), () =>
            store.choose({ states: toggled(states, state) }),
          ),
        ),
    );
    const chip = (text: Child, label: string, remove: () => void) =>
      el(
        'button',
        {
          type: 'button',
          class: 'filterChip',
          'data-key': `chip ${label}`,
          title: t('Remove the filter {0}', label).slice(0, 200),
          click: remove,
        },
        text,
        icon('close', 10),
      );
    replace(
      this.chips,
      types.map((type) =>
        chip(parts('type: {0}', name(cut(type))), type, () =>
          store.choose({ types: types.filter((one) => one !== type) }),
        ),
      ),
      states.map((state) =>
        chip(stateChip(colours, state), state, () => store.choose({ states: states.filter((one) => one !== state) })),
      ),
    );
    this.chips.hidden = types.length + states.length === 0;
  }

  #option(key: string, on: boolean, content: Child, click: () => void): HTMLElement {
    return el(
      'button',
      {
        type: 'button',
        class: 'option',
        role: 'checkbox',
        'aria-checked': String(on),
        'data-key': `filter ${key}`,
        click,
      },
      el('span', { class: 'tick', 'aria-hidden': 'true' }, on ? '✓' : ''),
      content,
    );
  }
}

function toggled(list: readonly string[], one: string): string[] {
  return list.includes(one) ? list.filter((each) => each !== one) : [...list, one];
}
