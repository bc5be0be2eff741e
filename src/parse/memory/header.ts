// The header of a captured memory, read with no trust in it.
import { readNotes } from '../v8/notes.ts';
import type { ImageHeader } from './image.ts';

/** Address space of a program: 47 bits. */
const LAST_ADDRESS = 2 ** 47;
const MOST_RUNS = 1 << 22;

/** @returns the header, or what is wrong with it */
export function readHeader(bytes: Uint8Array): ImageHeader | string {
  let section: unknown;
  try {
    section = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return 'its header is no JSON';
  }
  if (typeof section !== 'object' || section === null) return 'its header is no object';
  const { version, constants, runs, mapped, safe }: { readonly [name in keyof ImageHeader]?: unknown } = section;
  if (version !== 1) return 'it was written by another version of this program';
  if (typeof constants !== 'object' || constants === null) return 'it has no constants';
  if (!Array.isArray(runs)) return 'it has no list of pages';
  const pages = pagesIn(runs);
  const own = Array.isArray(mapped) ? pagesIn(mapped) : [];
  if (!pages || !own) return 'its list of pages is damaged';
  const notes = readNotes(section);
  return {
    version,
    constants: Object.fromEntries(
      Object.entries(constants).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    ),
    runs: pages,
    mapped: own,
    safe: safe === true,
    target: notes?.target ?? {},
    scripts: [...(notes?.scripts.values() ?? [])],
  };
}

function pagesIn(list: readonly unknown[]): (readonly [string, number])[] | undefined {
  if (list.length > MOST_RUNS) return undefined;
  const pages: [string, number][] = [];
  for (const run of list) {
    const [address, count] = Array.isArray(run) ? (run as unknown[]) : [];
    const isRun = typeof address === 'string' && typeof count === 'number' && Number.isSafeInteger(count) && count > 0;
    if (!isRun || !/^[0-9a-f]{1,12}$/.test(address)) return undefined;
    if (Number.parseInt(address, 16) + count * 4096 > LAST_ADDRESS) return undefined;
    pages.push([address, count]);
  }
  return pages;
}
