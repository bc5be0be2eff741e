// In whose request a change happened: told with it, from the service's own stores, its HTTP requests and its traces; and no secret.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Context, WorkspaceFile } from '../../src/model/index.ts';
import type { RecordedEvent } from '../../src/record/index.ts';
import { attachTo, recordProgram, RUNNING, startProgram, type Program, type Recorded } from './running.ts';
import { nodes } from './service.ts';

const DESK = join(RUNNING, 'desk.cjs');

for (const { name, path } of nodes()) {
  describe(`Node ${name}`, { concurrency: 4 }, () => {
    const start = async (): Promise<Program> => {
      const program = await startProgram(DESK, { node: path });
      await program.ask({ do: 'open', id: 'T1', note: 'it smokes' });
      return program;
    };
    const move = (to: string): { do: string; id: string; to: string } => ({ do: 'move', id: 'T1', to });

    test("plain values of the service's own store are the context, by what their names say", async () => {
      await using program = await start();
      await using recorded = await recordProgram(program);
      const store = { requestId: 'r-1', user: { id: 7, name: 'Ada' }, region: 'north', userAgent: 'kiosk', big: [1] };
      await program.ask({ do: 'within', store, then: move('waiting') });
      await program.ask(move('open'));
      const [within, without] = await recorded.events();
      assert.deepEqual(shown(within), [
        'subject requestId=r-1',
        'subject user.id=7',
        'subject user.name=Ada',
        'space region=north',
        'device userAgent=kiosk',
      ]);
      assert.equal(without?.context, undefined);
    });

    test('it holds across awaits, and what becomes known meanwhile is told from then on', async () => {
      await using program = await start();
      await using recorded = await recordProgram(program);
      await program.ask({ do: 'within', store: { user: 'Bo' }, then: { do: 'later', id: 'T1', to: 'waiting' } });
      await program.ask({ do: 'login', store: { user: null }, user: 'Cy', id: 'T1', before: 'open', after: 'closed' });
      const events = await recorded.events();
      assert.deepEqual(events.map(shown), [['subject user=Bo'], [], ['subject user=Cy']]);
    });

    test('the workspace file says what counts, in stores and in HTTP requests', async () => {
      const workspaceFile: WorkspaceFile = {
        context: {
          subject: { who: 'session.user', tenant: 'request.headers.x-tenant' },
          device: { agent: 'request.headers.user-agent' },
        },
      };
      await using program = await start();
      await using recorded = await recordProgram(program, { workspaceFile });
      await program.ask({ do: 'within', store: { session: { user: 'Di' }, other: 1 }, then: move('waiting') });
      const port = (await program.ask({ do: 'port' })) as number;
      for (const [tenant, to] of [
        ['acme', 'open'],
        ['umbra', 'closed'],
      ] as const) {
        const headers = { 'x-tenant': tenant, 'user-agent': 'till 4' };
        await fetch(`http://127.0.0.1:${port}/?${encodeURIComponent(JSON.stringify({ id: 'T1', to }))}`, { headers });
      }
      assert.deepEqual((await recorded.events()).map(shown), [
        ['subject who=Di'],
        ['subject tenant=acme', 'device agent=till 4'],
        ['subject tenant=umbra', 'device agent=till 4'],
      ]);
    });

    test('the active span of OpenTelemetry is told as the trace', async () => {
      await using program = await start();
      await using recorded = await recordProgram(program);
      const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
      // The library comes with the first request; from the next look on it is known.
      await program.ask({ do: 'traced', traceId, spanId, then: move('open') });
      await recorded.events();
      await program.ask({ do: 'traced', traceId, spanId, then: { do: 'later', id: 'T1', to: 'waiting' } });
      await program.ask(move('open'));
      await program.ask({ do: 'traced', traceId: '0'.repeat(32), spanId, then: move('waiting') });
      assert.deepEqual(
        (await recorded.events()).map(({ trace }) => trace),
        [{ traceId, spanId }, undefined, undefined],
      );
    });

    test("on leaving, the program's own methods are back", async () => {
      await using program = await start();
      const before = await program.ask({ do: 'methods' });
      const recorded = await recordProgram(program);
      assert.notDeepEqual(await program.ask({ do: 'methods' }), before);
      await recorded[Symbol.asyncDispose]();
      assert.deepEqual(await program.ask({ do: 'methods' }), before);
    });

    test('no secret leaves the process, by its name nor by its form', async () => {
      await using program = await start();
      const workspaceFile: WorkspaceFile = { redact: ['badge'], reveal: ['pin'] };
      const told = await secretsTold(program, workspaceFile);
      for (const secret of ['hunter-', 'sk_live_', 'eyJhbGci', 's3cr3t', '4111 1111', 'B-99'])
        assert.ok(!told.includes(secret), secret);
      for (const open of ['it is fine', '"1234"', 'Eve']) assert.ok(told.includes(open), open);
    });
  });
}

test('where the service runs is told with every event', async () => {
  await using program = await startProgram(DESK);
  await program.ask({ do: 'open', id: 'T1', note: '' });
  const space: Context['space'] = [{ name: 'container', value: 'desk-1', from: 'docker' }];
  await using recorded = await recordProgram(program, { ledger: { space } });
  await program.ask({ do: 'within', store: { region: 'south' }, then: { do: 'move', id: 'T1', to: 'closed' } });
  await program.ask({ do: 'move', id: 'T1', to: 'open' });
  assert.deepEqual((await recorded.events()).map(shown), [
    ['space container=desk-1', 'space region=south'],
    ['space container=desk-1'],
  ]);
});

/** Everything that the process sent while things with secrets in them happened: answers as they came through the wire. */
async function secretsTold(program: Program, workspaceFile: WorkspaceFile): Promise<string> {
  const wire: string[] = [];
  const attachment = await attachTo(program);
  const send = attachment.send.bind(attachment);
  attachment.send = async <T>(...all: Parameters<typeof send>): Promise<T> => {
    const answer = await send<T>(...all);
    if (all[0] === 'Runtime.evaluate') wire.push(JSON.stringify(answer));
    return answer;
  };
  const recorded: Recorded = await recordProgram(program, { workspaceFile, attachment });
  const store = { user: 'Eve', password: 's3cr3t', auth: { apiKey: 's3cr3t' }, badge: 'B-99', pin: '1234' };
  await program.ask({ do: 'open', id: 'T2', note: 'charge 4111 1111 1111 1111' });
  await program.ask({ do: 'open', id: 'T3', note: 'it is fine' });
  await program.ask({ do: 'within', store, then: { do: 'move', id: 'T1', to: 'sk_live_abcdefghijklmnop' } });
  const header = { note: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl' };
  await program.ask({ do: 'within', store: header, then: { do: 'move', id: 'T1', to: 'open' } });
  await recorded.events();
  await recorded[Symbol.asyncDispose]();
  return wire.join('\n').replaceAll('\\"', '"');
}

/** Dimension, name and value of each parameter. */
function shown(event: RecordedEvent | undefined): string[] {
  const { context } = event ?? {};
  return (['subject', 'space', 'device', 'time'] as const).flatMap((dimension) =>
    (context?.[dimension] ?? []).map(({ name, value }) => `${dimension} ${name}=${String(value)}`),
  );
}
