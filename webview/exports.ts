// What leaves the panel: the view as a picture, the story of the focus as Markdown, a link to the point. A menu to choose from; the
// host has files and a clipboard, and where it has none the page's own are used.
import type { Arguments } from './contract.ts';
import { el, replace } from './elements.ts';
import { refText } from './format.ts';
import { icon, iconButton } from './icons.ts';
import { asNotice } from './notice.ts';
import { paintedPicture, pictureOf } from './picture.ts';
import type { Stage } from './stage.ts';
import { t } from './texts.ts';

type Shared = Arguments<'semantic/share'>;
type Form = Shared['form'];

const KINDS = { svg: 'image/svg+xml', png: 'image/png', markdown: 'text/markdown', link: 'text/plain' } as const;

export class Exports {
  /** The button with the menu that opens below it. */
  readonly opener: HTMLElement;
  readonly #button: HTMLElement;
  readonly #menu = el('div', {
    class: 'popup menu',
    id: 'exportMenu',
    role: 'menu',
    'aria-label': t('Export and share'),
    hidden: true,
  });
  readonly #stage: Stage;
  readonly #picture: () => HTMLElement;

  /** @param picture the part of the page that is the view */
  constructor(stage: Stage, picture: () => HTMLElement) {
    this.#stage = stage;
    this.#picture = picture;
    this.#button = iconButton('share', t('Export and share'), 'e', () => this.toggle(), {
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'aria-controls': 'exportMenu',
    });
    this.opener = el('span', { class: 'opener atEnd' }, this.#button, this.#menu);
    this.#menu.addEventListener('keydown', (event) => this.#key(event));
    this.opener.addEventListener('focusout', ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.opener.contains(relatedTarget))) this.#show(false);
    });
  }

  toggle(open = Boolean(this.#menu.hidden)): void {
    this.#show(open);
    if (open) this.#menu.querySelector<HTMLElement>('button')?.focus();
    else this.#button.focus();
  }

  /** Makes it and hands it on. */
  async share(form: Form): Promise<void> {
    const { store } = this.#stage;
    try {
      const content = await this.#contentOf(form);
      if (content === undefined) return;
      const { focus, cursor } = store.data;
      const name = `${focus ? `${focus.entity}-${focus.id}` : store.choices.view}-${cursor?.seq ?? 0}`;
      const shared: Shared = { form, name: name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80), content };
      const { done } = await store.host.request('semantic/share', shared);
      if (!done) await shareFromPage(shared);
      if (form === 'markdown' || form === 'link') store.tell({ text: copiedText(form) });
    } catch (error) {
      store.tell(asNotice(error));
    }
  }

  async #contentOf(form: Form): Promise<string | undefined> {
    const { host, data } = this.#stage.store;
    switch (form) {
      case 'svg':
        return pictureOf(this.#picture());
      case 'png':
        return paintedPicture(this.#picture());
      case 'link':
        return (await host.request('semantic/link', {})).link;
      case 'markdown':
        if (data.focus) return (await host.request('semantic/story', { ref: data.focus })).markdown;
        this.#stage.store.tell({ text: t('Focus an entity first: the story is of one.') });
        return undefined;
    }
  }

  #show(open: boolean): void {
    if (open) this.#fill();
    this.#menu.hidden = !open;
    this.#button.setAttribute('aria-expanded', String(open));
  }

  #fill(): void {
    const { focus } = this.#stage.store.data;
    const item = (form: Form, text: string, detail: string, disabled = false) =>
      el(
        'button',
        {
          type: 'button',
          class: 'option',
          role: 'menuitem',
          'data-key': `export ${form}`,
          disabled,
          click: () => {
            this.toggle(false);
            void this.share(form);
          },
        },
        icon(form === 'svg' || form === 'png' ? 'snapshot' : form === 'link' ? 'link' : 'story', 13),
        el('span', { class: 'shrinks' }, text),
        el('span', { class: 'dim right' }, detail),
      );
    replace(
      this.#menu,
      item('markdown', focus ? t('Copy the story of {0}', refText(focus)) : t('Copy the story'), 'Markdown', !focus),
      item('link', t('Copy a link to this point'), ''),
      item('svg', t('Save the view as a picture'), 'SVG'),
      item('png', t('Save the view as a picture'), 'PNG'),
    );
  }

  #key(event: KeyboardEvent): void {
    const items = [...this.#menu.querySelectorAll<HTMLElement>('button:not([disabled])')];
    const at = items.findIndex((item) => item === document.activeElement);
    const places: { readonly [key: string]: number } = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: items.length - 1,
    };
    const to = places[event.key];
    if (event.key === 'Escape') this.toggle(false);
    else if (to !== undefined) items[(to + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function copiedText(form: 'markdown' | 'link'): string {
  return form === 'link' ? t('The link is in the clipboard.') : t('The story is in the clipboard.');
}

/** A page of its own has the browser's clipboard and downloads. */
async function shareFromPage({ form, name, content }: Shared): Promise<void> {
  if (form === 'markdown' || form === 'link') return navigator.clipboard.writeText(content);
  const bytes = form === 'png' ? Uint8Array.from(atob(content), (char) => char.charCodeAt(0)) : content;
  const url = URL.createObjectURL(new Blob([bytes], { type: KINDS[form] }));
  const anchor = el('a', { href: url, download: `${name}.${form}` });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
