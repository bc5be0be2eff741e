// The doctor: walks the chain to a target for real, leaves it as it was, and names the one thing to fix.
import { Failure, isFailure, messageOf } from '../model/index.ts';
import type { Work } from '../model/index.ts';
import { showTarget } from './address.ts';
import { connectTarget, LINKS } from './chain.ts';
import type { LinkName } from './chain.ts';
import { noHeadroom } from './failures.ts';
import { hold } from './heldAttachment.ts';
import type { TargetAddress } from './target.ts';

export interface DiagnosedLink {
  readonly link: LinkName;
  readonly result: 'ok' | 'failed' | 'not-reached';
  readonly detail: string;
}

export interface Diagnosis {
  readonly target: string;
  readonly healthy: boolean;
  /** In the order of the chain. */
  readonly links: readonly DiagnosedLink[];
  /** The error of the link that failed, and what to do about it. */
  readonly fix?: { readonly code: string; readonly what: string; readonly action: string };
}

/** @throws Failure `cancelled` only */
export async function diagnose(address: TargetAddress, work: Work): Promise<Diagnosis> {
  const held = new Map<LinkName, string>();
  let failure: Failure | undefined;
  try {
    const connection = await connectTarget(address, {}, work, (link, detail) => held.set(link, detail));
    await using attachment = await hold(connection, work);
    held.set('session', `Node.js ${attachment.versions.node}, ${attachment.scripts().length} scripts`);
    const estimate = await attachment.heap.estimate(work);
    if (!estimate.fits) throw noHeadroom(estimate.text);
    held.set('headroom', estimate.text);
  } catch (error) {
    if (isFailure(error, 'cancelled')) throw error;
    failure = isFailure(error)
      ? error
      : new Failure('unexpected', messageOf(error), 'Report this, with the output of the doctor.', error);
  }
  const broken = failure && LINKS.find((link) => !held.has(link));
  const links = LINKS.map((link): DiagnosedLink => {
    const detail = held.get(link);
    if (detail !== undefined) return { link, result: 'ok', detail };
    if (link === broken) return { link, result: 'failed', detail: failure?.message ?? '' };
    return { link, result: 'not-reached', detail: '' };
  });
  return {
    target: showTarget(address),
    healthy: failure === undefined,
    links,
    ...(failure && { fix: { code: failure.code, what: failure.message, action: failure.action } }),
  };
}
