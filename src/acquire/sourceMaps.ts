// The scripts of the program for a snapshot's notes, each with its source map where that can be read: from the script's own `data:`
// URL, or from the file beside the script in the target's file system. Read once and kept for the next snapshot.
import type { Work } from '../model/index.ts';
import type { RunningScript } from './attachment.ts';
import type { SnapshotNotes } from './capture.ts';
import type { ContainerRuntime } from './target.ts';

const LARGEST_MAP = 32 * 2 ** 20;
const ALL_MAPS = 256 * 2 ** 20;
const SHA256 = /^[\da-f]{64}$/;

type NotedScript = SnapshotNotes['scripts'][number];

export class ScriptNotes {
  readonly #runtime: ContainerRuntime;
  /** By script URL and hash. `undefined`: it has none, or none that could be read. */
  readonly #maps = new Map<string, string | undefined>();

  constructor(runtime: ContainerRuntime) {
    this.#runtime = runtime;
  }

  async collect(scripts: readonly RunningScript[], work?: Work): Promise<readonly NotedScript[]> {
    const own = scripts.filter((s) => isProgram(s.url));
    await this.#load(own, work);
    let total = 0;
    return own.map((script) => {
      const map = this.#maps.get(keyOf(script));
      total += map?.length ?? 0;
      return {
        id: script.id,
        url: script.url,
        ...(SHA256.test(script.hash) && { hash: script.hash }),
        ...(map !== undefined && total <= ALL_MAPS && { sourceMap: map }),
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
