// One service, its model and its state taken twice at rest: from V8's heap snapshot and from its raw memory. Extraction must not be able
// to tell them apart, but for values that V8 does not write into a heap snapshot.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attach, parseTarget, type HeapCapture } from '../../src/acquire/index.ts';
import { extractModel, type Extraction } from '../../src/extract/index.ts';
import { canonicalText, isMissing, sameValue, type Model } from '../../src/model/index.ts';
import type { HeapGraph } from '../../src/parse/index.ts';
import { createSourceJoin, readSources } from '../../src/source/index.ts';
import { shopAsProcess } from '../demo/service.ts';
import { firstPhase, shopClient } from '../demo/traffic.ts';
import { graphOf } from './account.ts';
import { diskHost } from '../source/hosts.ts';

async function graphBy(capture: HeapCapture): Promise<HeapGraph> {
  const parts: Uint8Array[] = [];
  await capture.capture((chunk) => void parts.push(Uint8Array.from(chunk)), {}, {});
  return graphOf(Buffer.concat(parts));
}

/** Without numbers of objects: a heap snapshot counts V8's own templates of literals among them. */
function uncounted({ entities }: Model): unknown {
  return JSON.parse(
    JSON.stringify(entities, (name, value: unknown) => (name === 'instances' || name === 'count' ? 0 : value)),
  );
}

/** What V8 did not write differs; nothing else may. */
function differences(memory: Extraction, heap: Extraction): string[] {
  const found: string[] = [];
  for (const key of new Set([...memory.state.keys(), ...heap.state.keys()])) {
    const [a, b] = [memory.state.get(key), heap.state.get(key)];
    if (!a || !b) {
      found.push(`${key} is ${a ? 'only in memory' : 'only in the heap snapshot'}`);
      continue;
    }
    for (const name of new Set([...Object.keys(a.attributes), ...Object.keys(b.attributes)])) {
      const [own, other] = [a.attributes[name], b.attributes[name]];
      if (!isMissing(other) && !sameValue(own, other))
        found.push(`${key}.${name}: ${canonicalText(own)} and ${canonicalText(other)}`);
    }
    if (canonicalText(a.links) !== canonicalText(b.links)) found.push(`${key}: other links`);
  }
  return found;
}

test(
  'the shop: the same model and the same state from raw memory as from a heap snapshot',
  { skip: process.platform === 'linux' ? false : 'memory is read on Linux only' },
  async () => {
    await using shop = await shopAsProcess();
    await firstPhase(shopClient(shop.address));
    await using attachment = await attach(parseTarget(shop.target), {}, {});
    const fromMemory = await graphBy(attachment.memory);
    const fromHeap = await graphBy(attachment.heap);
    const code = readSources([shop.source], diskHost);
    const extract = (graph: HeapGraph): Extraction =>
      extractModel({ code, graph, toSource: createSourceJoin(graph.scripts.values(), [shop.source], diskHost) });
    const memory = extract(fromMemory);
    const heap = extract(fromHeap);
    assert.deepEqual(differences(memory, heap), []);
    assert.deepEqual(memory.model.relations, heap.model.relations);
    assert.deepEqual(memory.model.transitions, heap.model.transitions);
    assert.deepEqual(uncounted(memory.model), uncounted(heap.model));
    for (const { name, instances } of memory.model.entities) {
      const known = [...memory.state.values()].filter(({ entity }) => entity === name).length;
      assert.equal(instances, known, `${name}: as many objects as entities`);
    }
    assert.ok(memory.state.size > 40, `${memory.state.size} entities`);
  },
);
