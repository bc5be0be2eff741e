// Being told when an engine pauses a container and lets it go on. It only listens.
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import type { Work } from '../../model/index.ts';
import type { TargetAddress } from '../target.ts';
import { engineFailure } from './engine.ts';
import { findContainer } from './find.ts';

export type PauseState = 'paused' | 'unpaused';

const STATES: { readonly [event: string]: PauseState } = { pause: 'paused', unpause: 'unpaused' };

/**
 * @returns ends the listening; undefined where the address is no container
 * @throws Failure of finding the container, `engine-*`
 */
export async function watchPauses(
  address: TargetAddress,
  listener: (state: PauseState) => void,
  work: Work,
): Promise<(() => void) | undefined> {
  if (address.runtime !== 'docker' && address.runtime !== 'podman') return undefined;
  const { engine, info } = await findContainer(address.runtime, address.container, work);
  let stream: Readable;
  try {
    const filters = { container: [info.Id], event: Object.keys(STATES) };
    stream = (await engine.tunnels.getEvents({ filters })) as Readable;
  } catch (error) {
    throw engineFailure(engine.name, error);
  }
  // An engine that goes away is noticed by those who ask it something.
  stream.on('error', () => undefined);
  const lines = createInterface({ input: stream });
  lines.on('line', (line) => {
    const state = stateIn(line);
    if (state) listener(state);
  });
  return () => {
    lines.close();
    stream.destroy();
  };
}

/** Docker names the event in `Action`, older engines and Podman in `status` too. */
function stateIn(line: string): PauseState | undefined {
  let event: { readonly Action?: unknown; readonly status?: unknown };
  try {
    event = JSON.parse(line) as typeof event;
  } catch {
    return undefined;
  }
  const name = event.Action ?? event.status;
  return typeof name === 'string' ? STATES[name] : undefined;
}
