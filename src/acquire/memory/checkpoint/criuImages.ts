// What CRIU writes of a process: its tree, its mappings, which pages are kept, which program it ran and where it stood.
import { PAGE, type PageRun } from '../processMaps.ts';
import { WAITING_CALLS } from '../stopping.ts';
import { bytesIn, fieldsOf, numberIn } from './protobuf.ts';

const COMMON_MAGIC = 0x54564319;
const SERVICE_MAGIC = 0x55105940;
/** Flags of kept pages: they are in the checkpoint before this one; they are there. */
const IN_PARENT = 1;
const PRESENT = 4;
const READABLE = 1;
/** Flags of a mapping: shared with others; of no file. */
const SHARED = 1;
const ANONYMOUS = 0x20;
/** The processor that a thread's registers are of, and the field they stand in. */
const X64 = 1;
const X64_THREAD = 2;
const X64_CALL = 16;
const REGULAR_FILE = 3;

export interface CriuProgram {
  readonly path: string;
  /** Hexadecimal, as far as CRIU kept it; '' where it did not. */
  readonly buildId: string;
  readonly size: number;
}

export interface CriuProcess {
  readonly pid: number;
  /** Where the pages stand: `pages-N.img`. */
  readonly pagesId: number;
  readonly runs: readonly PageRun[];
  /** Memory of the program whether or not it was ever touched. */
  readonly mapped: readonly PageRun[];
  readonly program: CriuProgram | undefined;
  readonly safe: boolean;
  /** Pages that only an earlier checkpoint holds. */
  readonly elsewhere: number;
}

/** Messages of one image file. */
export function messagesOf(image: Buffer | undefined): Buffer[] {
  if (!image || image.length < 8) return [];
  const magic = image.readUInt32LE(0);
  let at = magic === COMMON_MAGIC || magic === SERVICE_MAGIC ? 8 : 4;
  const list: Buffer[] = [];
  while (at + 4 <= image.length) {
    const size = image.readUInt32LE(at);
    if (at + 4 + size > image.length) break;
    list.push(image.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return list;
}

/** Processes of a checkpoint, parents first. @param images by file name, without the pages themselves */
export function processesOf(images: ReadonlyMap<string, Buffer>): CriuProcess[] {
  const inTree = messagesOf(images.get('pstree.img')).flatMap((entry) => numberIn(entry, 1) ?? []);
  const kept = [...images.keys()].flatMap((name) => /^pagemap-(\d+)\.img$/.exec(name)?.[1] ?? []).map(Number);
  const pids = [...new Set([...inTree, ...kept])].filter((pid) => kept.includes(pid));
  return pids.flatMap((pid) => readProcess(pid, images) ?? []);
}

function readProcess(pid: number, images: ReadonlyMap<string, Buffer>): CriuProcess | undefined {
  const [head, ...entries] = messagesOf(images.get(`pagemap-${pid}.img`));
  const [memory] = messagesOf(images.get(`mm-${pid}.img`));
  const pagesId = head && numberIn(head, 1);
  if (pagesId === undefined || !memory) return undefined;
  const runs: PageRun[] = [];
  let elsewhere = 0;
  for (const entry of entries) {
    const address = numberIn(entry, 1) ?? 0;
    const pages = numberIn(entry, 5) ?? numberIn(entry, 2) ?? 0;
    const flags = numberIn(entry, 4) ?? (numberIn(entry, 3) === 1 ? IN_PARENT : PRESENT);
    if ((flags & IN_PARENT) !== 0) elsewhere += pages;
    else if ((flags & PRESENT) !== 0) runs.push({ address, pages });
  }
  return {
    pid,
    pagesId,
    runs,
    elsewhere,
    mapped: mappedIn(memory),
    program: programOf(numberIn(memory, 12) ?? -1, images.get('files.img')),
    safe: isWaiting(images.get(`core-${pid}.img`)),
  };
}

/** Private memory of no file that can be read. */
function mappedIn(memory: Buffer): PageRun[] {
  const list: PageRun[] = [];
  for (const { number, bytes } of fieldsOf(memory)) {
    if (number !== 14) continue;
    const [from = 0, to = 0] = [numberIn(bytes, 1), numberIn(bytes, 2)];
    const isOwn = ((numberIn(bytes, 6) ?? 0) & (SHARED | ANONYMOUS)) === ANONYMOUS;
    if (isOwn && ((numberIn(bytes, 5) ?? 0) & READABLE) !== 0 && to > from)
      list.push({ address: from, pages: Math.floor((to - from) / PAGE) });
  }
  return list;
}

function programOf(id: number, files: Buffer | undefined): CriuProgram | undefined {
  for (const entry of messagesOf(files)) {
    const file = bytesIn(entry, REGULAR_FILE);
    if (!file || numberIn(file, 1) !== id) continue;
    const words = [...fieldsOf(file)].flatMap(({ number, value }) => (number === 11 ? [value] : []));
    const buildId = Buffer.alloc(words.length * 4);
    words.forEach((word, n) => buildId.writeUInt32LE(word >>> 0, n * 4));
    const path = bytesIn(file, 6)?.toString('utf8') ?? '';
    return { path, buildId: buildId.toString('hex'), size: numberIn(file, 8) ?? 0 };
  }
  return undefined;
}

/** Whether the main thread waited for events; of processors whose registers are not known it is not claimed. */
function isWaiting(core: Buffer | undefined): boolean {
  const [entry] = messagesOf(core);
  if (!entry || numberIn(entry, 1) !== X64) return false;
  const registers = bytesIn(bytesIn(entry, X64_THREAD) ?? Buffer.alloc(0), 2);
  const call = registers && numberIn(registers, X64_CALL);
  return call !== undefined && (WAITING_CALLS['x64'] ?? []).includes(call);
}
