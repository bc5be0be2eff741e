// The panel as a page of its own on localhost: a WebSocket to the origin it came from carries the same messages as VS Code does.
import type { PanelHost } from './contract.ts';
import { MessageHost } from './messages.ts';
import { HostFailure } from './notice.ts';
import type { Memory } from './mount.ts';
import { followSystemTheme } from './theme.ts';
import { readTexts, t, type Texts } from './texts.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const KEPT = 'semstate.panel';

/** `#token=...` or `?token=...`: what the server printed with its address, without which it answers nobody. */
export function tokenOf(location: Pick<Location, 'hash' | 'search'>): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? new URLSearchParams(location.search).get('token');
}

export function connectToPage(): { readonly host: PanelHost; readonly memory: Memory } {
  followSystemTheme();
  const url = new URL('/ws', location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const token = tokenOf(location);
  if (token !== null) url.searchParams.set('token', token);

  let socket: WebSocket;
  let wait = FIRST_WAIT_MS;
  let lost = false;
  const unsent: string[] = [];
  const host = new MessageHost((message) => {
    const text = JSON.stringify(message);
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
    else if (lost) host.fail(disconnected());
    else unsent.push(text);
  });

  function connect(): void {
    socket = new WebSocket(url);
    socket.addEventListener('open', () => {
      wait = FIRST_WAIT_MS;
      for (const text of unsent.splice(0)) socket.send(text);
      if (lost) host.emit('semantic/changed', { what: 'phase' });
      lost = false;
    });
    socket.addEventListener('message', (event) => {
      if (typeof event.data === 'string') host.receive(JSON.parse(event.data));
    });
    socket.addEventListener('close', () => {
      const first = !lost;
      lost = true;
      unsent.length = 0;
      host.fail(disconnected());
      // Asked again, the panel finds out and says so.
      if (first) host.emit('semantic/changed', { what: 'phase' });
      setTimeout(connect, wait);
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    });
  }
  connect();
  return { host, memory: { get: recall, set: keep } };
}

/** The dictionary of the first preferred language the panel speaks; its own texts are English and need none. */
export async function textsOfServer(languages: readonly string[]): Promise<Texts> {
  const preferred = languages.find((one) => /^(en|zh)\b/i.test(one)) ?? 'en';
  if (!/^zh/i.test(preferred)) return {};
  try {
    const response = await fetch('/panel.zh-cn.json');
    if (!response.ok) return {};
    const texts = readTexts(await response.json());
    document.documentElement.lang = 'zh-CN';
    return texts;
  } catch {
    return {};
  }
}

function disconnected(): HostFailure {
  return new HostFailure(
    'disconnected',
    t('The connection to the debugger was lost.'),
    t('What is shown stays; trying again.'),
  );
}

/** A page may be denied its storage; then it remembers nothing. */
function recall(): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
  } catch {
    return undefined;
  }
}

function keep(value: unknown): void {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(value));
  } catch {
    return;
  }
}
