// The parser for whatever comes: the first bytes say whether it is a captured memory, a walk, or a heap snapshot.
import { createSnapshotParser } from './heapParser.ts';
import { MEMORY_MAGIC } from './memory/image.ts';
import { MemoryReader } from './memory/reader.ts';
import { WALK_MAGIC, WalkReader } from './objects/reader.ts';
import type { HeapParser } from './parser.ts';

export function createHeapParser(): HeapParser {
  let chosen: HeapParser | undefined;
  let head = new Uint8Array(0);
  const choose = (): HeapParser => {
    chosen = parserFor(head);
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

function parserFor(head: Uint8Array): HeapParser {
  if (beginsWith(head, MEMORY_MAGIC)) return new MemoryReader();
  return beginsWith(head, WALK_MAGIC) ? new WalkReader() : createSnapshotParser();
}

function beginsWith(head: Uint8Array, magic: string): boolean {
  return [...magic].every((character, at) => head[at] === character.charCodeAt(0));
}
