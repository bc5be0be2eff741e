// What a heap snapshot will cost its target, from measured ratios. Pure: numbers in, an estimate out.
import type { CostEstimate } from './attachment.ts';
import type { TargetResources } from './target.ts';

const MB = 2 ** 20;
// Measured with heaps of 55 to 550 MB: the target's resident memory grows by 6.5 to 9.1 times its heap while V8 builds the graph,
// more for many small objects. Too much headroom asked for costs a question; too little costs the container.
const GROWTH_PER_HEAP = 9.5;
// The file is 1.6 to 2 times the heap.
const FILE_PER_HEAP = 2;
// V8's tables for even the smallest heap.
const LEAST_GROWTH = 16 * MB;
// Milliseconds for which each MB of heap stops the target, by major version of Node; measured 45-170 on 20, half of that on 24.
const PAUSE_PER_MB: readonly (readonly [major: number, ms: number])[] = [
  [24, 55],
  [22, 85],
  [0, 110],
];

/** @param heapBytes JavaScript heap in use @param node version of Node, `v22.1.0` or `22.1.0` */
export function estimateCost(heapBytes: number, node: string, resources: TargetResources): CostEstimate {
  const major = Number(/\d+/.exec(node)?.[0] ?? 0);
  const perMb = PAUSE_PER_MB.find(([from]) => major >= from)?.[1] ?? 0;
  const snapshotBytes = heapBytes * FILE_PER_HEAP;
  const pauseMs = Math.round((heapBytes / MB) * perMb);
  const growthBytes = Math.max(LEAST_GROWTH, heapBytes * GROWTH_PER_HEAP);
  const headroomBytes = headroom(resources);
  const fits = headroomBytes === undefined || growthBytes <= headroomBytes;
  const needs = `A heap of ${mb(heapBytes)} needs about ${mb(growthBytes)} more memory and stops the service for about ${seconds(pauseMs)}`;
  const has =
    headroomBytes === undefined
      ? 'how much memory it may take could not be read'
      : `${fits ? '' : 'only '}${mb(headroomBytes)} are free${limitText(resources)}`;
  return {
    heapBytes,
    snapshotBytes,
    pauseMs,
    growthBytes,
    ...(headroomBytes !== undefined && { headroomBytes }),
    fits,
    text: `${needs}; ${has}.`,
  };
}

function headroom({ memoryUsed, memoryLimit, machineFree }: TargetResources): number | undefined {
  const underLimit =
    memoryLimit !== undefined && memoryUsed !== undefined ? Math.max(0, memoryLimit - memoryUsed) : undefined;
  if (underLimit === undefined) return machineFree;
  return machineFree === undefined ? underLimit : Math.min(underLimit, machineFree);
}

function limitText({ memoryLimit }: TargetResources): string {
  return memoryLimit === undefined ? ' on the machine' : ` of its limit of ${mb(memoryLimit)}`;
}

function mb(bytes: number): string {
  const value = bytes / MB;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} MB`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

// Measured: a table of the objects seen, and the texts of the slices.
const WALK_GROWTH_PER_HEAP = 2;
const WALK_PAUSE_MS = 50;

/** @param heapBytes JavaScript heap in use */
export function estimateWalk(heapBytes: number, resources: TargetResources): CostEstimate {
  const growthBytes = Math.max(LEAST_GROWTH, heapBytes * WALK_GROWTH_PER_HEAP);
  const headroomBytes = headroom(resources);
  const fits = headroomBytes === undefined || growthBytes <= headroomBytes;
  const has =
    headroomBytes === undefined
      ? 'how much memory it may take could not be read'
      : `${fits ? '' : 'only '}${mb(headroomBytes)} are free${limitText(resources)}`;
  return {
    heapBytes,
    snapshotBytes: heapBytes,
    pauseMs: WALK_PAUSE_MS,
    growthBytes,
    ...(headroomBytes !== undefined && { headroomBytes }),
    fits,
    text: `Walking a heap of ${mb(heapBytes)} needs up to ${mb(growthBytes)} more memory and stops the service for less than ${WALK_PAUSE_MS} ms at a time; ${has}.`,
  };
}
