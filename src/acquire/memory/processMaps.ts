// Which of a process's pages are worth copying: its own memory, as far as it is there. Code, files and what was never touched are left out.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

export interface PageRun {
  readonly address: number;
  readonly pages: number;
}

export const PAGE = 4096;
const ENTRY = 8;
/** Page table entries read at once: of 256 MB of address space. */
const ENTRIES = 65536;
const PRESENT = 0x80;
const SWAPPED = 0x40;
/** Mappings of the kernel that are not the program's. */
const KERNEL = new Set(['[vdso]', '[vvar]', '[vvar_vclock]', '[vsyscall]']);

export interface Mapping {
  readonly from: number;
  readonly to: number;
  readonly access: string;
  /** File or a name in brackets; empty for memory of no file. */
  readonly name: string;
}

/** The table of mappings as text, line by line: `from-to access offset device inode name`. */
export function parseMappings(text: string): Mapping[] {
  const list: Mapping[] = [];
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \d+ *(.*)$/.exec(line);
    if (!match) continue;
    const [, from = '', to = '', access = '', name = ''] = match;
    list.push({ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16), access, name });
  }
  return list;
}

/** V8's heap and what native code allocated are private memory of no file; its constants may be read-only. */
export function isOwnMemory({ access, name }: Mapping): boolean {
  if (!access.startsWith('r') || KERNEL.has(name)) return false;
  return name === '' || name.startsWith('[heap') || name.startsWith('[anon');
}

/** Runs of pages that are in memory or swapped out. @throws what reading /proc throws */
export function pagesOf(pid: number, mappings: readonly Mapping[]): PageRun[] {
  const file = openSync(`/proc/${pid}/pagemap`, 'r');
  const runs: { address: number; pages: number }[] = [];
  const buffer = Buffer.alloc(ENTRIES * ENTRY);
  try {
    for (const { from, to } of mappings.filter(isOwnMemory)) {
      for (let at = from; at < to;) {
        const wanted = Math.min(ENTRIES, (to - at) / PAGE);
        const read = readSync(file, buffer, 0, wanted * ENTRY, (at / PAGE) * ENTRY);
        if (read <= 0) break;
        for (let n = 0; n < Math.floor(read / ENTRY); n++) {
          if (((buffer[n * ENTRY + 7] as number) & (PRESENT | SWAPPED)) === 0) continue;
          const address = at + n * PAGE;
          const last = runs.at(-1);
          if (last && last.address + last.pages * PAGE === address) last.pages++;
          else runs.push({ address, pages: 1 });
        }
        at += Math.floor(read / ENTRY) * PAGE;
      }
    }
  } finally {
    closeSync(file);
  }
  return runs;
}

export function pagesIn({ from, to }: Mapping): PageRun {
  return { address: from, pages: Math.floor((to - from) / PAGE) };
}

export function mappingsOf(pid: number): Mapping[] {
  return parseMappings(readFileSync(`/proc/${pid}/maps`, 'utf8'));
}
