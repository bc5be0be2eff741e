// Which of a process's pages are worth copying: its own memory, as far as it is there. Code, files and what was never touched are left out.
// The function that knows runs in two worlds: here, and as text inside a container; it names nothing but its argument.
import * as files from 'node:fs';

export interface PageRun {
  readonly address: number;
  readonly pages: number;
}

export const PAGE = 4096;

export interface Mapping {
  readonly from: number;
  readonly to: number;
  readonly access: string;
  /** File or a name in brackets; empty for memory of no file. */
  readonly name: string;
}

export interface ProcessPages {
  /** The table of mappings as text, line by line: `from-to access offset device inode name`. */
  parseMappings(text: string): Mapping[];
  mappingsOf(pid: number): Mapping[];
  /** V8's heap and what native code allocated are private memory of no file; its constants may be read-only. */
  isOwnMemory(mapping: Mapping): boolean;
  /** Runs of pages that are in memory or swapped out. @throws what reading /proc throws */
  pagesOf(pid: number, mappings: readonly Mapping[]): PageRun[];
  pagesIn(mapping: Mapping): PageRun;
}

export function createPages(
  fs: Pick<typeof files, 'openSync' | 'closeSync' | 'readSync' | 'readFileSync'>,
): ProcessPages {
  const SIZE = 4096;
  const ENTRY = 8;
  /** Page table entries read at once: of 256 MB of address space. */
  const ENTRIES = 65536;
  const PRESENT = 0x80;
  const SWAPPED = 0x40;
  /** Mappings of the kernel that are not the program's. */
  const KERNEL = ['[vdso]', '[vvar]', '[vvar_vclock]', '[vsyscall]'];
  const parseMappings = (text: string): Mapping[] => {
    const list: Mapping[] = [];
    for (const line of text.split('\n')) {
      const match = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \d+ *(.*)$/.exec(line);
      if (!match) continue;
      const [, from = '', to = '', access = '', name = ''] = match;
      list.push({ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16), access, name });
    }
    return list;
  };
  const isOwnMemory = ({ access, name }: Mapping): boolean => {
    if (access[0] !== 'r' || KERNEL.indexOf(name) >= 0) return false;
    return name === '' || name.slice(0, 5) === '[heap' || name.slice(0, 5) === '[anon';
  };
  return {
    parseMappings,
    isOwnMemory,
    mappingsOf: (pid) => parseMappings(fs.readFileSync(`/proc/${pid}/maps`, 'utf8')),
    pagesIn: ({ from, to }) => ({ address: from, pages: Math.floor((to - from) / SIZE) }),
    pagesOf(pid, mappings) {
      const file = fs.openSync(`/proc/${pid}/pagemap`, 'r');
      const runs: { address: number; pages: number }[] = [];
      const buffer = Buffer.alloc(ENTRIES * ENTRY);
      try {
        for (const { from, to } of mappings.filter(isOwnMemory)) {
          for (let at = from; at < to;) {
            const wanted = Math.min(ENTRIES, (to - at) / SIZE);
            const read = fs.readSync(file, buffer, 0, wanted * ENTRY, (at / SIZE) * ENTRY);
            if (read <= 0) break;
            for (let n = 0; n < Math.floor(read / ENTRY); n++) {
              if (((buffer[n * ENTRY + 7] as number) & (PRESENT | SWAPPED)) === 0) continue;
              const address = at + n * SIZE;
              const last = runs[runs.length - 1];
              if (last && last.address + last.pages * SIZE === address) last.pages++;
              else runs.push({ address, pages: 1 });
            }
            at += Math.floor(read / ENTRY) * SIZE;
          }
        }
      } finally {
        fs.closeSync(file);
      }
      return runs;
    },
  };
}

export const { parseMappings, mappingsOf, isOwnMemory, pagesOf, pagesIn } = createPages(files);
