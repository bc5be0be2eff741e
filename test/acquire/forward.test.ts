// Another debugger on the same process, through a port that exists only here: into a container without any network.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { it } from 'node:test';
import WebSocket from 'ws';
import { requireEngine, startContainer } from '../containers/index.ts';
import { attachTo, evaluate, footprint } from './attachedService.ts';

/** Evaluates by the protocol alone, as any debugger would. */
function evaluatedBy(url: string, expression: string): Promise<unknown> {
  const socket = new WebSocket(url);
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () =>
      socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression, returnByValue: true } })),
    );
    socket.on('message', (data: Buffer) => {
      const { result } = JSON.parse(data.toString()) as { result: { result: { value: unknown } } };
      socket.on('close', () => resolve(result.result.value));
      socket.close();
    });
  });
}

it(
  'a debugger reaches a container without network through the attach, and only as long as it lasts',
  { timeout: 60_000 },
  async (t) => {
    const engine = requireEngine(t);
    if (!engine) return;
    await using container = await startContainer(engine, { node: 22 });
    const before = footprint(container);
    let port: number;
    {
      await using service = await attachTo(container.target);
      const forward = await service.forward();
      port = forward.port;
      assert.equal(forward.host, '127.0.0.1');
      assert.equal((await service.forward()).url, forward.url, 'one port for each attach');
      assert.equal(await evaluatedBy(forward.url, '1+1'), 2);
      assert.deepEqual(
        await Promise.all([evaluatedBy(forward.url, 'process.pid'), evaluatedBy(forward.url, 'process.pid')]),
        [service.process.pid, service.process.pid],
      );
      assert.equal(await evaluate(service, '2+2'), 4, 'the attach goes on when they leave');
    }
    const refused = await new Promise<unknown>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(undefined));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    assert.equal(refused, 'ECONNREFUSED');
    assert.deepEqual(footprint(container), before, 'nothing is left in the container');
  },
);
