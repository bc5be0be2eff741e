// The memory of a container's process where this machine's own view of it does not reach or may not: the engine is elsewhere, or this user
// is not root. It is read on the engine's machine, in a helper container, and comes through the engine; nothing runs in the container
// itself. See insideReader.ts for what runs there.
import { once } from 'node:events';
import { messageOf, type Failure, type Work } from '../../model/index.ts';
import type { CostEstimate } from '../attachment.ts';
import type { ByteSink, CaptureOptions, CaptureResult, MemoryBinary, MemoryReading } from '../capture.ts';
import { within } from '../deadline.ts';
import { captureFailed, targetGone } from '../failures.ts';
import type { BesideStream, ContainerRuntime } from '../target.ts';
import { buildOf } from './elfConstants.ts';
import { insideProgram } from './insideProgram.ts';
import type { InsideCopy, InsideFinding, InsideOptions } from './insideReader.ts';
import { estimateOf, type MemoryTarget } from './memoryCapture.ts';
import { memoryLead } from './memoryFile.ts';
import { memoryForbidden, memoryNotHere, neverIdle, unknownBinary } from './refusals.ts';

const TRY_MS = 3000;
const LONGEST_FORCE_MS = 5000;
const FIRST_MS = 20_000;
/** Beyond the time that a safe moment is waited for: filling the room, and copying. */
const COPY_MS = 60_000;
/** An engine that says nothing for so long says nothing more. */
const SILENCE_MS = 60_000;
const LARGEST_BINARY = 512 * 2 ** 20;
const EOL = 10;

type Found = Extract<InsideFinding, { readonly bytes: number }>;
type Copied = Extract<InsideCopy, { readonly runs: unknown }>;
export type BesideRuntime = Pick<ContainerRuntime, 'readFile'> &
  Required<Pick<ContainerRuntime, 'runBeside' | 'outerPid'>>;

export interface InsideTarget extends Pick<MemoryTarget, 'name' | 'notes'> {
  /** The container's own number of the process. */
  readonly pid: number;
  readonly runtime: BesideRuntime;
}

export class InsideMemory implements MemoryReading {
  readonly #target: InsideTarget;
  #found: Promise<Found | Failure> | undefined;

  constructor(target: InsideTarget) {
    this.#target = target;
  }

  async refusal(work: Work = {}): Promise<Failure | undefined> {
    const found = await this.#look(work);
    return found instanceof Error ? found : undefined;
  }

  async binary(work: Work = {}): Promise<MemoryBinary | undefined> {
    const found = await this.#look(work);
    if (found instanceof Error) return undefined;
    const { runtime, pid } = this.#target;
    return {
      id: buildOf(found.constants),
      // A library alone cannot be tried out.
      content: (reading) =>
        found.library === undefined
          ? runtime.readFile(`/proc/${pid}/exe`, LARGEST_BINARY, reading)
          : Promise.resolve(undefined),
    };
  }

  async estimate(work: Work = {}): Promise<CostEstimate> {
    const found = await this.#look(work);
    if (found instanceof Error) throw found;
    return estimateOf(found.bytes);
  }

  /** What there is to read, found out once; a failure to get in is one of reading, so that others ways can be tried. */
  #look(work: Work): Promise<Found | Failure> {
    this.#found ??= this.#ask(work).catch((error: unknown): Failure => {
      this.#found = undefined;
      return memoryNotHere(`nothing could be run beside it: ${messageOf(error)}`);
    });
    return this.#found;
  }

  async #ask(work: Work): Promise<Found | Failure> {
    const inside = await this.#start({}, work);
    try {
      return this.#judge(await inside.line<InsideFinding>(FIRST_MS, work));
    } finally {
      inside.end();
    }
  }

  async #start({ force = false, resume = false }: Partial<InsideOptions>, work: Work): Promise<Inside> {
    const { pid, runtime, name } = this.#target;
    const options = {
      first: runtime.outerPid(),
      own: pid,
      tryMs: TRY_MS,
      force,
      longestForceMs: LONGEST_FORCE_MS,
      resume,
    };
    return new Inside(await runtime.runBeside(insideProgram(options), work), name);
  }

  #judge(finding: InsideFinding): Found | Failure {
    if (!('refused' in finding)) return finding;
    const { name, pid } = this.#target;
    switch (finding.refused) {
      case 'permission':
        return memoryForbidden(pid, `even a helper container with the right to it is refused it (${finding.why})`);
      case 'gone':
        return targetGone(name, finding.why);
      case 'binary':
        return unknownBinary(name, finding.why);
      case 'other':
        return memoryNotHere(finding.why);
    }
  }

  /** @throws Failure `memory-never-idle`, `target-gone`, `capture-failed`, `cancelled`, and those of refusing */
  async capture(sink: ByteSink, options: CaptureOptions, work: Work): Promise<CaptureResult> {
    const before = await this.#look(work);
    if (before instanceof Error) throw before;
    work.progress?.({ phase: 'capture', message: 'Reading the memory of the target, from inside' });
    const inside = await this.#start({ force: options.force === true }, work);
    try {
      const found = this.#judge(await inside.line<InsideFinding>(FIRST_MS, work));
      if (found instanceof Error) throw found;
      inside.go();
      const copy = await inside
        .line<InsideCopy>(TRY_MS + LONGEST_FORCE_MS + COPY_MS, work)
        .catch((error: unknown) => this.#settle(found.stands, error));
      const copied = this.#copied(copy);
      const { target, scripts } = await this.#target.notes(work);
      const { runs, mapped, safe } = copied;
      const lead = memoryLead({ constants: found.constants.values, runs, mapped, safe, target, scripts });
      await sink(lead);
      const total = lead.length + copied.bytes;
      let done = lead.length;
      for await (const chunk of inside.bytes(copied.bytes, work)) {
        await sink(chunk);
        done += chunk.length;
        work.progress?.({ phase: 'parse', message: 'Reading the snapshot', done, total });
      }
      if (done < total) throw captureFailed('the copy did not come whole');
      return {
        method: 'memory',
        bytes: total,
        pauseMs: Math.round(copied.pauseMs * 10) / 10,
        time: copied.time * 1000,
        targetGrowthBytes: Math.max(0, copied.resident[1] - copied.resident[0]),
      };
    } finally {
      inside.end();
    }
  }

  /** What reads ended while it may have held the process: its own watcher resumes that, and so does this. @throws `why` */
  async #settle(stood: boolean, why: unknown): Promise<never> {
    if (!stood) {
      const resuming = await this.#start({ resume: true }, {}).catch(() => undefined);
      await resuming?.ended();
    }
    throw why;
  }

  #copied(copy: InsideCopy): Copied {
    if (!('refused' in copy)) return copy;
    switch (copy.refused) {
      case 'never-idle':
        throw neverIdle(this.#target.pid, TRY_MS / 1000);
      case 'gone':
        throw targetGone(this.#target.name, copy.why);
      case 'room':
      case 'other':
        throw captureFailed(copy.why);
    }
  }
}

/** The program that runs there: lines first, then bytes. */
class Inside {
  readonly #stream: BesideStream;
  readonly #name: string;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: BesideStream, name: string) {
    this.#stream = stream;
    this.#name = name;
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  go(): void {
    this.#stream.write('go\n');
  }

  end(): void {
    this.#stream.destroy();
  }

  /** Never rejects. */
  async ended(): Promise<void> {
    this.#stream.resume();
    if (!this.#stream.closed) await once(this.#stream, 'close').catch(() => undefined);
  }

  async line<T>(ms: number, work: Work): Promise<T> {
    for (let eol = this.#rest.indexOf(EOL); ; eol = this.#rest.indexOf(EOL)) {
      if (eol >= 0) {
        const text = this.#rest.toString('utf8', 0, eol);
        this.#rest = this.#rest.subarray(eol + 1);
        return JSON.parse(text) as T;
      }
      this.#rest = Buffer.concat([this.#rest, await this.#more(ms, work)]);
    }
  }

  async *bytes(count: number, work: Work): AsyncGenerator<Buffer, void, undefined> {
    for (let left = count; left > 0;) {
      const chunk = this.#rest.length > 0 ? this.#rest : await this.#more(SILENCE_MS, work);
      this.#rest = Buffer.alloc(0);
      const own = chunk.subarray(0, left);
      left -= own.length;
      yield own;
    }
  }

  async #more(ms: number, work: Work): Promise<Buffer> {
    const { done, value } = await within(`Reading inside ${this.#name}`, ms, work, () => this.#chunks.next()).catch(
      (error: unknown) => {
        this.end();
        throw error;
      },
    );
    if (!done) return value;
    const said = this.#stream.stderr.trim().split('\n')[0] ?? '';
    throw captureFailed(`what read the memory inside ${this.#name} ended early${said === '' ? '' : `: ${said}`}`);
  }
}
