// Stops a recorded process right after a change that is waited for, at the very line, with its other debuggers told by V8 itself. The
// change is told first, so that it is on the timeline while the process stands. Coarse in the process and exact outside: whoever asked
// decides by the event whether to stay. V8 lets the process go on when our session ends, however it ends.
import type { Attachment } from '../acquire/index.ts';
import { Failure, isFailure, type EntityRef } from '../model/index.ts';
import type { RecordingPlan, Site } from '../record/index.ts';

/** A change to stop at; absent fields do not restrict. */
export interface PauseWish {
  readonly entity?: string;
  readonly attribute?: string;
  readonly id?: EntityRef['id'];
  /** Texts of the value it has afterwards, as shown or as JSON. */
  readonly posts?: readonly string[];
  readonly source?: { readonly file: string; readonly line: number };
}

/** What one place of the program looks for. */
interface Gate {
  readonly property?: string;
  readonly id?: string;
  readonly posts?: readonly string[];
}

/** A process is never left standing longer, whatever becomes of the person who looks at it. */
export const LONGEST_PAUSE_MS = 120_000;
/** The function in which V8 stops; the frame below it is the line of the program. */
export const PAUSE_FUNCTION = '$semstate$pause';
const SHORT_MS = 5000;

export class PauseGate implements AsyncDisposable {
  readonly #attachment: Pick<Attachment, 'send' | 'on'>;
  readonly #plan: () => RecordingPlan | undefined;
  readonly #probe: string;
  readonly #changed: (paused: boolean) => void;
  readonly #ends: (() => void)[];
  readonly #longest: number;
  #limit: NodeJS.Timeout | undefined;
  #isPaused = false;
  #isSet = false;

  /** @param probe name under which the recorded program tells its changes */
  constructor(
    attachment: Pick<Attachment, 'send' | 'on'>,
    parts: {
      readonly plan: () => RecordingPlan | undefined;
      readonly probe: string;
      readonly changed: (paused: boolean) => void;
      readonly longestMs?: number;
    },
  ) {
    this.#attachment = attachment;
    this.#plan = parts.plan;
    this.#probe = parts.probe;
    this.#changed = parts.changed;
    this.#longest = parts.longestMs ?? LONGEST_PAUSE_MS;
    this.#ends = [
      attachment.on('Debugger.paused', (params) => {
        if (isOurs(params)) this.#paused();
      }),
      attachment.on('Debugger.resumed', () => this.#resumed()),
    ];
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Replaces what is waited for; nothing: the process runs as if nobody waited. */
  async set(wishes: readonly PauseWish[]): Promise<void> {
    const gates = gatesOf(wishes, this.#plan()?.sites ?? [], this.#plan()?.entities.map(({ name }) => name) ?? []);
    if (Object.keys(gates).length === 0 && !this.#isSet) return;
    this.#isSet = Object.keys(gates).length > 0;
    // An attach takes no part in pauses, but for those it waits for.
    await this.#attachment.send('Debugger.setSkipAllPauses', { skip: !this.#isSet }, { timeoutMs: SHORT_MS });
    const [name, pause] = [JSON.stringify(this.#probe), JSON.stringify(PAUSE_FUNCTION)];
    const { exceptionDetails } = await this.#attachment.send<{ readonly exceptionDetails?: object }>(
      'Runtime.evaluate',
      { expression: `(${pausing.toString()})(${name}, ${pause}, ${JSON.stringify(gates)})`, silent: true },
      { timeoutMs: SHORT_MS },
    );
    if (exceptionDetails)
      throw new Failure(
        'probe-failed',
        `The process cannot be stopped at a change: ${JSON.stringify(exceptionDetails)}`,
        'Breakpoints stop the view alone.',
      );
  }

  /** The process goes on; another debugger may have let it go already. */
  async resume(): Promise<void> {
    if (!this.#isPaused) return;
    this.#resumed();
    await this.#attachment.send('Debugger.resume', {}, { timeoutMs: SHORT_MS }).catch((error: unknown) => {
      if (!isFailure(error)) throw error;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends) end();
    await this.resume();
    await this.set([]).catch((error: unknown) => {
      if (!isFailure(error)) throw error;
    });
    clearTimeout(this.#limit);
  }

  #paused(): void {
    this.#isPaused = true;
    clearTimeout(this.#limit);
    this.#limit = setTimeout(() => void this.resume(), this.#longest);
    this.#changed(true);
  }

  #resumed(): void {
    clearTimeout(this.#limit);
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#changed(false);
  }
}

function isOurs(params: unknown): boolean {
  const { callFrames = [] } = params as { callFrames?: readonly { readonly functionName?: string }[] };
  return callFrames[0]?.functionName === PAUSE_FUNCTION;
}

/** Places by their numbers. A removal leaves no value to compare, a version or creation has it in the object. */
export function gatesOf(
  wishes: readonly PauseWish[],
  sites: readonly Pick<Site, 'id' | 'entities' | 'property' | 'source' | 'method'>[],
  entities: readonly string[],
): { readonly [site: number]: readonly Gate[] } {
  const gates: { [site: number]: Gate[] } = {};
  for (const wish of wishes) {
    for (const site of sites) {
      if (site.method === 'breakpoint' || !concerns(site, wish, entities)) continue;
      (gates[site.id] ??= []).push({
        ...(wish.attribute !== undefined && { property: wish.attribute }),
        ...(wish.id !== undefined && { id: String(wish.id) }),
        ...(wish.posts && { posts: wish.posts }),
      });
    }
  }
  return gates;
}

function concerns(
  { entities: ofSite, property, source }: Pick<Site, 'entities' | 'property' | 'source'>,
  wish: PauseWish,
  entities: readonly string[],
): boolean {
  if (wish.source && (source?.file !== wish.source.file || source.line !== wish.source.line)) return false;
  const type = wish.entity === undefined ? -1 : entities.indexOf(wish.entity);
  if (wish.entity !== undefined && (type < 0 || (ofSite.length > 0 && !ofSite.includes(type)))) return false;
  return wish.attribute === undefined || property === undefined || property.replace(/^#/, '') === wish.attribute;
}

/** Runs inside the process, sent as text: each place calls what it called before, then stops where something waits for it. */
function pausing(probe: string, name: string, gates: { readonly [site: string]: readonly Gate[] }): void {
  type Call = (this: unknown, ...args: unknown[]) => unknown;
  type Face = { [method: string]: Call } & { $calls?: { [method: string]: Call } };
  const face = (globalThis as unknown as { [name: string]: Face | undefined })[probe];
  if (!face) return;
  const calls = face.$calls ?? {};
  for (const [method, call] of Object.entries(calls)) face[method] = call;
  delete face.$calls;
  if (Object.keys(gates).length === 0) return;
  const shown = (value: unknown): readonly string[] => [String(value), JSON.stringify(value) ?? ''];
  const wanted = (method: string, args: readonly unknown[], result: unknown): boolean => {
    try {
      const [id, object] = args;
      const value =
        method === 'w' ? args[2] : method === 'p' ? args[4] : method === 's' || method === 'z' ? args[3] : result;
      const bag = (typeof object === 'object' && object !== null ? object : {}) as { readonly [key: string]: unknown };
      const own = Object.values(bag).map(String);
      return (gates[String(id)] ?? []).some(({ property, id: key, posts }) => {
        const post = method === 'n' && property !== undefined ? bag[property] : value;
        if (posts && 'wspzn'.includes(method) && !shown(post).some((text) => posts.includes(text))) return false;
        return key === undefined || own.length === 0 || own.includes(key);
      });
    } catch {
      return false;
    }
  };
  const kept: { [method: string]: Call } = {};
  for (const method of ['w', 's', 'z', 'u', 'v', 'p', 'n', 'd', 'x', 'y']) {
    const call = face[method];
    if (typeof call !== 'function') continue;
    kept[method] = call;
    const stopping: { [method: string]: Call } = {
      [name](...args) {
        const result = call.apply(this, args);
        if (wanted(method, args, result)) debugger;
        return result;
      },
    };
    face[method] = stopping[name] ?? call;
  }
  Object.defineProperty(face, '$calls', { value: kept, configurable: true, enumerable: false, writable: true });
}
