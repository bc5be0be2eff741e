// Whether V8's object ids still mean what they meant: they restart, silently, when any session of the process ends. Objects of the target
// are held, and the ids that snapshots gave them are compared over time. An object has no id before the first snapshot after it was made.
import type { Protocol } from 'devtools-protocol';
import type { Work } from '../model/index.ts';
import type { InspectorSession } from './inspectorSession.ts';

export const HELD_OBJECTS = 'semstate';
const NO_ID = '0';
// The first one and the latest. Those made at different times got their ids in different snapshots; counting anew, in the order of
// memory, cannot give all of them the old ones again.
const MOST_HELD = 5;

interface Sentinel {
  readonly objectId: string;
  heapId: string;
}

export class HeapIdSentinels {
  readonly #session: InspectorSession;
  #held: Sentinel[] = [];

  constructor(session: InspectorSession) {
    this.#session = session;
  }

  async place(work?: Work): Promise<void> {
    const { result } = await this.#session.send<Protocol.Runtime.EvaluateResponse>(
      'Runtime.evaluate',
      { expression: '({})', objectGroup: HELD_OBJECTS, silent: true },
      work,
    );
    if (result.objectId === undefined) return;
    this.#held.push({ objectId: result.objectId, heapId: NO_ID });
    const surplus = this.#held.length > MOST_HELD ? this.#held.splice(1, 1)[0] : undefined;
    if (surplus) await this.#session.send('Runtime.releaseObject', { objectId: surplus.objectId }, work);
  }

  /** False where ids restarted since the last call; from then on the new ones are what is compared with. */
  async hold(work?: Work): Promise<boolean> {
    let hold = true;
    for (const sentinel of this.#held) {
      const { heapSnapshotObjectId } = await this.#session.send<Protocol.HeapProfiler.GetHeapObjectIdResponse>(
        'HeapProfiler.getHeapObjectId',
        { objectId: sentinel.objectId },
        work,
      );
      if (sentinel.heapId !== NO_ID && heapSnapshotObjectId !== sentinel.heapId) hold = false;
      sentinel.heapId = heapSnapshotObjectId;
    }
    await this.place(work);
    return hold;
  }
}
