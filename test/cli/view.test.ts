// The panel on a page of this machine, from the command to an answer over its socket.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PanelMessage } from '../../src/present/index.ts';
import { openTimeline } from '../../src/timeline/index.ts';
import { Running } from './semstate.ts';

const built = existsSync(new URL('../../dist/webview/panel.js', import.meta.url));

test('semstate view --store answers the panel until it is interrupted', { skip: !built && 'not built' }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'semstate-test-'));
  const file = join(folder, 'store');
  const store = openTimeline(file);
  const object = { entity: 'Order', id: '1' };
  const instance = { ...object, attributes: { status: 'open' }, links: {} };
  store.append([
    {
      kind: 'event',
      time: 1e15,
      object,
      attribute: 'status',
      preState: { $new: true },
      postState: 'open',
      change: { kind: 'created', instance },
      observed: 'recorded',
    },
  ]);
  store.dispose();
  const running = new Running(['view', '--store', file]);
  try {
    await running.said(/token=\S+\n/);
    const url = new URL(running.stdout.trim());
    const page = await fetch(url);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /panel\.js/);
    assert.equal((await fetch(new URL('/panel.js', url))).status, 200);
    const socket = new WebSocket(`ws://${url.host}/ws${url.search}`);
    const answer = new Promise<PanelMessage>((resolve, reject) => {
      socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)) as PanelMessage);
      socket.onerror = () => reject(new Error('the socket was refused'));
    });
    await new Promise((resolve) => (socket.onopen = resolve));
    socket.send(JSON.stringify({ type: 'request', id: 1, name: 'semantic/details', args: { ref: object } }));
    const response = await answer;
    assert.ok(response.type === 'response' && response.failure === undefined, JSON.stringify(response));
    assert.match(JSON.stringify(response.result), /Order 1: created as open/);
    running.child.kill('SIGINT');
    assert.equal((await running.outcome).status, 0);
  } finally {
    running.child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
