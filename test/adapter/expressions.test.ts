// Watch, hover, console, clipboard and completion in the query form. As text, from the user's side.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { showVariables } from './dapClient.ts';
import { assertGolden } from './golden.ts';
import { start } from './startSession.ts';

describe('expressions', () => {
  it('are answered, unfolded and completed; what is wrong is pointed at', async () => {
    const { client } = await start();
    await client.request('configurationDone');
    await client.event('stopped');
    const expressions = [
      'Order["1042"]',
      'Order["1042"].total',
      'Order["1042"].tags',
      'Order["1042"].lines',
      'Order[status="draft" and total>5]',
      'count(Payment[state="failed"])',
      'Order.status',
      'Customer[7].password',
      'Order["1041"].total',
      'Order["1042"].status @ -6',
      'Order["1042"] @ 1',
      'Order',
      'Order["1042"].statsu',
      'Order[status=paid]',
      'Order["1042',
    ];
    for (const expression of expressions) {
      const { response } = client.send('evaluate', { expression, context: 'repl' });
      const { success, body, message } = await response;
      client.say(`> ${expression}`);
      if (!success) client.say(String(message).replace(/^/gm, '  '));
      else {
        const { result, variablesReference } = body as { result: string; variablesReference: number };
        client.say(`  ${result}`);
        if (variablesReference > 0) await showVariables(client, variablesReference, 0, '    ');
      }
    }
    client.note('completion, the cursor at |');
    for (const text of [
      '|',
      'Or|',
      'Order[|',
      'Order["10|',
      'Order["1042"].|',
      'Order[st|',
      'Order[status="|"]',
      'Order[status="paid" |',
      'Order["1042"].customer.n|',
      'count(Pay|',
      'Order[customer.|',
      'Order @ |',
    ]) {
      const column = text.indexOf('|') + 1;
      const { targets } = await client.request<{ targets: DebugProtocol.CompletionItem[] }>('completions', {
        text: text.replace('|', ''),
        column,
      });
      client.say(`> ${text}`);
      for (const { label, text: insert, type, start: from, length, detail } of targets) {
        client.say(`  ${label} (${type}${detail ? `, ${detail}` : ''}) -> ${insert} at ${from}+${length}`);
      }
    }
    assertGolden('expressions', client.transcript);
  });

  it('show whole numbers in hex where asked, and the clipboard gets everything', async () => {
    const { client } = await start();
    await client.request('configurationDone');
    const ask = async (expression: string, more: object): Promise<string> =>
      (await client.request<{ result: string }>('evaluate', { expression, ...more })).result;
    assert.equal(await ask('Order["1040"].total', { format: { hex: true } }), '0x14');
    assert.equal(await ask('Order["1040"].total', {}), '20');
    assert.equal(await ask('Order["1042"].status', {}), '"shipped"');
    assert.equal(await ask('Order["1042"].status', { context: 'clipboard' }), 'shipped');
    assert.match(await ask('Order["1042"].tags', { context: 'clipboard' }), /"web"/);
  });

  it('that are wrong pop up nowhere, and are told in one line where there is room for one', async () => {
    const { client } = await start();
    await client.request('configurationDone');
    for (const context of ['hover', 'watch', 'variables']) {
      const { response } = client.send('evaluate', { expression: 'Order.colour', context });
      const { message, body } = await response;
      assert.equal(message, 'Order has no "colour".');
      assert.equal((body as { error: DebugProtocol.Message }).error.showUser, false);
    }
  });
});
