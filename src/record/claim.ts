// One recorder at a time in one process: who records holds a claim there, which ends by itself when he is gone.
import { randomUUID } from 'node:crypto';
import { Failure, type Work } from '../model/index.ts';
import { evaluate, type Door } from './door.ts';
import { PROBE } from './plan.ts';

const CLAIM_MS = 5000;
const EVERY_MS = 1000;
/** Longer than a recorder that died holds on: who attaches again at once only waits. */
const PATIENCE_MS = 4000;
const ASK_AGAIN_MS = 200;

export interface Claim extends AsyncDisposable {
  readonly owner: string;
  /** Keeps the claim no more by itself: from now on draining does. */
  handOver(): void;
}

/** What stands in the target under the probe's name: a probe, or only a claim. */
interface Face {
  readonly owner?: string;
  readonly originals?: { readonly [scriptId: string]: string };
  held?(): boolean;
  hold?(by: string): boolean;
  end?(): void;
}

/** Runs in the target. What an earlier recorder left stays there, silent, as edited text may still call it. */
function claimFace(name: string, owner: string, ms: number): boolean {
  const there = (globalThis as unknown as Record<string, Face | undefined>)[name];
  if (there?.owner === owner) return there.hold?.(owner) ?? false;
  if (there?.held?.() === true) return false;
  there?.end?.();
  let until = performance.now() + ms;
  const face = {
    ...there,
    owner,
    originals: there?.originals ?? {},
    held: () => performance.now() <= until,
    hold(by: string) {
      if (by === owner) until = performance.now() + ms;
      return by === owner;
    },
    end() {
      until = 0;
    },
  };
  Object.defineProperty(globalThis, name, { value: face, configurable: true, enumerable: false, writable: false });
  return true;
}

/** @throws Failure `already-recorded`, `cancelled`, `target-gone` */
export async function claimTarget(door: Door, work: Work): Promise<Claim> {
  const owner = randomUUID();
  const call = `(${claimFace.toString()})(${JSON.stringify(PROBE)},${JSON.stringify(owner)},${CLAIM_MS})`;
  const until = Date.now() + PATIENCE_MS;
  while (!(await evaluate<boolean>(door, call, work))) {
    if (Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      continue;
    }
    throw new Failure(
      'already-recorded',
      'This process is being recorded by another debugger: one at a time edits its code.',
      'End the other recording, or open its timeline; a recorder that died lets go within five seconds.',
    );
  }
  const timer = setInterval(() => void evaluate(door, call, {}).catch(() => undefined), EVERY_MS);
  timer.unref();
  return {
    owner,
    handOver: () => clearInterval(timer),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      const end = `(()=>{const p=globalThis[${JSON.stringify(PROBE)}];if(!p||p.owner!==${JSON.stringify(owner)})return;p.end();if(Object.keys(p.originals).length===0)delete globalThis[${JSON.stringify(PROBE)}]})()`;
      await evaluate(door, end, {}).catch(() => undefined);
    },
  };
}
