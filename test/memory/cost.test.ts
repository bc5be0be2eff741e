// What a snapshot costs the target, measured side by side on one process: pause and growth, and the speed of decoding.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attach } from '../../src/acquire/index.ts';
import { NODE_MAJORS } from '../containers/index.ts';
import { binaryOf, graphOf, startProgram, takeMemory } from './account.ts';

for (const major of NODE_MAJORS) {
  const binary = binaryOf(major);
  test(
    `Node ${major}: raw memory stops the target far shorter than a heap snapshot and adds nothing to it`,
    { skip: binary ? false : 'npm has no binary of this Node for this machine' },
    async (t) => {
      await using program = await startProgram(binary as string, 'heavy.cjs', ['20']);
      const raw = await takeMemory(program.pid);
      const began = performance.now();
      const graph = graphOf(raw.bytes);
      const marked = performance.now() - began;
      const orders = graph.classes().find(({ name }) => name === 'Order')?.instances ?? [];
      assert.equal(orders.length, 60_000);
      await using attachment = await attach({ runtime: 'local', pid: program.pid }, {}, {});
      const heap = await attachment.heap.capture(() => undefined, { force: true }, {});
      const ratio = heap.pauseMs / raw.result.pauseMs;
      const megabytes = (bytes: number | undefined): string => ((bytes ?? 0) / 1e6).toFixed(1);
      t.diagnostic(
        `memory: ${megabytes(raw.result.bytes)} MB, paused ${raw.result.pauseMs} ms, grew ${megabytes(raw.result.targetGrowthBytes)} MB, ` +
          `${graph.nodeCount} objects marked in ${Math.round(marked)} ms; heap: ${megabytes(heap.bytes)} MB, paused ${heap.pauseMs} ms, ` +
          `grew ${megabytes(heap.targetGrowthBytes)} MB; ${ratio.toFixed(0)} times`,
      );
      assert.ok(ratio > 4, `heap ${heap.pauseMs} ms, memory ${raw.result.pauseMs} ms`);
      assert.ok((raw.result.targetGrowthBytes ?? 0) < 1e6);
    },
  );

  test(
    `Node ${major}: as many live objects as V8 itself counts`,
    { skip: binary ? false : 'npm has no binary of this Node for this machine' },
    async () => {
      await using program = await startProgram(binary as string, 'ledger.cjs', ['0.01']);
      await using attachment = await attach({ runtime: 'local', pid: program.pid }, {}, {});
      const parts: Uint8Array[] = [];
      await attachment.memory.capture((chunk) => void parts.push(Uint8Array.from(chunk)), {}, {});
      const graph = graphOf(Buffer.concat(parts));
      const live = graph.classes().find(({ name }) => name === 'Account')?.instances.length;
      const { result } = await attachment.send<{ result: { objectId: string } }>('Runtime.evaluate', {
        expression: 'ledger.accounts[0].constructor.prototype',
      });
      const { objects } = await attachment.send<{ objects: { objectId: string; description: string } }>(
        'Runtime.queryObjects',
        {
          prototypeObjectId: result.objectId,
        },
      );
      assert.equal(objects.description, `Array(${live})`);
    },
  );
}
