// semstate checkpoint: a checkpoint of a container that knows its state, for a return later.
import { toIso } from '../../model/index.ts';
import { takeCheckpoint } from '../../session/index.ts';
import { JSON_FLAG, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { bytes, harmless, plural } from '../text.ts';

export const checkpoint: Command = {
  name: 'checkpoint',
  usage: 'TARGET [--store FILE] [--source DIR ...]',
  about:
    'Makes a checkpoint of a container that rollback returns to.\nIt is kept beside the timeline, with the state it belongs to and what is outside of it; the container goes on.\nDocker (with experimental features) and Podman, with CRIU installed.',
  takes: [1, 1],
  flags: {
    store: { value: 'FILE', about: 'The timeline it belongs to; default: a new one in your data directory.' },
    source: { value: 'DIR', many: true, about: 'A directory with source of the service.' },
    json: JSON_FLAG,
  },
  async run({ positionals: [target = ''], io, work, progress, has, one, all }) {
    const store = one('store');
    const taken = await takeCheckpoint(target, { source: all('source'), ...(store !== undefined && { store }) }, work);
    progress.clear();
    const { point, outside } = taken;
    if (has('json')) {
      const document = {
        ...{ document: 'checkpoint', seq: point.seq, timestamp: toIso(point.time), target: point.target },
        ...{ store: taken.store, folder: taken.folder, bytes: taken.bytes, pauseMs: taken.pauseMs },
        ...{ entities: point.entities, consistency: point.consistency, outside },
      };
      await print(io.stdout, `${exactJson(document)}\n`);
    } else {
      const lines = [
        `Checkpoint at point ${point.seq}: ${bytes(taken.bytes)}, paused ${Math.round(taken.pauseMs)} ms, ${plural(point.entities, 'entity', 'entities')}, ${point.consistency}`,
        ...outside.map(({ text }) => `  outside: ${harmless(text)}`),
        `kept beside ${harmless(taken.store)}`,
      ];
      await print(io.stdout, `${lines.join('\n')}\n`);
    }
    return STATUS.done;
  },
};
