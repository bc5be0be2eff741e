// Watches places by breakpoints that tell and never stop. Each hit costs some 100 microseconds, so one that is come to often is taken
// away again and said to be no longer recorded. They belong to the inspector session: when it ends, they are gone.
import { isFailure, type Problem, type Work } from '../model/index.ts';
import { evaluate, type Door } from './door.ts';
import { PROBE, type ScriptPlan, type TextEdit } from './plan.ts';
import { editedOffset, lineStarts, originalOffset } from './textEdits.ts';
import type { Way, Window } from './watchPoint.ts';

/** Hits a second that one place may have, over a second: 100 microseconds each are 1 % of a core. */
const MOST_HITS = 100;
const EVERY_MS = 1000;

interface Location {
  readonly lineNumber: number;
  readonly columnNumber?: number;
  readonly type?: 'debuggerStatement' | 'call' | 'return';
}

interface Standing {
  readonly scriptId: string;
  readonly line: number;
  readonly column: number;
  /** Conditions by site. */
  readonly conditions: Map<number, string>;
  id?: string;
}

export class Breakpoints {
  readonly #door: Door;
  readonly #standings = new Map<string, Standing>();
  readonly #names = new Map<number, string>();
  readonly #told: Problem[] = [];
  #timer: NodeJS.Timeout | undefined;
  #asked = 0;

  constructor(door: Door) {
    this.#door = door;
  }

  /** Sites that were come to too often and are not watched any more. */
  get relieved(): readonly Problem[] {
    return this.#told;
  }

  /**
   * @param edits what the script that runs now has been edited by
   * @returns the sites that are watched, and why others are not
   */
  async set(
    script: ScriptPlan,
    sites: ReadonlySet<number>,
    edits: readonly TextEdit[],
    work: Work,
  ): Promise<{ readonly watched: ReadonlySet<number>; readonly problems: readonly Problem[] }> {
    const watched = new Set<number>();
    const problems: Problem[] = [];
    // After an edit V8 has some functions twice until it collects, and might put a breakpoint into the one that nobody calls.
    if (edits.length > 0 && script.points.some(({ site }) => sites.has(site)))
      await this.#door.send('HeapProfiler.collectGarbage', {}, work);
    const places = new Places(this.#door, script, edits, work);
    for (const { site, at, ways, why, isHint } of script.points) {
      if (!sites.has(site)) continue;
      this.#names.set(site, `${script.url}:${places.lineOf(at)}`);
      const found = await places.firstWay(ways);
      for (const [place, condition] of found ?? []) this.#add(script.scriptId, place, site, condition);
      if (found) watched.add(site);
      else if (!isHint)
        problems.push(
          notRecorded(this.#names.get(site) ?? script.url, ways.length === 0 ? why : 'V8 has no place to stand there'),
        );
    }
    for (const standing of this.#standings.values()) if (standing.id === undefined) await this.#put(standing, work);
    if (this.#standings.size > 0) this.#watch();
    return { watched, problems };
  }

  async clear(): Promise<void> {
    clearInterval(this.#timer);
    for (const standing of this.#standings.values()) await this.#take(standing).catch(() => undefined);
    this.#standings.clear();
  }

  #add(
    scriptId: number,
    { lineNumber: line, columnNumber: column = 0 }: Location,
    site: number,
    condition: string,
  ): void {
    const key = `${scriptId}:${line}:${column}`;
    const standing = this.#standings.get(key) ?? {
      scriptId: String(scriptId),
      line,
      column,
      conditions: new Map<number, string>(),
    };
    const there = standing.conditions.get(site);
    standing.conditions.set(site, there === undefined ? condition : `${there},${condition}`);
    this.#standings.set(key, standing);
  }

  async #put(standing: Standing, work: Work): Promise<void> {
    const { scriptId, line: lineNumber, column: columnNumber, conditions } = standing;
    const texts = [...conditions.values()];
    // One that throws must not keep the others from telling.
    const each =
      texts.length === 1 ? `(${texts[0] ?? ''})` : texts.map((text) => `(()=>{try{${text}}catch{}})()`).join();
    const { breakpointId } = await this.#door.send<{ breakpointId: string }>(
      'Debugger.setBreakpoint',
      { location: { scriptId, lineNumber, columnNumber }, condition: `${each},false` },
      work,
    );
    standing.id = breakpointId;
  }

  async #take(standing: Standing): Promise<void> {
    if (standing.id === undefined) return;
    const breakpointId = standing.id;
    delete standing.id;
    await this.#door.send('Debugger.removeBreakpoint', { breakpointId });
  }

  #watch(): void {
    if (this.#timer) return;
    this.#asked = performance.now();
    this.#timer = setInterval(() => {
      this.#relieve().catch(() => clearInterval(this.#timer));
    }, EVERY_MS);
    this.#timer.unref();
  }

  async #relieve(): Promise<void> {
    const text = await evaluate<string>(this.#door, `globalThis[${JSON.stringify(PROBE)}].hot()`, {});
    const seconds = Math.max(1, (performance.now() - this.#asked) / 1000);
    this.#asked = performance.now();
    for (const [site, hits] of JSON.parse(text) as readonly (readonly [number, number])[]) {
      if (hits / seconds <= MOST_HITS) continue;
      this.#told.push(
        notRecorded(
          this.#names.get(site) ?? '',
          `it is come to ${Math.round(hits / seconds)} times a second, too often for a breakpoint`,
        ),
      );
      for (const [key, standing] of this.#standings) {
        if (!standing.conditions.delete(site)) continue;
        await this.#take(standing);
        if (standing.conditions.size > 0) await this.#put(standing, {});
        else this.#standings.delete(key);
      }
    }
  }
}

/** Finds in a running script where V8 can stand. */
class Places {
  readonly #door: Door;
  readonly #script: ScriptPlan;
  readonly #edits: readonly TextEdit[];
  readonly #work: Work;
  readonly #starts: readonly number[];

  constructor(door: Door, script: ScriptPlan, edits: readonly TextEdit[], work: Work) {
    this.#door = door;
    this.#script = script;
    this.#edits = edits;
    this.#work = work;
    this.#starts = lineStarts(script.original);
  }

  /** From one. */
  lineOf(offset: number): number {
    return this.#at(offset).lineNumber + 1;
  }

  async firstWay(ways: readonly Way[]): Promise<[Location, string][] | undefined> {
    for (const { steps } of ways) {
      const found: [Location, string][] = [];
      for (const windows of steps) {
        const at = await this.#firstWindow(windows);
        if (at) found.push(at);
      }
      if (found.length === steps.length) return found;
    }
    return undefined;
  }

  async #firstWindow(windows: readonly Window[]): Promise<[Location, string] | undefined> {
    for (const window of windows) {
      const { from, to, pick, except, condition } = window;
      const inside = (await this.#locations(from, to)).filter(
        ([offset]) => offset >= from && offset <= to && !except.some(([start, end]) => offset >= start && offset < end),
      );
      const fitting = inside.filter(([, { type }]) => {
        if (pick === 'last') return type !== 'return';
        return pick === 'first' || type === pick;
      });
      const found = pick === 'first' ? fitting[0] : fitting.at(-1);
      if (found) return [found[1], condition];
    }
    return undefined;
  }

  /** By offset of the original text. */
  async #locations(from: number, to: number): Promise<(readonly [number, Location])[]> {
    const scriptId = String(this.#script.scriptId);
    const { locations } = await this.#door
      .send<{ locations: readonly Location[] }>(
        'Debugger.getPossibleBreakpoints',
        { start: { scriptId, ...this.#at(from) }, end: { scriptId, ...this.#at(to + 1, true) } },
        this.#work,
      )
      .catch((error: unknown) => {
        if (isFailure(error, 'inspector-error')) return { locations: [] };
        throw error;
      });
    return locations.map((at) => [this.#original(at), at] as const).sort(([a], [b]) => a - b);
  }

  #at(offset: number, isAfter = false): { readonly lineNumber: number; readonly columnNumber: number } {
    const next = this.#starts.findIndex((start) => start > offset);
    const lineNumber = (next < 0 ? this.#starts.length : next) - 1;
    const start = editedOffset(this.#edits, this.#starts[lineNumber] ?? 0);
    return { lineNumber, columnNumber: editedOffset(this.#edits, offset, isAfter) - start };
  }

  #original({ lineNumber, columnNumber = 0 }: Location): number {
    const start = this.#starts[lineNumber] ?? 0;
    return originalOffset(this.#edits, editedOffset(this.#edits, start) + columnNumber);
  }
}

function notRecorded(where: string, why: string): Problem {
  return { code: 'not-recorded', message: `${where} is not recorded: ${why}.` };
}
