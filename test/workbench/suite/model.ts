// What the editor shows of the model in source, and what it writes: in a real extension host, on a copy of the shop's source.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

const source = process.env['SEMSTATE_SOURCE'] ?? '';
/** A timeline in which data and code disagree. */
const store = process.env['SEMSTATE_STORE'] ?? '';
const settings = join(source, 'semstate.json');
const saved = join(source, 'semstate.model.json');
const orderFile = vscode.Uri.file(join(source, 'order.ts'));

/** Asks until the answer is there: providers answer from what the session tells a moment later. */
async function eventually<T>(what: string, ask: () => Thenable<T> | T, isThere: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    if (Date.now() > deadline) assert.fail(`${what}: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const lenses = async (): Promise<string[]> =>
  (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', orderFile, 10)).flatMap(
    ({ command, range }) =>
      command?.command.startsWith('semstate.') ? [`${range.start.line + 1}: ${command.title}`] : [],
  );

async function hoverOn(text: string): Promise<string> {
  const document = await vscode.workspace.openTextDocument(orderFile);
  const at = document.positionAt(document.getText().indexOf(text) + 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', orderFile, at);
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : String(content)))
    .join('\n');
}

const drift = (): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(orderFile).filter((each) => each.source === 'Semantic State');

async function fixes(diagnostic: vscode.Diagnostic): Promise<vscode.CodeAction[]> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    orderFile,
    diagnostic.range,
    vscode.CodeActionKind.QuickFix.value,
  );
  // The command gives actions without their diagnostics: those of this line are all of one.
  return actions.filter(({ command }) => command?.command === 'semstate.answerFinding');
}

const run = ({ command }: vscode.CodeAction, ...more: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command?.command ?? '', ...((command?.arguments ?? []) as unknown[]), ...more);

export function defineModelSuite(): void {
  describe('The model in source', () => {
    before(() => vscode.commands.executeCommand('semstate.extractModel'));
    after(async () => {
      await vscode.debug.stopDebugging();
      for (const file of [settings, saved]) rmSync(file, { force: true });
    });

    it('stands over the class of each entity', async () => {
      await vscode.window.showTextDocument(orderFile);
      const titles = await eventually('no lens', lenses, (all) => all.length > 0);
      const line =
        readFileSync(orderFile.fsPath, 'utf8')
          .split('\n')
          .findIndex((text) => /class Order\b/.test(text)) + 1;
      assert.ok(
        titles.some((title) => title.startsWith(`${line}: entity, declared · status: placed | paid`)),
        titles.join('\n'),
      );
    });

    it('says on a state what leads there and what follows', async () => {
      const text = await hoverOn(`'shipped';`);
      assert.match(text, /\*\*`Order\.status`\*\* is `shipped`/);
      assert.match(text, /- `packed` on `OrderShipped`.*\]\(file:.*order\.ts#L\d+\)/);
      assert.match(text, /- `delivered` on `OrderDelivered`/);
    });

    it('is saved as a file that the editor finds valid, and compared with one', async () => {
      await vscode.commands.executeCommand('semstate.saveModel');
      const text = readFileSync(saved, 'utf8');
      assert.match(text, /"document": "model"/);
      const compared = async (): Promise<string> => {
        await vscode.commands.executeCommand('semstate.compareModel', vscode.Uri.file(saved));
        return vscode.window.activeTextEditor?.document.getText() ?? '';
      };
      assert.equal(await compared(), 'Nothing changed in meaning.\n');
      writeFileSync(saved, text.replaceAll('"shipped"', '"sent"').replace('"cardinality": "', '"cardinality": "x'));
      // The built-in JSON support reads the schema that the extension brings.
      const uri = vscode.Uri.file(saved);
      await vscode.window.showTextDocument(uri);
      await eventually(
        'the wrong cardinality is not marked',
        () => vscode.languages.getDiagnostics(uri).map(({ message }) => message),
        (messages) => messages.some((message) => /not accepted|not one of|Valid values/i.test(message)),
      );
      writeFileSync(saved, text.replaceAll('"shipped"', '"sent"'));
      assert.match(await compared(), /^ {2}! > status: state "sent" -> "shipped"/m);
    });

    it('is completed by the editor', async () => {
      const uri = vscode.Uri.file(saved);
      const document = await vscode.workspace.openTextDocument(uri);
      const at = document.positionAt(
        document.getText().indexOf('"confirmed"') >= 0 ? 0 : document.getText().indexOf('"declared"') + 2,
      );
      const { items } = await eventually(
        'no completion',
        () => vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', uri, at),
        (list) => list.items.length > 0,
      );
      const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      assert.ok(
        labels.some((label) => label.includes('observed')),
        labels.join(', '),
      );
    });

    it('of an open session, tells counts, the last event and how many are in a state', async () => {
      await vscode.commands.executeCommand('semstate.openTimeline', store);
      await vscode.window.showTextDocument(orderFile);
      await eventually('no counts', lenses, (all) => all.some((title) => title.includes('3 instances')));
      const session = vscode.debug.activeDebugSession;
      await session?.customRequest('semantic/goto', { step: 'live' });
      const whole = /3 instances · status: .*placed 2.*last 10:30:05 .*\(reopen\)/;
      await eventually('counts of the end', lenses, (all) => all.some((title) => whole.test(title)));
      assert.match(await hoverOn(`'placed'`), /2 instances are in it now/);
      for (const [as, form] of [
        ['ocel2-sqlite', /^BEGIN;\nCREATE TABLE "event"/],
        ['xstate', /"Order·status"/],
        ['shacl', /a rdfs:Class, sh:NodeShape/],
      ] as const) {
        const { text } = (await session?.customRequest('semantic/export', { as })) as { text: string };
        assert.match(text, form);
      }
    });

    it('marks drift where it comes from; a quick fix accepts it in semstate.json', async () => {
      const found = await eventually('no drift', drift, (all) => all.length >= 2);
      assert.deepEqual([...new Set(found.map(({ code }) => code))].sort(), [
        'drift-undeclared-state',
        'drift-undeclared-transition',
      ]);
      const transition = found.find(({ code }) => code === 'drift-undeclared-transition');
      assert.ok(transition);
      assert.equal(transition.range.start.line, 70);
      writeFileSync(settings, '{\n  // What we know.\n  "reveal": ["Order.id"]\n}\n');
      const actions = await fixes(transition);
      assert.deepEqual(
        actions.map(({ title }) => title),
        [
          'Accept delivered -> placed of Order.status in semstate.json',
          'Ignore this of Order.status in semstate.json, and say why',
        ],
      );
      const [accept] = actions;
      assert.ok(accept);
      await run(accept);
      assert.equal(
        readFileSync(settings, 'utf8'),
        `{
  // What we know.
  "reveal": ["Order.id"],
  "drift": [
    { "of": "Order.status", "from": "delivered", "to": "placed", "accept": true }
  ]
}
`,
      );
      await eventually('it is marked still', drift, (all) => all.every(({ code }) => code !== transition.code));
    });

    it('ignores with a reason', async () => {
      const [state] = drift();
      assert.ok(state);
      const [, ignore] = await fixes(state);
      assert.ok(ignore);
      await run(ignore, 'lost in the flood of 2026');
      assert.match(
        readFileSync(settings, 'utf8'),
        /\n {4}\{ "of": "Order\.status", "state": "lost", "ignore": "lost in the flood of 2026" \}\n/,
      );
      await eventually('it is marked still', drift, (all) => all.length === 0);
      assert.ok(existsSync(settings));
    });

    it('has a document whose evidence leads to instances and events of the session', async () => {
      await vscode.commands.executeCommand('semstate.extractModel');
      const document = vscode.workspace.textDocuments.find(
        (each) => each.uri.scheme === 'semstate-model' && /event .*once/.test(each.getText()),
      );
      assert.ok(document, 'no model document of the session');
      for (const part of ['```mermaid', '### Relations of', '## Laws', '## Context', '### States of'])
        assert.ok(document.getText().includes(part), `no ${part}`);
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        'vscode.executeLinkProvider',
        document.uri,
      );
      const evidence = links
        .filter(({ target }) => target?.scheme === 'command')
        .map(({ target }) => target?.query ?? '');
      assert.ok(
        evidence.some((query) => query.includes('"instance"')),
        evidence.join('\n'),
      );
      assert.ok(
        evidence.some((query) => query.includes('"event"')),
        evidence.join('\n'),
      );
    });
  });
}
