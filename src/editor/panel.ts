// Hosts the panel, in the panel area and as a tab. Its messages are the adapter's requests: they are relayed untouched.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { isFailure, messageOf } from '../model/index.ts';
import type { Arguments, Overview, PanelMessage, RequestName } from '../present/index.ts';
import type { Programs } from './program.ts';
import type { Sessions } from './sessions.ts';
import { takeShared, type Sharing } from './sharing.ts';
import { openSource } from './sourceLinks.ts';
import { listTargets } from './targetPicker.ts';

export const PANEL_VIEW = 'semstate.panel';
const TAB_TYPE = 'semstate.panelTab';

export interface PanelContext {
  readonly extensionUri: vscode.Uri;
  readonly sessions: Sessions;
  readonly programs: Programs;
  readonly sharing: Sharing;
  attach(target: string): Promise<void>;
}

export function registerPanel(context: PanelContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider(
      PANEL_VIEW,
      { resolveWebviewView: (view) => void view.onDidDispose(host(view.webview, context, () => view.visible)) },
      { webviewOptions: { retainContextWhenHidden: true } },
    ),
    vscode.window.registerWebviewPanelSerializer(TAB_TYPE, {
      deserializeWebviewPanel: (tab) => {
        tab.onDidDispose(host(tab.webview, context, () => tab.visible));
        return Promise.resolve();
      },
    }),
  );
}

export function openPanelTab(context: PanelContext): void {
  const title = vscode.l10n.t('Semantic State');
  const tab = vscode.window.createWebviewPanel(TAB_TYPE, title, vscode.ViewColumn.Active, {
    retainContextWhenHidden: true,
  });
  tab.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'icon.svg');
  tab.onDidDispose(host(tab.webview, context, () => tab.visible));
}

/** Connects a webview; gives the function that ends it. */
function host(webview: vscode.Webview, context: PanelContext, isVisible: () => boolean): () => void {
  const folder = vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  const post = (message: PanelMessage): void => void webview.postMessage(message);
  const subscriptions = [
    webview.onDidReceiveMessage((message: PanelMessage) => {
      if (message.type === 'request') void answer(message, context).then(post);
    }),
    context.sessions.onDidChange(() => post({ type: 'event', name: 'semantic/changed', body: { what: 'phase' } })),
    context.sessions.onMessage(({ name, body }) => post({ type: 'event', name, body })),
    context.sharing.join({
      isVisible,
      ask: (form) => post({ type: 'event', name: 'semantic/shareWanted', body: { form } }),
    }),
  ];
  webview.html = page(webview, folder, textsOf(context.extensionUri));
  return () => vscode.Disposable.from(...subscriptions).dispose();
}

type Request = Extract<PanelMessage, { type: 'request' }>;
type Response = Extract<PanelMessage, { type: 'response' }>;

async function answer({ id, name, args }: Request, context: PanelContext): Promise<Response> {
  try {
    return { type: 'response', id, result: await resultOf(name, args, context) };
  } catch (error) {
    return { type: 'response', id, failure: failureOf(error) };
  }
}

async function resultOf(name: RequestName, args: unknown, context: PanelContext): Promise<unknown> {
  const { sessions } = context;
  if (name === 'semantic/open')
    return { opened: await openSource((args as Arguments<'semantic/open'>).source, sessions.sourceDirectories()) };
  if (name === 'semantic/attach' && !sessions.current) {
    await context.attach((args as Arguments<'semantic/attach'>).target);
    return {};
  }
  if (name === 'semantic/overview' && !sessions.current) return withoutSession(context);
  if (name === 'semantic/share') return takeShared(args as Arguments<'semantic/share'>);
  // A link opens the editor it was copied in.
  if (name === 'semantic/link') return sessions.request(name, { scheme: vscode.env.uriScheme });
  if (name === 'semantic/story')
    return sessions.request(name, { ...(args as Arguments<'semantic/story'>), scheme: vscode.env.uriScheme });
  return sessions.request(name, args as never);
}

async function withoutSession({ sessions, programs }: PanelContext): Promise<Overview> {
  const nothing = {
    targets: [],
    first: 0,
    last: 0,
    events: 0,
    entities: 0,
    lost: 0,
    cursor: { seq: 0, time: 0, ordinal: 0, of: 0, live: true, text: '' },
    types: [],
    snapshots: [],
    gaps: [],
    density: [],
    colours: {},
    laws: [],
  };
  if (sessions.starting) return { phase: 'loading', progress: sessions.starting, ...nothing };
  return { phase: 'empty', attachable: (await listTargets(programs)).targets, ...nothing };
}

/** Errors of the adapter reach the editor as text: `what` with the action and code in the message's variables. */
function failureOf(error: unknown): NonNullable<Response['failure']> {
  if (isFailure(error)) return { code: error.code, message: error.message, action: error.action };
  return { code: 'request-failed', message: messageOf(error), action: '' };
}

interface PanelTexts {
  readonly lang: string;
  /** Absent: the panel's own, which are English. */
  readonly json?: string;
}

/** The panel's texts in the editor's language. They stand in a script element: `<` must not be able to end it. */
function textsOf(extensionUri: vscode.Uri): PanelTexts {
  if (!vscode.env.language.toLowerCase().startsWith('zh')) return { lang: 'en' };
  const file = vscode.Uri.joinPath(extensionUri, 'l10n', 'panel.zh-cn.json').fsPath;
  const texts: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return { lang: 'zh-CN', json: JSON.stringify(texts).replaceAll('<', '\\u003c') };
}

function page(webview: vscode.Webview, folder: vscode.Uri, { lang, json }: PanelTexts): string {
  const uri = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  const nonce = randomBytes(16).toString('base64');
  return `<!DOCTYPE html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}; img-src ${webview.cspSource} data:; font-src ${webview.cspSource};">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri('panel.css')}">
<title>Semantic State</title>
</head>
<body>
<div id="panel"></div>
${json === undefined ? '' : `<script type="application/json" id="texts" nonce="${nonce}">${json}</script>`}
<script type="module" nonce="${nonce}" src="${uri('panel.js')}"></script>
</body>
</html>`;
}
