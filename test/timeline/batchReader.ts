// A process that reads a timeline while another writes it: `batchReader.ts FILE BATCHES`. Ends once it has seen that many.
import { openTimeline } from '../../src/timeline/index.ts';
import { BATCH } from './batchWriter.ts';
import { order } from './scratch.ts';

const store = openTimeline(process.argv[2] ?? '', { readOnly: true });
const wanted = Number(process.argv[3]);
let looks = 0;
for (let seen = 0; seen < wanted; looks++) {
  const { last, stops } = store.summary();
  if (stops % BATCH !== 0) throw new Error(`${stops} points are no whole batches`);
  const { points, total } = store.page({}, stops - BATCH, BATCH);
  if (total % BATCH !== 0 || points.length !== BATCH) throw new Error(`a page of ${points.length} of ${total}`);
  const seq = last?.seq ?? 0;
  const values = [0, 1, 2].map((id) => store.instanceAt(order(id), seq)?.attributes['n']);
  const state = store.stateAt(seq);
  if (state.size !== BATCH || values.some((n) => n !== stops / BATCH - 1))
    throw new Error(`${values.join()} at ${seq}`);
  if (store.next(seq - 1)?.seq !== seq) throw new Error(`no point ${seq}`);
  seen = stops / BATCH;
}
store.dispose();
process.stdout.write(`saw all, ${looks} looks\n`);
