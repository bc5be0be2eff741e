// The parser for whatever comes: the first bytes say whether it is a captured memory or a heap snapshot.
import { createSnapshotParser } from './heapParser.ts';
import { MEMORY_MAGIC } from './memory/image.ts';
import { MemoryReader } from './memory/reader.ts';
import type { HeapParser } from './parser.ts';

export function createHeapParser(): HeapParser {
  let chosen: HeapParser | undefined;
  let head = new Uint8Array(0);
  const choose = (): HeapParser => {
    chosen = isMemory(head) ? new MemoryReader() : createSnapshotParser();
    chosen.write(head);
    head = new Uint8Array(0);
    return chosen;
  };
  return {
    write(chunk) {
      if (chosen) return chosen.write(chunk);
      const joined = new Uint8Array(head.length + chunk.length);
      joined.set(head);
      joined.set(chunk, head.length);
      head = joined;
      if (head.length >= MEMORY_MAGIC.length) choose();
    },
    end: () => (chosen ?? choose()).end(),
  };
}

function isMemory(head: Uint8Array): boolean {
  return [...MEMORY_MAGIC].every((character, at) => head[at] === character.charCodeAt(0));
}
