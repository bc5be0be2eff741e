// The scripts of a thread as they are planned for: with the maps they name, and only where what runs is what was read.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inlineMap, mapPath, type Attachment } from '../acquire/index.ts';
import { Failure, type Model, type Problem, type Work } from '../model/index.ts';
import {
  changedFiles,
  eventsThatFit,
  evaluate,
  MOST_EVENTS,
  runningScripts,
  type Door,
  type PlannedScript,
  type RecordedEvent,
  type RecordingPlan,
} from '../record/index.ts';
import { fits, type Step } from './fitting.ts';

const LARGEST_MAP = 32 * 2 ** 20;
/** V8 counts room for young objects into its limit, of which what lives longer has no use: measured, by V8's major version. */
const YOUNG_MB: readonly (readonly [from: number, megabytes: number])[] = [
  [13, 192],
  [0, 48],
];

/** The program's own scripts with the text that runs and the maps they name. */
export async function scriptsOf(
  door: Door,
  files: Pick<Attachment, 'readFile'>,
  work: Work,
  wanted: (url: string) => boolean = () => true,
  roots: readonly string[] = [],
): Promise<PlannedScript[]> {
  const maps = new Map(door.scripts().map((script) => [script.id, script.sourceMapUrl]));
  const scripts: PlannedScript[] = [];
  for (const script of await runningScripts(door, work, wanted, roots)) {
    const url = maps.get(script.id);
    const path = url === undefined ? undefined : mapPath(script.url, url);
    const map =
      url === undefined
        ? undefined
        : (inlineMap(url) ??
          (path === undefined ? undefined : (await files.readFile(path, LARGEST_MAP, work))?.toString('utf8')));
    scripts.push({ ...script, ...(map !== undefined && { sourceMap: map }) });
  }
  return scripts;
}

/**
 * Files that differ and of which nothing is recorded.
 * @throws Failure `source-differs` where a file that is to be recorded is not what runs
 */
export function checkFresh(
  plan: RecordingPlan,
  scripts: readonly PlannedScript[],
  roots: readonly string[],
): readonly Problem[] {
  const changed = changedFiles(scripts, plan.files, (file) => {
    const path = roots.map((root) => join(root, file)).find((each) => existsSync(each));
    return path === undefined ? undefined : readFileSync(path, 'utf8');
  });
  const recorded = new Set(plan.sites.map(({ source }) => source?.file));
  const stale = plan.sites.length === 0 ? changed : changed.filter((file) => recorded.has(file));
  if (stale.length > 0) {
    const named = stale.slice(0, 5).join(', ') + (stale.length > 5 ? ` and ${stale.length - 5} more` : '');
    throw new Failure(
      'source-differs',
      `What runs is not the source that was read: ${named} ${stale.length === 1 ? 'has' : 'have'} changed since the service was built or started, so its lines would be the wrong ones.`,
      'Restart the service from this source, or give the source it was started from; snapshots alone: --method snapshots.',
    );
  }
  return changed.map((file) => ({
    code: 'source-differs',
    message: `${file} is not what runs; nothing of it is recorded.`,
  }));
}

/**
 * How many events may wait in the thread.
 * @param headroom bytes that its container, or the machine, can still give
 * @throws Failure `no-headroom`
 */
export async function roomIn(
  door: Door,
  name: string,
  headroom: number | undefined,
  work: Work,
): Promise<{ readonly capacity: number; readonly told?: string }> {
  const asked = `(() => {
    const heap = process.getBuiltinModule?.('node:v8')?.getHeapStatistics();
    return heap ? [heap.heap_size_limit - heap.used_heap_size, parseInt(process.versions.v8)] : undefined;
  })()`;
  const [left = Infinity, version = 0] = (await evaluate<readonly number[] | undefined>(door, asked, work)) ?? [];
  const young = (YOUNG_MB.find(([from]) => version >= from)?.[1] ?? 0) * 2 ** 20;
  const free = Math.max(0, Math.min(left - young, headroom ?? Infinity));
  const capacity = eventsThatFit(Number.isFinite(free) ? free : undefined);
  const megabytes = `${(free / 2 ** 20).toFixed(0)} MB`;
  if (capacity === undefined)
    throw new Failure(
      'no-headroom',
      `${name} has only ${megabytes} of memory left before its limit; recording would add to that.`,
      'Raise its memory limit, or look at it with --method snapshots when there is room.',
    );
  if (capacity >= MOST_EVENTS) return { capacity };
  return {
    capacity,
    told: `${name} has ${megabytes} of memory left: at most ${capacity} events wait there to be told.`,
  };
}

/** Whether the program declares that name for the step; undefined: for none. */
export function admits(name: string, step: Step, model: Model): boolean | undefined {
  const named = model.transitions.filter(({ type, status }) => type === name && status !== 'observed');
  return named.length === 0 ? undefined : named.some((each) => fits(each, step));
}

/** The name of the declared transition that fits; where several names do, that of the line. */
export function typeOf(
  event: Pick<RecordedEvent, 'object' | 'attribute' | 'preState' | 'postState' | 'source'>,
  model: Model,
): string | undefined {
  const fitting = model.transitions.filter((t) => t.type !== undefined && t.status !== 'observed' && fits(t, event));
  const names = new Set(fitting.map((t) => t.type));
  if (names.size === 1) return fitting[0]?.type;
  const { source } = event;
  const here = fitting.filter((t) =>
    t.evidence?.some((e) => e.source && e.source.file === source?.file && e.source.line === source.line),
  );
  return new Set(here.map((t) => t.type)).size === 1 ? here[0]?.type : undefined;
}
