// Reads the memory of a process on the engine's own machine. Runs as text, by the Node.js of the container's image, where the processes of
// that machine are seen; names nothing but its arguments, writes to no file. It speaks on its standard streams: it tells what the program is, waits for a line that says go, stops
// the process at a moment at which nothing is half done, copies, lets it go on, and only then hands the copy over. A child of it resumes
// the process should it be killed meanwhile.
import type * as ChildProcess from 'node:child_process';
import type * as Fs from 'node:fs';
import type { Elf, V8Constants } from './elf.ts';
import type { PageRun, ProcessPages } from './processMaps.ts';
import type { Stillness } from './stillness.ts';

export interface InsideOptions {
  /** The container's first process, by the machine's number. */
  readonly first: number;
  /** The process, by the container's number. */
  readonly own: number;
  /** Milliseconds for which a safe moment is waited for; and after that, for any moment, where it is forced. */
  readonly tryMs: number;
  readonly force: boolean;
  readonly longestForceMs: number;
  /** Nothing is read: one that was left stopped goes on. */
  readonly resume: boolean;
}

/** The first line. */
export type InsideFinding =
  | {
      readonly constants: V8Constants;
      /** Where the constants were, if not in the program itself: a library's path in the container. */
      readonly library?: string;
      readonly bytes: number;
      /** It stands still already, and not for us. */
      readonly stands: boolean;
    }
  | { readonly refused: 'permission' | 'gone' | 'binary' | 'other'; readonly why: string };

/** The second line; after that of a copy come its pages. */
export type InsideCopy =
  | {
      readonly runs: readonly PageRun[];
      readonly mapped: readonly PageRun[];
      readonly bytes: number;
      readonly safe: boolean;
      readonly pauseMs: number;
      /** Milliseconds since 1970. */
      readonly time: number;
      /** Resident bytes of the process before and after. */
      readonly resident: readonly [number, number];
    }
  | { readonly refused: 'gone' | 'never-idle' | 'room' | 'other'; readonly why: string };

export async function readInside(
  fs: typeof Fs,
  children: Pick<typeof ChildProcess, 'spawn'>,
  self: NodeJS.Process,
  elf: Elf,
  pages: ProcessPages,
  stillness: Stillness,
  options: InsideOptions,
): Promise<void> {
  const PAGE = 4096;
  const PIECE = 1 << 20;
  const FEWEST_CONSTANTS = 300;
  const attempt = <T>(ask: () => T): T | undefined => {
    try {
      return ask();
    } catch {
      return undefined;
    }
  };
  const link = (path: string): string => {
    return attempt(() => fs.readlinkSync(path)) || '';
  };
  /** By the machine's number; 0 where there is none. */
  const numberOf = ({ first, own }: InsideOptions): number => {
    const namespace = link(`/proc/${first}/ns/pid`);
    if (own === 1 || namespace === '') return first;
    const isIt = (entry: string): boolean => {
      if (!/^\d+$/.test(entry) || link(`/proc/${entry}/ns/pid`) !== namespace) return false;
      const ids = /^NSpid:\s+(.*)$/m.exec(fs.readFileSync(`/proc/${entry}/status`, 'utf8'));
      return Number(((ids && ids[1]) || '').split(/\s+/).pop()) === own;
    };
    return Number(fs.readdirSync('/proc').filter((entry) => attempt(() => isIt(entry)) === true)[0] || 0);
  };
  const pid = numberOf(options);
  const say = (line: InsideFinding | InsideCopy): void => void fs.writeSync(1, `${JSON.stringify(line)}\n`);
  const codeOf = (error: unknown): string => String((error as { readonly code?: unknown }).code);
  const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  const isGone = (error: unknown): boolean => /^(ENOENT|ESRCH)$/.test(codeOf(error));
  const resident = (): number =>
    parseInt((/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) || [])[1] || '0', 10) * 1024;
  const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const write = (bytes: Buffer): void => {
    for (let at = 0; at < bytes.length;) {
      try {
        at += fs.writeSync(1, bytes, at, bytes.length - at);
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN') throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      }
    }
  };

  const find = (): InsideFinding => {
    try {
      const mappings = pages.mappingsOf(pid);
      const [first] = mappings.filter(pages.isOwnMemory);
      if (!first) return { refused: 'gone', why: 'it has no memory any more' };
      const memory = fs.openSync(`/proc/${pid}/mem`, 'r');
      fs.readSync(memory, Buffer.alloc(8), 0, 8, first.from);
      fs.closeSync(memory);
      const [library] = mappings.filter(({ name }) => /\/lib(node|v8)[^/]*\.so[^/]*$/.test(name));
      const exe = `/proc/${pid}/exe`;
      for (const path of [exe].concat(library ? [`/proc/${pid}/root${library.name}`] : [])) {
        const file = fs.openSync(path, 'r');
        const constants = elf.read(file, () => undefined);
        fs.closeSync(file);
        if (!constants || Object.keys(constants.values).length < FEWEST_CONSTANTS) continue;
        if (constants.values['TaggedSize'] !== 8) return { refused: 'binary', why: 'it compresses its pointers' };
        const bytes = pages.pagesOf(pid, mappings).reduce((sum, run) => sum + run.pages * PAGE, 0);
        const stands = stillness.standsStill(pid);
        return { constants, bytes, stands, ...(library && path !== exe && { library: library.name }) };
      }
      return { refused: 'binary', why: 'it has no v8dbg_ symbols: it is no Node.js, or was stripped of them' };
    } catch (error) {
      if (isGone(error)) return { refused: 'gone', why: 'there is no such process' };
      return { refused: /^E(ACCES|PERM)$/.test(codeOf(error)) ? 'permission' : 'other', why: textOf(error) };
    }
  };

  /** Resumes the process when the pipe between the two ends without a word. */
  const watch = (): Promise<() => Promise<void>> =>
    new Promise((resolve, reject) => {
      const program = `let said='';process.stdin.on('data',(d)=>said+=d);process.stdin.on('end',()=>{if(!said)process.kill(${pid},'SIGCONT')});process.stdout.write('watching')`;
      const shell = `echo watching; read -r said && exit 0; kill -CONT ${pid}`;
      const start = (command: string, args: readonly string[], otherwise?: () => void): void => {
        const child = children.spawn(command, args, { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
        const ended = new Promise<void>((done) => child.on('close', () => done()));
        child.stdin.on('error', () => undefined);
        child.on('error', otherwise || reject);
        child.stdout.on('data', () =>
          resolve(() => {
            child.stdin.end('done\n');
            return ended;
          }),
        );
      };
      start('/bin/sh', ['-c', shell], () => start(self.execPath, ['-e', program]));
    });

  if (options.resume) {
    if (pid > 0) self.kill(pid, 'SIGCONT');
    return;
  }
  const finding = find();
  say(finding);
  if ('refused' in finding) return;
  const go = await new Promise<boolean>((resolve) => {
    self.stdin.once('data', () => resolve(true));
    self.stdin.once('end', () => resolve(false));
  });
  // Whoever asked is gone.
  let left = false;
  self.stdin.on('end', () => (left = true));
  if (!go) return;

  let room: Buffer;
  try {
    // Filled, so that the pages are there before the process is stopped.
    room = Buffer.allocUnsafeSlow(finding.bytes + 8 * PIECE).fill(1);
  } catch (error) {
    return say({ refused: 'room', why: textOf(error) });
  }
  const memory = fs.openSync(`/proc/${pid}/mem`, 'r');
  const copy = (): InsideCopy & { readonly bytes: number } => {
    const mappings = pages.mappingsOf(pid);
    const runs = pages.pagesOf(pid, mappings);
    const bytes = runs.reduce((sum, run) => sum + run.pages * PAGE, 0);
    if (bytes > room.length) room = Buffer.allocUnsafeSlow(bytes + PIECE);
    let used = 0;
    for (const { address, pages: count } of runs) {
      for (let done = 0; done < count * PAGE;) {
        let got = 0;
        try {
          got = fs.readSync(memory, room, used, count * PAGE - done, address + done);
          if (got === 0) throw Object.assign(new Error('it ended while it was read'), { code: 'ESRCH' });
        } catch (error) {
          if (isGone(error)) throw error;
        }
        // A page that cannot be read, or of which only a part came, is zero.
        const whole = got - (got % PAGE);
        if (whole === 0) room.fill(0, used, used + PAGE);
        done += whole || PAGE;
        used += whole || PAGE;
      }
    }
    const mapped = mappings.filter(pages.isOwnMemory).map(pages.pagesIn);
    return { runs, mapped, bytes: used, safe: stillness.isIdle(pid), pauseMs: 0, time: Date.now(), resident: [0, 0] };
  };
  const before = resident();
  const hand = (copied: InsideCopy & { readonly bytes: number }, pauseMs: number): void => {
    say({ ...copied, pauseMs, resident: [before, resident()] } as InsideCopy);
    for (let at = 0; at < copied.bytes; at += PIECE) write(room.subarray(at, Math.min(at + PIECE, copied.bytes)));
  };
  if (stillness.standsStill(pid)) return hand(copy(), 0);
  const release = await watch();
  try {
    const end = Date.now() + options.tryMs;
    for (;;) {
      const late = Date.now() > end;
      if (left) return;
      if (late && !options.force) return say({ refused: 'never-idle', why: '' });
      if (Date.now() > end + options.longestForceMs) return say({ refused: 'other', why: 'the target did not stop' });
      if (stillness.isIdle(pid) || late) {
        const begun = self.hrtime();
        self.kill(pid, 'SIGSTOP');
        let copied: (InsideCopy & { readonly bytes: number }) | undefined;
        try {
          const stood = stillness.waitForStop(pid);
          if (stood === 'gone') return say({ refused: 'gone', why: 'it ended' });
          if (stood === 'stands' && (late || stillness.isIdle(pid))) copied = copy();
        } finally {
          self.kill(pid, 'SIGCONT');
        }
        const [seconds, nanoseconds] = self.hrtime(begun);
        if (copied) return hand(copied, seconds * 1000 + nanoseconds / 1e6);
      }
      await rest(1);
    }
  } catch (error) {
    say({ refused: isGone(error) ? 'gone' : 'other', why: textOf(error) });
  } finally {
    await release();
  }
}
