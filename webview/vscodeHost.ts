// The panel inside VS Code: messages to the extension, which relays them to the debug session untouched.
import type { PanelHost } from './contract.ts';
import { MessageHost } from './messages.ts';
import type { Memory } from './mount.ts';
import { readTexts, type Texts } from './texts.ts';

/** What VS Code gives to a webview, once. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  var acquireVsCodeApi: (() => VsCodeApi) | undefined;
}

export function inVsCode(): boolean {
  return typeof globalThis.acquireVsCodeApi === 'function';
}

export function connectToVsCode(): { readonly host: PanelHost; readonly memory: Memory } {
  const api = globalThis.acquireVsCodeApi?.();
  if (!api) throw new Error('not inside a webview of VS Code');
  const host = new MessageHost((message) => api.postMessage(message));
  addEventListener('message', (event) => host.receive(event.data));
  return { host, memory: { get: () => api.getState(), set: (value) => api.setState(value) } };
}

/** The dictionary that the extension wrote into the page; it writes none where the editor's language is not known to it. */
export function textsInPage(): Texts {
  const json = document.getElementById('texts')?.textContent;
  return json ? readTexts(JSON.parse(json)) : {};
}
