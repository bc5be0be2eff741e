// Objects walked through the inspector: exact to the leaf on Node 20, 22 and 24, found also where only a closure, a server or a timer
// leads to them, without running a line of the program and without stopping it for long.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { attach, type CaptureResult } from '../../src/acquire/index.ts';
import { createHeapParser, findPath, readValue, type HeapGraph } from '../../src/parse/index.ts';
import { NODE_MAJORS } from '../containers/index.ts';
import { binaryOf, compare, graphOf, startProgram, withoutVariables, type Program } from './account.ts';

async function walk(program: Program): Promise<{ readonly bytes: Buffer; readonly result: CaptureResult }> {
  await using attachment = await attach({ runtime: 'local', pid: program.pid }, {}, {});
  const parts: Uint8Array[] = [];
  const result = await attachment.objects.capture((chunk) => void parts.push(Uint8Array.from(chunk)), {}, {});
  assert.equal(result.method, 'objects');
  return { bytes: Buffer.concat(parts), result };
}

/** Where an error arose is not read: V8 makes the text when it is asked for. */
const withoutStack = (different: readonly string[]): readonly string[] =>
  different.filter((sentence) => !/\.stack: read nothing/.test(sentence));

async function exact(binary: string, name: string, path: string, args: readonly string[], most: number): Promise<void> {
  await using program = await startProgram(binary, name, args);
  const graph = graphOf((await walk(program)).bytes);
  const node = findPath(graph, path) as number;
  assert.notEqual(node, undefined, `${path} was found`);
  const value = readValue(withoutVariables(graph), node, { depth: 500, limit: 1e6 });
  const { leaves, missing, different } = compare(value, program.account);
  assert.deepEqual([withoutStack(different), missing], [[], []]);
  assert.ok(leaves > most, `${leaves} values`);
}

const instances = (graph: HeapGraph, name: string): readonly number[] =>
  graph.classes().find((each) => each.name === name)?.instances ?? [];

async function asks(program: Program, path: string): Promise<Record<string, unknown>> {
  const { port } = program.account as { readonly port: number };
  return (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as Record<string, unknown>;
}

for (const major of NODE_MAJORS) {
  const binary = binaryOf(major);
  const skip = binary ? false : 'npm has no binary of this Node for this machine';

  test(`Node ${major}: one value of each kind, and structures at random`, { skip }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'semstate-walk-'));
    try {
      await exact(binary as string, 'kinds.cjs', 'kinds', [join(directory, 'own.heapsnapshot')], 1400);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
    await exact(binary as string, 'random.cjs', 'things', [String(major)], 5000);
  });

  test(`Node ${major}: what only closures lead to is found, and nothing of the program is run`, { skip }, async () => {
    await using program = await startProgram(binary as string, 'hidden.mjs');
    const before = await asks(program, '/reset');
    const { bytes, result } = await walk(program);
    const graph = graphOf(bytes);
    assert.equal(instances(graph, 'Order').length, 51, 'those in the Map, and the one behind the proxy');
    assert.equal(instances(graph, 'Cart').length, 2, 'those that a timer leads to');
    const [order] = instances(graph, 'Order');
    const { location } = graph.classes().find((each) => each.name === 'Order') ?? {};
    assert.match(graph.scripts.get(location?.script ?? -1)?.url ?? '', /hidden\.mjs$/);
    assert.equal(location?.line, 7, 'the line of the constructor');
    assert.deepEqual(readValue(graph, order as number, { depth: 3, limit: 9 }), {
      $type: 'object',
      class: 'Order',
      value: {
        '#secret': { $type: 'object', class: 'Object', value: { pin: 7 } },
        id: 1,
        status: 'open',
        total: 1.5,
      },
    });
    const after = await asks(program, '/');
    assert.deepEqual(
      [after['touched'], after['loaded']],
      [[], before['loaded']],
      'no getter and no trap ran, nothing was loaded',
    );
    assert.ok(graph.problems.some(({ code }) => code === 'walked'));
    assert.ok(result.pauseMs > 0);
    // It went on between the slices: its timer counts two each time.
    const slices = Number(/in (\d+) slices/.exec(graph.problems.map(({ message }) => message).join())?.[1] ?? 1);
    const beats = (Number(after['count']) - Number(before['count'])) / 2;
    assert.ok(beats >= slices / 2, `${beats} beats in ${slices} slices`);
  });
}

const newest = binaryOf(24);
const skip = newest ? false : 'npm has no binary of this Node for this machine';

test('a large heap is walked in many slices, its arrays and Maps across them', { skip, timeout: 120_000 }, async () => {
  await using program = await startProgram(newest as string, 'heavy.cjs', ['10']);
  const { bytes, result } = await walk(program);
  const graph = graphOf(bytes);
  assert.equal(instances(graph, 'Order').length, 30_000);
  const orders = graph.elements(findPath(graph, 'orders') as number);
  assert.deepEqual(
    orders.map((node) => graph.leaf(graph.property(node as number, 'id') as number)),
    Array.from({ length: 30_000 }, (_, n) => `o-${n}`),
  );
  assert.match(graph.problems.map(({ message }) => message).join(), /in \d+ slices/);
  assert.ok((result.targetGrowthBytes ?? 0) < 200e6);
});

test('whatever bytes come, the reader neither throws nor hangs', { skip }, async () => {
  await using program = await startProgram(newest as string, 'hidden.mjs');
  const { bytes } = await walk(program);
  const look = (graph: HeapGraph | undefined): void => {
    for (let node = 0; node < Math.min(graph?.nodeCount ?? 0, 300); node++) {
      readValue(graph as HeapGraph, node, { depth: 3, limit: 5 });
      graph?.captured(node);
    }
    graph?.classes();
  };
  fc.assert(
    fc.property(
      fc.nat(bytes.length - 1),
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.constantFrom(...'[]{},"-019ox')), { maxLength: 20 }),
      (cut, changes) => {
        const copy = Buffer.from(bytes);
        for (const [at, character] of changes) copy.write(character, at, 'latin1');
        const parser = createHeapParser();
        parser.write(changes.length % 2 === 0 ? copy : copy.subarray(0, cut));
        const { graph, problems } = parser.end();
        assert.ok(graph !== undefined || problems.length > 0);
        look(graph);
      },
    ),
    { numRuns: 60, seed: 5 },
  );
  const torn = createHeapParser();
  torn.write(bytes.subarray(0, bytes.length / 2));
  assert.ok(torn.end().problems.some(({ code }) => code === 'torn' || code === 'damaged'));
});
