// The keyboard of the panel as one table. Single keys act only while the panel has the focus and nobody is typing.
import type { Goto } from './contract.ts';
import type { Choices } from './choices.ts';
import type { PanelStore } from './store.ts';

export interface KeyTargets {
  readonly store: PanelStore;
  search(): void;
  filter(): void;
  share(): void;
  /** Moves between lanes; in the story between events of the focus. */
  move(by: 1 | -1): void;
  enter(): boolean;
  help(): void;
  escape(): void;
}

type Step = Extract<Goto, { step: unknown }>['step'];

const STEPS: { readonly [key: string]: Step } = {
  ArrowLeft: 'previous',
  ArrowRight: 'next',
  'Alt ArrowLeft': 'previousOfFocus',
  'Alt ArrowRight': 'nextOfFocus',
  '[': 'previousSnapshot',
  ']': 'nextSnapshot',
  Home: 'first',
  End: 'live',
};

const VIEW_KEYS: { readonly [key: string]: Choices['view'] } = { t: 'timeline', g: 'graph', s: 'states', d: 'diff' };
const ZOOM = 1.3;

/** True where the key was one of the panel's. */
export function handleKey(event: KeyboardEvent, targets: KeyTargets): boolean {
  if (event.ctrlKey || event.metaKey || isTyping(event.target)) return false;
  const { store } = targets;
  const key = event.altKey ? `Alt ${event.key}` : event.key;
  const step = STEPS[key];
  if (step !== undefined) {
    store.goto({ step });
    return true;
  }
  const view = VIEW_KEYS[key];
  if (view !== undefined) {
    store.choose({ view });
    return true;
  }
  switch (key) {
    case 'ArrowUp':
    case 'ArrowDown':
      targets.move(key === 'ArrowUp' ? -1 : 1);
      return true;
    case 'Enter':
      return targets.enter();
    case '/':
      targets.search();
      return true;
    case '?':
      targets.help();
      return true;
    case 'f':
      targets.filter();
      return true;
    case 'e':
      targets.share();
      return true;
    case 'c':
      store.takeSnapshot();
      return true;
    case 'z':
      store.zoomToSteps();
      return true;
    case '+':
    case '=':
    case '-':
      store.zoom(key === '-' ? ZOOM : 1 / ZOOM);
      return true;
    case 'o':
      store.choose({ axis: store.choices.axis === 'clock' ? 'order' : 'clock' });
      return true;
    case 'a':
      store.choose({ scope: store.choices.scope === 'all' ? 'around' : 'all' });
      return true;
    case 'Escape':
      targets.escape();
      return true;
    default:
      return false;
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
