// semstate snapshot: one memory snapshot to a file, with what it cost the target.
import { snapshotToFile } from '../../session/index.ts';
import { FORCE_FLAG, JSON_FLAG, UsageError, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { METHOD_FLAG, methodOf } from '../methods.ts';
import { bytes, harmless } from '../text.ts';

export const snapshot: Command = {
  name: 'snapshot',
  usage: 'TARGET --out FILE',
  about: 'Takes one memory snapshot; prints its method, size, the pause and the growth of the target.',
  takes: [1, 1],
  flags: {
    out: { value: 'FILE', about: 'Where the snapshot is written; it appears when it is whole.' },
    method: METHOD_FLAG,
    force: FORCE_FLAG,
    json: JSON_FLAG,
  },
  async run({ positionals: [target = ''], io, work, progress, has, one }) {
    const out = one('out');
    if (out === undefined) throw new UsageError('--out FILE is missing.');
    // A file of V8's own form is asked for by its name.
    const method = methodOf(one('method') ?? (/\.heapsnapshot$/i.test(out) ? 'heap' : 'auto'));
    const taken = await snapshotToFile(target, out, { force: has('force'), method }, work);
    progress.clear();
    if (has('json')) await print(io.stdout, `${exactJson(taken)}\n`);
    else {
      const growth = taken.targetGrowthBytes;
      const cost = [
        `paused ${Math.round(taken.pauseMs)} ms`,
        growth === undefined ? 'growth of the target unknown' : `target grew ${bytes(Math.max(0, growth))}`,
      ];
      await print(io.stdout, `${harmless(out)}: ${taken.method}, ${bytes(taken.bytes)}, ${cost.join(', ')}\n`);
    }
    return STATUS.done;
  },
};
