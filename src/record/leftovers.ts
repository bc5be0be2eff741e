// What a debugger that died has left in a process: edited scripts, silent but not as they were. Finds them and puts them back.
import { Failure, type Work } from '../model/index.ts';
import { edit, textOf } from './arming.ts';
import { claimTarget, type Claim } from './claim.ts';
import { makeReady } from './compiled.ts';
import { evaluate, type Door } from './door.ts';
import { PROBE } from './plan.ts';

interface Leftover {
  readonly scriptId: number;
  readonly original: string;
}

/** Scripts that are still edited; those of a recording that runs are among them. */
export async function findLeftovers(door: Door, work: Work): Promise<readonly Leftover[]> {
  const left = await evaluate<string>(
    door,
    `JSON.stringify((globalThis[${JSON.stringify(PROBE)}]||{}).originals||{})`,
    work,
  );
  const found: Leftover[] = [];
  for (const [id, original] of Object.entries(JSON.parse(left) as { readonly [scriptId: string]: string })) {
    const scriptId = Number(id);
    const text = await textOf(door, scriptId, work).catch(() => original);
    if (text !== original) found.push({ scriptId, original });
  }
  return found;
}

/**
 * Puts back what an earlier recording left. @param claim held by the caller; absent: made for this
 * @returns the number of scripts that were put back
 * @throws Failure `already-recorded`, `not-restored`, `cancelled`, `target-gone`
 */
export async function restoreLeftovers(door: Door, work: Work, claim?: Claim): Promise<number> {
  const own = claim ?? (await claimTarget(door, work));
  try {
    const found = await findLeftovers(door, work);
    let restored = 0;
    await makeReady(
      door,
      found.map((each) => each.scriptId),
      work,
    );
    for (const { scriptId, original } of found) if (await edit(door, scriptId, original, work)) restored++;
    if (restored < found.length)
      throw new Failure(
        'not-restored',
        `${found.length - restored} scripts are still as an earlier recording left them, silent: functions of them are suspended.`,
        'Try again when the service is idle, or restart it.',
      );
    // Nothing calls the probe any more; what stays is the claim.
    await evaluate(
      door,
      `(()=>{const p=globalThis[${JSON.stringify(PROBE)}];if(!p)return;const {owner,held,hold,end}=p;Object.defineProperty(globalThis,${JSON.stringify(PROBE)},{value:{owner,held,hold,end,originals:{}},configurable:true})})()`,
      work,
    );
    return restored;
  } finally {
    if (!claim) await own[Symbol.asyncDispose]();
  }
}
