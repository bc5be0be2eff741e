// The panel inside VS Code: messages to the extension, which relays them to the debug session untouched.
import type { PanelHost } from './contract.ts';
import { MessageHost } from './messages.ts';
import type { Memory } from './mount.ts';

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
