// Which type's state machine is shown, and which of its state attributes.
import { el, name } from './elements.ts';
import { cut } from './format.ts';
import type { Stage } from './stage.ts';
import { t } from './texts.ts';

export function typeChoices({ store }: Stage): HTMLElement {
  const chosen = store.stateType();
  const types = (store.data.overview?.types ?? []).filter((type) => type.stateAttribute !== undefined);
  return el(
    'span',
    { class: 'group scrolls', role: 'group', 'aria-label': t('Type of the state machine') },
    types.map(({ entity }) =>
      el(
        'button',
        {
          type: 'button',
          class: 'textButton small',
          'data-key': `machine ${entity}`,
          'aria-pressed': String(entity === chosen),
          click: () => store.choose({ type: entity }),
        },
        name(cut(entity)),
      ),
    ),
  );
}
