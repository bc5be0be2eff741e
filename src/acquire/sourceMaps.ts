// The scripts of the program for a snapshot's notes, each with its source map where that can be read: from the script's own `data:`
// URL, or from the file beside the script in the target's file system; without one that holds the sources, with the text that runs.
// Read once and kept for the next snapshot.
import type { Protocol } from 'devtools-protocol';
import type { Work } from '../model/index.ts';
import type { RunningScript } from './attachment.ts';
import type { SnapshotNotes } from './capture.ts';
import { checkCancelled } from './deadline.ts';
import type { InspectorSession } from './inspectorSession.ts';
import type { ContainerRuntime } from './target.ts';

const LARGEST_MAP = 32 * 2 ** 20;
const ALL_MAPS = 256 * 2 ** 20;
/** What a person wrote is shorter. */
const LONGEST_TEXT = 2 * 2 ** 20;
const ALL_TEXTS = 64 * 2 ** 20;
const HOLDS_SOURCES = /"sourcesContent"\s*:\s*\[\s*"/;
const SHA256 = /^[\da-f]{64}$/;

type NotedScript = SnapshotNotes['scripts'][number];

export class ScriptNotes {
  readonly #runtime: ContainerRuntime;
  /** By script URL and hash. `undefined`: it has none, or none that could be read. */
  readonly #maps = new Map<string, string | undefined>();
  readonly #session: InspectorSession | undefined;
  readonly #texts = new Map<string, string | undefined>();

  /** @param session is asked for the text of scripts; without one none is noted */
  constructor(runtime: ContainerRuntime, session?: InspectorSession) {
    this.#runtime = runtime;
    this.#session = session;
  }

  async collect(scripts: readonly RunningScript[], work?: Work): Promise<readonly NotedScript[]> {
    const own = scripts.filter((s) => isProgram(s.url));
    await this.#load(own, work);
    await this.#loadTexts(own, work);
    let total = 0;
    let texts = 0;
    return own.map((script) => {
      const map = this.#maps.get(keyOf(script));
      total += map?.length ?? 0;
      const text = this.#texts.get(keyOf(script));
      texts += text?.length ?? 0;
      return {
        id: script.id,
        url: script.url,
        ...(SHA256.test(script.hash) && { hash: script.hash }),
        ...(map !== undefined && total <= ALL_MAPS && { sourceMap: map }),
        ...(text !== undefined && texts <= ALL_TEXTS && { text }),
      };
    });
  }

  async #load(scripts: readonly RunningScript[], work?: Work): Promise<void> {
    const wanted = new Map<string, string[]>();
    for (const script of scripts) {
      const key = keyOf(script);
      if (this.#maps.has(key)) continue;
      this.#maps.set(key, undefined);
      if (script.sourceMapUrl === undefined || isDependency(script.url)) continue;
      const inline = inlineMap(script.sourceMapUrl);
      if (inline !== undefined) this.#maps.set(key, inline);
      const path = inline === undefined ? mapPath(script.url, script.sourceMapUrl) : undefined;
      if (path !== undefined) wanted.set(path, [...(wanted.get(path) ?? []), key]);
    }
    const files = await this.#runtime.readFiles([...wanted.keys()], LARGEST_MAP, work);
    for (const [path, keys] of wanted) {
      const bytes = files.get(path);
      if (bytes) for (const key of keys) this.#maps.set(key, bytes.toString('utf8'));
    }
    await this.#complete(scripts, work);
  }

  /** A map may only name what the script was made of: where those files lie in the target, they are put in. */
  async #complete(scripts: readonly RunningScript[], work?: Work): Promise<void> {
    const open: { readonly key: string; readonly map: NamingMap; readonly paths: readonly string[] }[] = [];
    for (const script of scripts) {
      const key = keyOf(script);
      const map = namingMap(this.#maps.get(key));
      if (!map || isDependency(script.url)) continue;
      const directory = map.sourceRoot ? `${map.sourceRoot.replace(/\/$/, '')}/` : '';
      open.push({ key, map, paths: map.sources.map((source) => mapPath(script.url, directory + source) ?? '') });
    }
    const named = open.flatMap(({ paths }) => paths).filter((path) => path !== '');
    if (named.length === 0) return;
    const files = await this.#runtime.readFiles([...new Set(named)], LONGEST_TEXT, work);
    for (const { key, map, paths } of open) {
      const sourcesContent = paths.map((path) => files.get(path)?.toString('utf8') ?? null);
      if (sourcesContent.some((content) => content !== null))
        this.#maps.set(key, JSON.stringify({ ...map, sourcesContent }));
    }
  }

  async #loadTexts(scripts: readonly RunningScript[], work?: Work): Promise<void> {
    const session = this.#session;
    if (!session) return;
    for (const script of scripts) {
      const key = keyOf(script);
      if (this.#texts.has(key) || isDependency(script.url) || HOLDS_SOURCES.test(this.#maps.get(key) ?? '')) continue;
      const text = await textOf(session, script, work);
      this.#texts.set(key, text !== undefined && text.length <= LONGEST_TEXT ? text : undefined);
    }
  }
}

interface NamingMap {
  readonly sources: readonly string[];
  readonly sourceRoot?: string;
}

/** A map that holds none of its sources. */
function namingMap(text: string | undefined): NamingMap | undefined {
  if (text === undefined || HOLDS_SOURCES.test(text)) return undefined;
  try {
    const map = JSON.parse(text) as Partial<NamingMap> | null;
    const isWhole = Array.isArray(map?.sources) && map.sources.every((source) => typeof source === 'string');
    return isWhole ? (map as NamingMap) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where the program has let go of the script since. */
async function textOf(session: InspectorSession, script: RunningScript, work?: Work): Promise<string | undefined> {
  try {
    const scriptId = String(script.id);
    const { scriptSource } = await session.send<Protocol.Debugger.GetScriptSourceResponse>(
      'Debugger.getScriptSource',
      { scriptId },
      work,
    );
    return scriptSource;
  } catch (error) {
    checkCancelled(work);
    if (session.gone) throw error;
    return undefined;
  }
}

function keyOf(script: RunningScript): string {
  return `${script.hash} ${script.url}`;
}

/** A script of the program or its dependencies; not the runtime's own and not what a debugger evaluated. */
function isProgram(url: string): boolean {
  return url !== '' && !/^(node:|internal\/|evalmachine\.|\[eval)/.test(url);
}

function isDependency(url: string): boolean {
  return url.includes('/node_modules/');
}

/** Text of a map that stands in its own URL. */
export function inlineMap(url: string): string | undefined {
  const match = /^data:[^,]*?(;base64)?,/.exec(url);
  if (!match) return undefined;
  const body = url.slice(match[0].length);
  try {
    return match[1] ? Buffer.from(body, 'base64').toString('utf8') : decodeURIComponent(body);
  } catch {
    return undefined;
  }
}

/** Where the map lies in the target's file system; undefined where it lies elsewhere. */
export function mapPath(scriptUrl: string, mapUrl: string): string | undefined {
  const base = scriptUrl.startsWith('/')
    ? `file://${scriptUrl.split('/').map(encodeURIComponent).join('/')}`
    : scriptUrl;
  try {
    const url = new URL(mapUrl, base);
    if (url.protocol !== 'file:') return undefined;
    // Not `fileURLToPath`: the path is one of the target's system, which need not be that of this program.
    const path = decodeURIComponent(url.pathname);
    return /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path;
  } catch {
    return undefined;
  }
}
