// One tooltip for all pictures. It explains what is under the pointer and changes nothing.
import { el, replace, type Child } from './elements.ts';

export class Tooltip {
  readonly node = el('div', { class: 'tooltip', role: 'tooltip', hidden: true });

  show(at: { readonly clientX: number; readonly clientY: number }, ...content: readonly Child[]): void {
    replace(this.node, ...content);
    this.node.hidden = false;
    const { offsetWidth, offsetHeight } = this.node;
    const below = at.clientY + 18;
    const top = below + offsetHeight > innerHeight ? at.clientY - offsetHeight - 10 : below;
    this.node.style.setProperty('left', `${Math.max(4, Math.min(at.clientX + 14, innerWidth - offsetWidth - 6))}px`);
    this.node.style.setProperty('top', `${Math.max(4, top)}px`);
  }

  hide(): void {
    this.node.hidden = true;
  }
}
