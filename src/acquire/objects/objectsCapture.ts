// Reading the objects of a process through its inspector without stopping it for long: it is walked from its roots in slices, and runs
// its own turns between them. What is found is of the time of its slice, and what no root leads to is not found.
import type { Protocol } from 'devtools-protocol';
import { messageOf, type Work } from '../../model/index.ts';
import type { CostEstimate, RunningScript } from '../attachment.ts';
import type { ByteSink, CaptureOptions, CaptureResult, HeapCapture, SnapshotNotes } from '../capture.ts';
import { estimateWalk } from '../costs.ts';
import { checkCancelled } from '../deadline.ts';
import { captureFailed, noHeadroom, targetGone } from '../failures.ts';
import type { InspectorSession } from '../inspectorSession.ts';
import type { ContainerRuntime } from '../target.ts';
import { walkProgram, type WalkMeasures, type WalkSettings } from './inside.ts';

const GROUP = 'semstate-walk';
/** Ten bytes and more of them, as every form of snapshot begins; the parser knows it. */
const MAGIC = 'semstate-object\n';
const SLICE_MS = 25;
const WALK_MS = 10;
/** A program in the middle of a long turn answers after it. */
const ANSWER_MS = 120_000;
const RELEASE_MS = 3000;

const SETTINGS: Omit<WalkSettings, 'internalScripts'> = {
  sliceMs: SLICE_MS,
  walkMs: WALK_MS,
  sliceValues: 15_000,
  sliceText: 200_000,
  longestText: 1 << 20,
  mostBytes: 1 << 20,
  listedLength: 10_000,
  mostElements: 20_000_000,
  mostClosures: 1000,
  tableSize: 1 << 15,
};

export interface ObjectsTarget {
  readonly name: string;
  readonly pid: number;
  readonly runtime: ContainerRuntime;
  readonly session: InspectorSession;
  scripts(): readonly RunningScript[];
  notes(work: Work): Promise<Pick<SnapshotNotes, 'target' | 'scripts'>>;
}

interface Slice {
  readonly done: boolean;
  readonly objects: number;
  readonly left: number;
}

export class ObjectsCapture implements HeapCapture {
  readonly #target: ObjectsTarget;

  constructor(target: ObjectsTarget) {
    this.#target = target;
  }

  async estimate(work?: Work): Promise<CostEstimate> {
    const { session, runtime, pid } = this.#target;
    const [{ usedSize }, resources] = await Promise.all([
      session.send<Protocol.Runtime.GetHeapUsageResponse>('Runtime.getHeapUsage', {}, work),
      runtime.resources(pid, work),
    ]);
    return estimateWalk(usedSize, resources);
  }

  /** @throws Failure `no-headroom`, `cancelled`, `target-gone`, `capture-failed`, `timeout`, and whatever the sink throws */
  async capture(sink: ByteSink, options: CaptureOptions, work: Work): Promise<CaptureResult> {
    const estimate = await this.estimate(work);
    if (!estimate.fits && options.force !== true) throw noHeadroom(estimate.text);
    work.progress?.({ phase: 'capture', message: 'Walking the objects of the target' });
    const { session } = this.#target;
    try {
      const walk = await this.#begin(work);
      let bytes = 0;
      const write = async (text: string): Promise<void> => {
        const chunk = Buffer.from(text, 'utf8');
        bytes += chunk.length;
        await sink(chunk);
      };
      await write(MAGIC);
      for (let isDone = false; !isDone;) {
        checkCancelled(work);
        const asked = performance.now();
        const text = await this.#call<string>(walk, 'function(){return this.slice()}', work);
        const took = performance.now() - asked;
        await write(`${text}\n`);
        const { done, objects, left } = headOf(text);
        isDone = done;
        work.progress?.({ phase: 'capture', message: 'Walking the objects', done: objects - left, total: objects });
        // The program gets at least as much time as is taken from it.
        if (!done) await new Promise((resolve) => setTimeout(resolve, Math.min(took, SLICE_MS)));
      }
      const measured = await this.#call<WalkMeasures>(walk, 'function(){return this.measures()}', work);
      const { target, scripts } = await this.#target.notes(work);
      await write(`${JSON.stringify({ version: 1, target, scripts, measured })}\n`);
      return {
        method: 'objects',
        bytes,
        pauseMs: Math.round(measured.longest * 10) / 10,
        targetGrowthBytes: Math.max(0, measured.most - measured.before),
      };
    } finally {
      // Everything that was seen is let go with it.
      await session
        .send('Runtime.releaseObjectGroup', { objectGroup: GROUP }, { timeoutMs: RELEASE_MS })
        .catch(() => undefined);
    }
  }

  async #begin(work: Work): Promise<string> {
    const { session } = this.#target;
    const internalScripts = this.#target
      .scripts()
      .filter(({ url }) => /^node:/.test(url))
      .map(({ id }) => id);
    const { names } = await session.send<Protocol.Runtime.GlobalLexicalScopeNamesResponse>(
      'Runtime.globalLexicalScopeNames',
      {},
      work,
    );
    const expression = walkProgram({ ...SETTINGS, internalScripts }, names);
    const { result, exceptionDetails } = await session.send<Protocol.Runtime.EvaluateResponse>(
      'Runtime.evaluate',
      { expression, objectGroup: GROUP, includeCommandLineAPI: true, silent: true },
      work,
    );
    if (exceptionDetails || result.objectId === undefined)
      throw captureFailed(`the walk could not begin: ${exceptionDetails?.exception?.description ?? 'no reason given'}`);
    return result.objectId;
  }

  async #call<T>(objectId: string, functionDeclaration: string, work: Work): Promise<T> {
    const { session, name, runtime } = this.#target;
    const params = { functionDeclaration, objectId, awaitPromise: true, returnByValue: true, silent: true };
    try {
      const { result, exceptionDetails } = await session.send<Protocol.Runtime.CallFunctionOnResponse>(
        'Runtime.callFunctionOn',
        params,
        { ...work, timeoutMs: ANSWER_MS },
      );
      if (exceptionDetails) throw captureFailed(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value as T;
    } catch (error) {
      if (session.gone) throw targetGone(name, (await runtime.whyGone()) ?? messageOf(error));
      throw error;
    }
  }
}

/** The counts stand before the records. */
function headOf(slice: string): Slice {
  const [, done, objects, left] = /^\{"done":(true|false),"objects":(\d+),"left":(\d+),/.exec(slice) ?? [];
  if (done === undefined) throw captureFailed('the target answered with something else than a slice');
  return { done: done === 'true', objects: Number(objects), left: Number(left) };
}
