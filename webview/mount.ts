// Puts the panel into a page: measures its shape, lays its parts out, and draws what changed, once for each frame.
// Knows its host by the contract only.
import { readChoices } from './choices.ts';
import { patternDefinitions } from './colours.ts';
import type { PanelHost } from './contract.ts';
import { DetailsView } from './details.ts';
import { DiffView, diffChoices } from './diff.ts';
import { el, forgetWidths, replace } from './elements.ts';
import { EventList } from './eventList.ts';
import { clockMillis, cut } from './format.ts';
import { GraphView } from './graph.ts';
import { KeyHelp } from './keyHelp.ts';
import { handleKey } from './keys.ts';
import { MachineView } from './machine.ts';
import { moveFocus } from './laneFocus.ts';
import { Measured } from './measured.ts';
import { noticeBar } from './noticeBar.ts';
import { phaseView } from './phases.ts';
import { resizer } from './resizer.ts';
import { Inputs, type Stage } from './stage.ts';
import type { Shape } from './panelData.ts';
import { PanelStore } from './store.ts';
import { Story } from './story.ts';
import { Timeline } from './timeline.ts';
import { Toolbar, viewTabs } from './toolbar.ts';
import { Tooltip } from './tooltip.ts';
import { typeChoices } from './typeChoices.ts';
import { watchTheme } from './theme.ts';
import { list, t } from './texts.ts';
import { cursorText } from './words.ts';

/** Where a host keeps what the user chose; without one the panel forgets it when it is closed. */
export interface Memory {
  get(): unknown;
  set(value: unknown): void;
}

const NARROW = 520;
const LOW = 520;
/** Below this width the details become a drawer. */
const NO_SIDE = 860;

/** @returns a function that takes the panel out of the page again. */
export function mountPanel(root: HTMLElement, host: PanelHost, memory?: Memory): () => void {
  const store = new PanelStore(host, readChoices(memory?.get()));
  const voice = el('div', { class: 'unseen', 'aria-live': 'polite', 'data-voice': '' });
  const tooltip = new Tooltip();
  const stage: Stage = { store, tooltip, announce: (text) => (voice.textContent = cut(text, 300)) };
  const toolbar: Toolbar = new Toolbar(stage, () => root);
  const timeline = new Timeline(stage);
  const story = new Story(stage);
  const details = new DetailsView(stage);
  const events = new EventList(stage);
  const views = { graph: new GraphView(stage), states: new MachineView(stage), diff: new DiffView(stage) };
  const main = el('main', { class: 'main' });
  const lower = el('div', { class: 'viewBar' });
  const message = el('div', { class: 'phase' });
  const notice = el('div', { class: 'noticePlace' });
  const side = el('div', { class: 'side' }, resizer(stage), details.node);
  const help = new KeyHelp();
  const frame = el('div', { class: 'frame' }, toolbar.node, main, side, notice, message);
  const definitions = patternDefinitions();
  root.classList.add('semanticPanel');
  root.replaceChildren(definitions, frame, help.node, tooltip.node, voice);

  const whole = new Measured(root, () => resized());
  const inner = new Measured(main, () => request());
  const layout = new Inputs();
  const lowerInputs = new Inputs();
  const kept = new Inputs();
  const said = new Inputs();
  let theme = 0;
  let asked = false;

  function draw(): void {
    asked = false;
    const { overview, cursor } = store.data;
    const { shape, choices } = store;
    toolbar.render();
    replace(notice, noticeBar(store));
    if (!overview) return;
    const phase = phaseView(store, overview);
    frame.dataset['phase'] = overview.phase;
    message.hidden = phase === undefined;
    main.hidden = side.hidden = phase !== undefined;
    if (phase) {
      layout.forget();
      return replace(message, phase);
    }
    arrange();
    if (shape !== 'sidebar' && main.contains(timeline.node)) {
      const room = timeline.wanted;
      timeline.render(theme);
      // It was given the room it wanted before: lanes that came since need another.
      if (timeline.wanted !== room) request();
    }
    if (main.contains(story.node)) {
      timeline.minimap.render(inner.width);
      story.render(theme);
    }
    details.render();
    for (const view of Object.values(views)) if (main.contains(view.node)) view.render();
    if (main.contains(events.node)) events.render();
    if (kept.changed(choices)) memory?.set(choices);
    if (cursor && said.changed(cursor.seq, cursor.live, cursor.text))
      stage.announce(
        list([
          cursor.live && t('live'),
          cursorText(cursor, overview),
          clockMillis(cursor.time),
          t('event {0} of {1}', cursor.ordinal, cursor.of),
        ]),
      );
  }

  /** Which parts are where. Parts move only when the shape or the view is another one. */
  function arrange(): void {
    const { shape, choices } = store;
    const below = choices.view === 'timeline' ? 'graph' : choices.view;
    const noSide = shape !== 'sidebar' && whole.width < NO_SIDE;
    const named = `frame ${shape}${noSide ? ' drawer' : ''}`;
    if (frame.className !== named) frame.className = named;
    side.hidden = shape === 'sidebar' || (noSide && !choices.drawer);
    if (choices.side === undefined) frame.style.removeProperty('--side');
    else frame.style.setProperty('--side', `${choices.side}px`);
    if (
      lowerInputs.changed(
        shape,
        choices.view,
        choices.attribute,
        choices.diffFrom,
        store.data.overview,
        store.data.diff,
        store.data.cursor?.seq,
        store.stateType(),
      )
    )
      replace(lower, shape === 'tab' && viewTabs(stage, ['graph', 'states', 'diff']), viewChoices());
    if (shape === 'tab') {
      const most = whole.height * (choices.view === 'timeline' || choices.view === 'graph' ? 0.5 : 0.42);
      timeline.node.style.setProperty('flex', `0 0 ${Math.round(Math.min(most, 75 + timeline.wanted))}px`);
    } else timeline.node.style.removeProperty('flex');
    if (!layout.changed(shape, choices.view)) return;
    if (shape === 'sidebar') {
      const top = choices.view === 'states' || choices.view === 'diff' ? [lower] : [details.node];
      const rest = choices.view === 'timeline' ? [timeline.minimap.node, story.node] : [views[choices.view].node];
      replace(main, ...top, ...rest);
    } else if (shape === 'tab') {
      main.replaceChildren(timeline.node, lower, views[below].node);
      if (below === 'graph') {
        main.append(events.node);
        events.shown();
      }
    } else if (choices.view === 'timeline') main.replaceChildren(timeline.node);
    else main.replaceChildren(...(choices.view === 'graph' ? [] : [lower]), views[choices.view].node);
    if (shape !== 'sidebar' && details.node.parentElement !== side) side.append(details.node);
    if (shape !== 'sidebar') timeline.node.querySelector('.minimapRow')?.append(timeline.minimap.node);
  }

  function viewChoices(): HTMLElement | undefined {
    if (store.choices.view === 'states') return typeChoices(stage);
    return store.choices.view === 'diff' ? diffChoices(stage) : undefined;
  }

  function request(): void {
    if (asked) return;
    asked = true;
    requestAnimationFrame(draw);
  }

  const resized = (): void => {
    const { width, height } = whole;
    const shape: Shape = width < NARROW ? 'sidebar' : height < LOW ? 'panel' : 'tab';
    root.dataset['shape'] = shape;
    if (shape === store.shape) return request();
    store.shape = shape;
    store.refresh();
  };
  const forgetTheme = watchTheme(() => {
    theme++;
    forgetWidths();
    request();
  });

  const onKey = (event: KeyboardEvent) => {
    const handled = handleKey(event, {
      store,
      search: () => toolbar.search.focus(),
      filter: () => toolbar.filters.toggle(),
      share: () => toolbar.exports.toggle(),
      move: (by) => moveFocus(stage, root, by),
      enter: () => {
        // A button under the keyboard focus acts by itself; Enter elsewhere opens the details where they are a drawer.
        if (event.target instanceof Element && event.target.closest('button, [role=button], [role=option], a'))
          return false;
        if (event.target instanceof HTMLElement && event.target.dataset['seq'])
          store.goto({ seq: Number(event.target.dataset['seq']) });
        else store.choose({ drawer: !store.choices.drawer });
        return true;
      },
      help: () => help.toggle(),
      escape: () => {
        tooltip.hide();
        if (help.open) help.close();
        else if (store.data.overview?.phase === 'loading') store.cancel();
        else if (store.notice) store.tell(undefined);
        else if (store.choices.drawer) store.choose({ drawer: false });
      },
    });
    if (handled) event.preventDefault();
  };
  root.addEventListener('keydown', onKey);
  // Before anything in the panel was focused, keys arrive at the body.
  const onBodyKey = (event: KeyboardEvent) => {
    if (event.target === document.body) onKey(event);
  };
  document.addEventListener('keydown', onBodyKey);
  const forgetWishes = host.on('semantic/shareWanted', ({ form }) => void toolbar.exports.share(form));
  store.start(request);

  return () => {
    store.dispose();
    forgetWishes();
    timeline.dispose();
    for (const one of [whole, inner]) one.dispose();
    forgetTheme();
    root.removeEventListener('keydown', onKey);
    document.removeEventListener('keydown', onBodyKey);
    root.replaceChildren();
  };
}
