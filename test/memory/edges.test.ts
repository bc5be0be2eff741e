// Objects that stand at the very edge of what was copied. Which do, changes with every start of a program, since the system lays its
// memory out anew each time; here the edges are made where they hurt most.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HiddenClasses } from '../../src/parse/memory/hiddenClasses.ts';
import { MemoryImage, PAGE, WORDS } from '../../src/parse/memory/image.ts';
import { readHeader } from '../../src/parse/memory/header.ts';
import { readLayout } from '../../src/parse/memory/layout.ts';
import { findPath, readValue } from '../../src/parse/index.ts';
import { NODE_MAJORS } from '../containers/index.ts';
import { binaryOf, compare, graphOf, startProgram, takeMemory, withoutVariables } from './account.ts';

const LEAD = 20;

/** Pages after which nothing follows in one piece, because a hidden class ends with them. */
function pagesThatEndWithHiddenClass(bytes: Buffer, size: number): Set<number> {
  const head = bytes.subarray(LEAD, LEAD + size);
  const header = readHeader(head);
  assert.ok(typeof header !== 'string');
  const known = readLayout(header.constants);
  assert.ok('layout' in known);
  const pages = new Uint8Array(PAGE + bytes.length - LEAD - size);
  pages.set(bytes.subarray(LEAD + size), PAGE);
  const image = new MemoryImage(pages.buffer, header.runs);
  const classes = new HiddenClasses(image, known.layout);
  const mapType = known.layout.type('MAP_TYPE');
  const found = new Set<number>();
  for (let page = 1; page < image.pages; page++) {
    const last = page * WORDS + WORDS - 9;
    if (classes.typeOf(last) === mapType) found.add(page);
  }
  return found;
}

/** The same memory in another order, so that what follows those pages in the program does not follow them in the file. */
function reordered(bytes: Buffer, size: number, edges: ReadonlySet<number>): Buffer {
  const header = JSON.parse(bytes.toString('utf8', LEAD, LEAD + size)) as { runs: [string, number][] };
  const parts: { readonly run: [string, number]; readonly content: Buffer }[] = [];
  const pages = bytes.subarray(LEAD + size);
  let page = 1;
  for (const [text, count] of header.runs) {
    let from = 0;
    for (let n = 0; n < count; n++) {
      if (n + 1 < count && !edges.has(page + n)) continue;
      const run: [string, number] = [(Number.parseInt(text, 16) + from * PAGE).toString(16), n + 1 - from];
      parts.unshift({ run, content: pages.subarray((page - 1 + from) * PAGE, (page + n) * PAGE) });
      from = n + 1;
    }
    page += count;
  }
  const head = Buffer.from(JSON.stringify({ ...header, runs: parts.map(({ run }) => run) }));
  const lead = Buffer.from(bytes.subarray(0, LEAD));
  lead.writeUInt32LE(head.length, LEAD - 4);
  return Buffer.concat([lead, head, ...parts.map(({ content }) => content)]);
}

for (const major of NODE_MAJORS) {
  const binary = binaryOf(major);
  const skip = binary ? false : 'npm has no binary of this Node for this machine';
  test(`Node ${major}: what follows the last hidden class of a page need not be there`, { skip }, async () => {
    await using program = await startProgram(binary as string, 'random.cjs', ['5']);
    const { bytes } = await takeMemory(program.pid);
    const size = bytes.readUInt32LE(LEAD - 4);
    const edges = pagesThatEndWithHiddenClass(bytes, size);
    assert.ok(edges.size > 0, 'some page ends with a hidden class');
    const graph = graphOf(reordered(bytes, size, edges));
    assert.deepEqual(graph.problems, []);
    assert.equal(graph.nodeCount, graphOf(bytes).nodeCount);
    const things = readValue(withoutVariables(graph), findPath(graph, 'things') as number, { depth: 500, limit: 1e6 });
    const { different, missing } = compare(things, program.account);
    assert.deepEqual([different.slice(0, 5), missing.slice(0, 5)], [[], []]);
  });
}
