// The constants that V8 puts into its binary for debuggers that look at a dead process: symbols named `v8dbg_...`, each the place of a
// 32-bit value. They stay in the dynamic symbols when a binary is stripped. Reads ELF of 64 bits, little-endian; knows no process. The
// function that knows runs in two worlds: here, and as text inside a container; it names nothing but its argument.
import type * as Fs from 'node:fs';

export interface V8Constants {
  /** By name without the prefix. Empty where the file has none. */
  readonly values: { readonly [name: string]: number };
  /** Hexadecimal; undefined where the binary was linked without one. */
  readonly buildId?: string;
}

interface Section {
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly entry: number;
}

export interface Elf {
  /** Undefined where the open file is no such ELF file. @param known whether constants of this build need not be read */
  read(file: number, known: (buildId: string) => V8Constants | undefined): V8Constants | undefined;
  /** Of the first bytes of a program as they lie in memory, as far as its notes are among them. */
  buildIdIn(head: Buffer): string | undefined;
}

export function createElf(fs: Pick<typeof Fs, 'readSync'>): Elf {
  const SYMBOLS = 2;
  const NOTES = 7;
  const NO_BYTES = 8;
  const DYNAMIC_SYMBOLS = 11;
  const SYMBOL_SIZE = 24;
  const SECTION_SIZE = 64;
  const MOST_SECTIONS = 4096;
  /** An entry of the table that says what is loaded, and the kind of those that are notes. */
  const PROGRAM_SIZE = 56;
  const PROGRAM_NOTES = 4;
  /** A symbol table of a large program is a few megabytes; what claims more is no such file. */
  const LARGEST_TABLE = 256 * 1024 * 1024;
  const PREFIX = Buffer.from('v8dbg_');

  function bytes(file: number, offset: number, size: number): Buffer {
    const buffer = Buffer.alloc(size > 0 && size <= LARGEST_TABLE ? size : 0);
    const read = buffer.length === 0 ? 0 : fs.readSync(file, buffer, 0, buffer.length, offset);
    return buffer.subarray(0, read);
  }

  const long = (buffer: Buffer, at: number): number => Number(buffer.readBigUInt64LE(at));

  function readSections(file: number): Section[] | undefined {
    const head = bytes(file, 0, SECTION_SIZE);
    if (!isElf64(head)) return undefined;
    const count = Math.min(head.readUInt16LE(60), MOST_SECTIONS);
    const table = bytes(file, long(head, 40), count * SECTION_SIZE);
    return Array.from({ length: Math.floor(table.length / SECTION_SIZE) }, (_, n) => {
      const at = n * SECTION_SIZE;
      return {
        type: table.readUInt32LE(at + 4),
        address: long(table, at + 16),
        offset: long(table, at + 24),
        size: long(table, at + 32),
        link: table.readUInt32LE(at + 40),
        entry: long(table, at + 56),
      };
    });
  }

  function readValues(file: number, sections: readonly Section[]): { [name: string]: number } {
    const values: { [name: string]: number } = {};
    for (const table of sections.filter(({ type }) => type === DYNAMIC_SYMBOLS || type === SYMBOLS)) {
      const names = sections[table.link];
      if (!names || table.entry !== SYMBOL_SIZE) continue;
      const symbols = bytes(file, table.offset, table.size);
      const text = bytes(file, names.offset, names.size);
      const data = new Map<number, Buffer>();
      for (let at = 0; at + SYMBOL_SIZE <= symbols.length; at += SYMBOL_SIZE) {
        const name = symbols.readUInt32LE(at);
        if (text.compare(PREFIX, 0, PREFIX.length, name, Math.min(name + PREFIX.length, text.length)) !== 0) continue;
        const home = symbols.readUInt16LE(at + 6);
        const section = sections[home];
        if (!section) continue;
        const end = text.indexOf(0, name);
        const offset = long(symbols, at + 8) - section.address;
        let value = 0;
        // Zeroes take no room in the file.
        if (section.type !== NO_BYTES) {
          const content = data.get(home) ?? bytes(file, section.offset, section.size);
          data.set(home, content);
          if (!(offset >= 0 && offset + 4 <= content.length)) continue;
          value = content.readInt32LE(offset);
        }
        values[text.toString('latin1', name + PREFIX.length, end < 0 ? text.length : end)] = value;
      }
      if (Object.keys(values).length > 0) break;
    }
    return values;
  }

  /** Of the first bytes of a program as they lie in memory, as far as its notes are among them. */
  function buildIdIn(head: Buffer): string | undefined {
    if (!isElf64(head)) return undefined;
    const from = long(head, 32);
    for (let n = 0; n < head.readUInt16LE(56); n++) {
      const at = from + n * PROGRAM_SIZE;
      if (!(at + PROGRAM_SIZE <= head.length)) return undefined;
      if (head.readUInt32LE(at) !== PROGRAM_NOTES) continue;
      const start = long(head, at + 8);
      const found = buildIdOfNotes(head.subarray(start, start + long(head, at + 32)));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  function isElf64(head: Buffer): boolean {
    return head.length >= SECTION_SIZE && head.readUInt32BE(0) === 0x7f454c46 && head[4] === 2 && head[5] === 1;
  }

  function buildIdOf(file: number, sections: readonly Section[]): string | undefined {
    for (const { offset, size } of sections.filter(({ type }) => type === NOTES)) {
      const found = buildIdOfNotes(bytes(file, offset, Math.min(size, 65536)));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The note named GNU of type 3. */
  function buildIdOfNotes(note: Buffer): string | undefined {
    for (let at = 0; at + 12 <= note.length;) {
      const nameSize = note.readUInt32LE(at);
      const valueSize = note.readUInt32LE(at + 4);
      const value = at + 12 + Math.ceil(nameSize / 4) * 4;
      if (note.readUInt32LE(at + 8) === 3 && note.toString('latin1', at + 12, at + 15) === 'GNU')
        return note.toString('hex', value, value + valueSize);
      at = value + Math.ceil(valueSize / 4) * 4;
    }
    return undefined;
  }

  return {
    buildIdIn,
    read(file, known) {
      const sections = readSections(file);
      if (!sections) return undefined;
      const buildId = buildIdOf(file, sections);
      const same = buildId === undefined ? undefined : known(buildId);
      return same || { values: readValues(file, sections), ...(buildId !== undefined && { buildId }) };
    },
  };
}
