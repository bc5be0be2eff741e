// What the extension does inside a real extension host, without looking at the screen.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const ID = 'semantic-state-debugger.semantic-state-debugger';
const TYPE = 'semantic';

/** A local Node service started by whoever runs the suite. */
const target = process.env['SEMSTATE_TARGET'] ?? '';
const source = process.env['SEMSTATE_SOURCE'] ?? '';
/** A stored timeline. */
const store = process.env['SEMSTATE_STORE'] ?? '';

const started = (): Promise<vscode.DebugSession> => next(vscode.debug.onDidStartDebugSession, (s) => s.type === TYPE);

function next<T>(event: vscode.Event<T>, matches: (value: T) => boolean, what = 'event'): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${what} within 40 s`)), 40_000);
    const subscription = event((value) => {
      if (!matches(value)) return;
      clearTimeout(timer);
      subscription.dispose();
      resolve(value);
    });
  });
}

export function defineSuite(): void {
  describe('Semantic State Debugger', () => {
    it('activates in under 100 ms of its own', async () => {
      const extension = vscode.extensions.getExtension(ID);
      assert.ok(extension, `${ID} is not there`);
      const { activationMs } = (await extension.activate()) as { activationMs: number };
      assert.ok(activationMs < 100, `activation took ${activationMs.toFixed(0)} ms`);
    });

    it('registers every command it declares', async () => {
      const { contributes } = vscode.extensions.getExtension(ID)?.packageJSON as {
        contributes: { commands: { command: string }[] };
      };
      const registered = new Set(await vscode.commands.getCommands(true));
      assert.deepEqual(
        contributes.commands.filter(({ command }) => !registered.has(command)),
        [],
      );
    });

    it('attaches to a running process, shows its entities, and leaves it running', async () => {
      const session = started();
      const ok = await vscode.debug.startDebugging(vscode.workspace.workspaceFolders?.[0], {
        type: TYPE,
        request: 'attach',
        name: 'shop',
        target,
        source: [source],
      });
      assert.ok(ok, 'the session did not start');
      const attached = await session;
      const { threads } = (await attached.customRequest('threads')) as { threads: { id: number; name: string }[] };
      assert.equal(threads.length, 1);
      const { stackFrames } = (await attached.customRequest('stackTrace', { threadId: threads[0]?.id })) as {
        stackFrames: { id: number; name: string }[];
      };
      assert.match(stackFrames[0]?.name ?? '', /^Snapshot 1/);
      const { result } = (await attached.customRequest('evaluate', {
        expression: 'count(Order)',
        frameId: stackFrames[0]?.id,
        context: 'watch',
      })) as { result: string };
      assert.match(result, /^\d+$/);
      const ended = next(vscode.debug.onDidTerminateDebugSession, (s) => s.type === TYPE, 'end of the session');
      await vscode.debug.stopDebugging(attached);
      await ended;
      process.kill(Number(target.replace('pid:', '')), 0);
    });

    it('opens the model of the workspace as a document with links to source', async () => {
      await vscode.commands.executeCommand('semstate.extractModel');
      const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'semstate-model');
      assert.ok(document, 'no model document');
      assert.match(document.getText(), /Order/);
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        'vscode.executeLinkProvider',
        document.uri,
      );
      assert.ok(
        links.some(({ target: to }) => /order\.ts$/.test(to?.path ?? '')),
        'no link to a source file',
      );
    });

    it('opens a link to a point in a stored timeline, copies it again, and the story with it', async () => {
      const link = `vscode://${ID}/open?${encodeURIComponent(JSON.stringify({ store, at: 1 }))}`;
      const session = started();
      await vscode.commands.executeCommand('semstate.openLink', link);
      const opened = await session;
      const { cursor, types } = (await opened.customRequest('semantic/overview', {})) as {
        cursor: { seq: number };
        types: { entity: string; count: number }[];
      };
      assert.equal(cursor.seq, 1);
      const { lanes } = (await opened.customRequest('semantic/lanes', { all: true, limit: 1 })) as {
        lanes: { ref: { entity: string; id: string | number } }[];
      };
      const ref = lanes[0]?.ref;
      assert.ok(ref, JSON.stringify(types));
      await opened.customRequest('semantic/focus', { ref });
      await vscode.commands.executeCommand('semstate.copyStory');
      const story = await vscode.env.clipboard.readText();
      assert.match(story, /^## /);
      assert.match(story, new RegExp(`${vscode.env.uriScheme}://${ID}/open\\?`));
      await vscode.commands.executeCommand('semstate.copyLink');
      const copied = vscode.Uri.parse(await vscode.env.clipboard.readText(), true);
      assert.deepEqual(JSON.parse(copied.query), { store, at: 1, ...ref });
      // The same timeline again: no second session, only another place.
      await opened.customRequest('semantic/goto', { step: 'live' });
      await vscode.commands.executeCommand('semstate.openLink', link);
      const again = (await opened.customRequest('semantic/overview', {})) as { cursor: { seq: number } };
      assert.equal(again.cursor.seq, 1);
      assert.equal(vscode.debug.activeDebugSession?.id, opened.id);
      const ended = next(vscode.debug.onDidTerminateDebugSession, (s) => s.type === TYPE, 'end of the session');
      await vscode.debug.stopDebugging(opened);
      await ended;
    });

    it('describes a debug configuration to whoever writes a launch.json', async () => {
      const { contributes } = vscode.extensions.getExtension(ID)?.packageJSON as {
        contributes: { debuggers: { type: string; configurationSnippets: unknown[] }[] };
      };
      assert.equal(contributes.debuggers[0]?.type, TYPE);
      assert.ok((contributes.debuggers[0]?.configurationSnippets.length ?? 0) >= 3);
    });
  });
}
