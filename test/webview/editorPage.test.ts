// The page that the extension puts into a webview: its language, and the texts it hands over, safe inside a script element.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const place = mkdtempSync(join(tmpdir(), 'semstate-test-'));

/** As much of VS Code as a page needs: its language, addresses, and who provides the view. */
const VSCODE = `
  import { join } from 'node:path';
  const nothing = { dispose() {} };
  const uri = (fsPath) => ({ fsPath, toString: () => 'vscode-resource:' + fsPath });
  export const env = { get language() { return globalThis.editorLanguage; } };
  export const Uri = { joinPath: (base, ...parts) => uri(join(base.fsPath, ...parts)) };
  export const Disposable = { from: () => nothing };
  export const window = {
    registerWebviewViewProvider: (id, provider) => { globalThis.panelProvider = provider; return nothing; },
    registerWebviewPanelSerializer: () => nothing,
  };
`;

interface PanelModule {
  registerPanel(context: unknown): unknown;
}
const shared = globalThis as { editorLanguage?: string; panelProvider?: { resolveWebviewView(view: unknown): void } };
let panel: PanelModule;

before(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/editor/panel.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    plugins: [
      {
        name: 'vscode',
        setup(at) {
          at.onResolve({ filter: /^vscode$/ }, ({ path }) => ({ path, namespace: 'editor' }));
          at.onLoad({ filter: /.*/, namespace: 'editor' }, () => ({
            contents: VSCODE,
            loader: 'js',
            resolveDir: root,
          }));
        },
      },
    ],
  });
  const file = join(place, 'panel.mjs');
  writeFileSync(file, outputFiles[0]?.text ?? '');
  panel = (await import(pathToFileURL(file).href)) as PanelModule;
});
after(() => rmSync(place, { recursive: true, force: true }));

function pageIn(language: string, extension = root): string {
  shared.editorLanguage = language;
  const event = (): { dispose(): void } => ({ dispose() {} });
  panel.registerPanel({
    extensionUri: { fsPath: extension },
    sessions: { onDidChange: event, onMessage: event },
    sharing: { join: event },
  });
  const webview = {
    html: '',
    options: {},
    cspSource: 'vscode-resource:',
    asWebviewUri: String,
    onDidReceiveMessage: event,
  };
  shared.panelProvider?.resolveWebviewView({ webview, onDidDispose: event });
  return webview.html;
}

/** The texts that a page hands over, as its panel finds them. */
function textsIn(html: string): unknown {
  const nonce = /script-src 'nonce-([^']+)'/.exec(html)?.[1];
  const [all = '', given, json = ''] =
    /<script type="application\/json" id="texts" nonce="([^"]+)">(.*?)<\/script>/s.exec(html) ?? [];
  assert.equal(given, nonce);
  assert.ok(html.indexOf(all) < html.indexOf('panel.js'), 'before the panel reads it');
  return JSON.parse(json);
}

test('a Chinese editor hands the whole dictionary over', () => {
  for (const language of ['zh-cn', 'zh-tw']) {
    const html = pageIn(language);
    assert.match(html, /<html lang="zh-CN">/);
    assert.deepEqual(textsIn(html), JSON.parse(readFileSync(join(root, 'l10n/panel.zh-cn.json'), 'utf8')));
  }
});

test('a text that looks like the end of the script is a text', () => {
  const texts = { 'Since {0}': '</script><script>globalThis.hit=1</script><!--' };
  mkdirSync(join(place, 'l10n'));
  writeFileSync(join(place, 'l10n/panel.zh-cn.json'), JSON.stringify(texts));
  assert.deepEqual(textsIn(pageIn('zh-cn', place)), texts);
});

test('any other editor has the texts of the panel itself, and says that they are English', () => {
  const html = pageIn('de');
  assert.match(html, /<html lang="en">/);
  assert.doesNotMatch(html, /id="texts"/);
});
