// The states of the panel in which there is nothing to step through: nothing attached, attaching, failed, no model.
import type { Overview, TargetEntry } from './contract.ts';
import { el, name, type Child } from './elements.ts';
import { cut } from './format.ts';
import { icon } from './icons.ts';
import type { PanelStore } from './store.ts';
import { list, retold, t } from './texts.ts';

/** Undefined where there is a recording to show. */
export function phaseView(store: PanelStore, overview: Overview): HTMLElement | undefined {
  switch (overview.phase) {
    case 'ready':
    case 'disconnected':
      return undefined;
    case 'empty':
      return centred(
        el('h1', {}, t('No service attached')),
        el(
          'p',
          { class: 'dim' },
          t(
            'Attach to a running container to see its orders, payments and other entities, and every state they pass through. Reading changes nothing in the target.',
          ),
        ),
        attachable(store, overview.attachable ?? []),
      );
    case 'loading':
      return loading(store, overview);
    case 'error':
      return centred(
        el(
          'h1',
          { class: 'chip' },
          el('span', { class: 'law chip' }, icon('warning', 18)),
          cut(overview.failure?.message ?? t('It did not work.'), 400),
        ),
        el('p', {}, cut(overview.failure?.action ?? '', 400)),
        el('p', { class: 'small dim' }, t('{0}. The target was not changed.', overview.failure?.code ?? t('unknown'))),
        el(
          'div',
          { class: 'buttons' },
          button(t('Try again'), 'primary', () => store.host.request('semantic/overview', {}).then(() => retry(store))),
        ),
      );
    case 'no-model':
      return centred(
        el('h1', {}, t('No business entities found')),
        el(
          'p',
          {},
          t(
            'The sources and the memory of the target were read, and nothing in them has identity and state of its own. For a service that only transforms or relays, that is the answer.',
          ),
        ),
        targets(overview),
        el(
          'p',
          { class: 'small dim' },
          t(
            'If entities were expected: check the source directories of the attach configuration, and name types in semstate.json.',
          ),
        ),
        el(
          'div',
          { class: 'buttons' },
          button(t('Take another snapshot'), 'secondary', () => store.takeSnapshot()),
        ),
      );
  }
}

function retry(store: PanelStore): void {
  store.version++;
  store.refresh();
}

function wayText(way: TargetEntry['attach']): string {
  const words: { readonly [one in TargetEntry['attach']]: string } = {
    'inspector-open': t('inspector is open'),
    'inspector-can-open': t('inspector can be opened'),
    'memory-only': t('memory only'),
    no: t('cannot be attached to'),
  };
  return words[way];
}

function attachable(store: PanelStore, entries: readonly TargetEntry[]): Child {
  if (entries.length === 0)
    return el(
      'p',
      { class: 'small dim' },
      t('Nothing that runs here can be attached to. Start a container, or a Node process.'),
    );
  return [
    el('div', { class: 'small dim' }, t('Running here')),
    el(
      'table',
      { class: 'grid' },
      el(
        'tbody',
        {},
        entries
          .slice(0, 50)
          .map((entry) =>
            el(
              'tr',
              {},
              el('th', { scope: 'row', title: entry.target.slice(0, 300) }, name(cut(entry.name ?? entry.target))),
              el('td', { class: 'dim' }, cut(entry.target.split(':')[0] ?? '')),
              el(
                'td',
                { class: 'dim wraps' },
                list(
                  [
                    entry.image,
                    entry.language === 'unknown' ? undefined : entry.language,
                    wayText(entry.attach),
                    entry.why,
                  ]
                    .filter((text) => text !== undefined)
                    .map((text) => cut(text)),
                ),
              ),
              el('td', {}, CAN_ATTACH.has(entry.attach) && attachButton(store, entry)),
            ),
          ),
      ),
    ),
  ];
}

const CAN_ATTACH: ReadonlySet<TargetEntry['attach']> = new Set(['inspector-open', 'inspector-can-open']);

function attachButton(store: PanelStore, entry: TargetEntry): HTMLElement {
  const attach = button(t('Attach'), 'secondary', () => store.attach(entry.target));
  attach.dataset['key'] = `attach ${entry.target}`;
  attach.setAttribute('aria-label', t('Attach to {0}', cut(entry.name ?? entry.target)));
  return attach;
}

function targets(overview: Overview): HTMLElement | undefined {
  if (overview.targets.length === 0) return undefined;
  return el(
    'ul',
    { class: 'small' },
    overview.targets.map((target) =>
      el('li', {}, name(cut(list([target.name, target.image, target.pid !== undefined && `pid ${target.pid}`]), 160))),
    ),
  );
}

function loading(store: PanelStore, overview: Overview): HTMLElement {
  const phases = overview.progress ?? [];
  const done = phases.filter((phase) => phase.state === 'done').length;
  const share = phases.length
    ? Math.round(((done + (done < phases.length ? 0.5 : 0)) / phases.length) * 100)
    : undefined;
  const names = list(overview.targets.map((target) => cut(target.name)));
  return centred(
    el('h1', {}, names ? t('Attaching to {0}', names) : t('Attaching')),
    el(
      'div',
      {
        class: 'progress',
        role: 'progressbar',
        'aria-label': t('Progress'),
        'aria-valuemin': 0,
        'aria-valuemax': 100,
        'aria-valuenow': share,
      },
      el('i', { style: { width: `${share ?? 10}%` } }),
    ),
    el(
      'table',
      { class: 'grid' },
      el(
        'tbody',
        {},
        phases.map((phase) =>
          el(
            'tr',
            { class: phase.state === 'waiting' ? 'dim' : '' },
            el('td', { class: 'sign' }, { done: '✓', running: '●', waiting: '' }[phase.state]),
            el('td', { class: 'wraps' }, cut(phase.message, 160)),
            el('td', { class: 'amount' }, retold(cut(phase.detail ?? '', 80), '{0} of {1}')),
          ),
        ),
      ),
    ),
    el(
      'div',
      { class: 'buttons' },
      button(t('Cancel (Esc)'), 'secondary', () => store.cancel()),
    ),
  );
}

function centred(...content: readonly Child[]): HTMLElement {
  return el('div', { class: 'centred' }, el('div', { class: 'message' }, content));
}

function button(text: string, kind: 'primary' | 'secondary', click: () => unknown): HTMLElement {
  return el(
    'button',
    { type: 'button', class: `button ${kind}`, 'data-key': `button ${text}`, click: () => void click() },
    text,
  );
}
