// Checkpoints of Podman: an archive that holds pages, settings and changed files, imported as a second container.
import { createReadStream, openSync, readSync, closeSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { asStopped, isCoreImage, threadOf } from '../acquire/index.ts';
import { isFailure, messageOf, type Work } from '../model/index.ts';
import { askEngine, EngineRefusal } from './engineSocket.ts';
import type { CheckpointEngine, EngineParts } from './engine.ts';
import { checkpointFailed, nameTaken, notCheckpointable, restoreFailed } from './failures.ts';
import { archiveIn } from './places.ts';
import { startGuard } from './guard.ts';
import { criuReason } from './criuReason.ts';
import { ringInUse } from './docker.ts';

/** Of the oldest Podman that has it. */
const API = '/v4.0.0/libpod';
const BLOCK = 512;
const LOOPBACK = /^(127\.|\[::1\])/;

export function podmanCheckpoints({ socket, info, name }: EngineParts): CheckpointEngine {
  const post = (path: string, work: Work, body?: Readable | object): Promise<unknown> =>
    askEngine(socket, { method: 'POST', path: `${API}${path}`, ...(body && { body }) }, work);
  const remove = async (container: string): Promise<void> => {
    await askEngine(socket, { method: 'DELETE', path: `${API}/containers/${container}?force=true&timeout=0` }, {});
  };
  return {
    kind: 'podman',
    remove,
    guard: () =>
      startGuard(socket, [
        `${API}/containers/${info.Id}/rename?name=${encodeURIComponent(name)}`,
        `${API}/containers/${info.Id}/unpause`,
      ]),
    async rename(container, to, work) {
      await post(`/containers/${container}/rename?name=${encodeURIComponent(to)}`, work);
    },
    async pause(container, isPaused, work) {
      await post(`/containers/${container}/${isPaused ? 'pause' : 'unpause'}`, work);
    },
    async end(container) {
      await post(`/containers/${container}/unpause`, {});
      await post(`/containers/${container}/kill`, {});
    },

    refusal({ connections, usesRing }) {
      const far = connections.filter((each) => !each.split(' to ').every((end) => LOOPBACK.test(end)));
      return Promise.resolve(
        info.State.Paused
          ? notCheckpointable(name, 'it is paused, and Podman makes no checkpoint then', 'Resume it first.')
          : usesRing
            ? ringInUse(name)
            : far.length > 0
              ? notCheckpointable(
                  name,
                  `it has open connections to others, which a copy could not go on with (${far.slice(0, 3).join('; ')})`,
                  'End them first, or let the service close idle ones.',
                )
              : undefined,
      );
    },

    async create(folder, work) {
      const path = archiveIn(folder, 'podman');
      const time = Date.now() * 1000;
      const begin = performance.now();
      const query = 'export=true&leaveRunning=true&tcpEstablished=true';
      try {
        await askEngine(
          socket,
          { method: 'POST', path: `${API}/containers/${info.Id}/checkpoint?${query}`, into: path },
          work,
        );
        const threads = coreImagesIn(path).flatMap(({ file, content }) => threadOf(file, content) ?? []);
        return { time, pauseMs: Math.round(performance.now() - begin), threads, safe: true };
      } catch (error) {
        throw isFailure(error) ? error : checkpointFailed(name, error, criuReason(error));
      }
    },

    async restore(folder, _manifest, { name: copy, connected }, work) {
      // Podman itself would overwrite nothing, but says so only after it has unpacked all of it.
      const known = (await askEngine(
        socket,
        { method: 'GET', path: `${API}/containers/json?all=true` },
        work,
      )) as readonly {
        readonly Names?: readonly string[];
      }[];
      if (known.some(({ Names }) => Names?.includes(copy))) throw nameTaken(copy);
      const query = `import=true&name=${encodeURIComponent(copy)}&ignoreStaticIP=true&ignoreStaticMAC=true&ignoreVolumes=true&tcpEstablished=true`;
      try {
        const archive = Readable.from(stoppedArchive(archiveIn(folder, 'podman')));
        const answer = (await post(`/containers/${copy}/restore?${query}`, work, archive)) as { readonly Id: string };
        if (connected !== true) await cutOff(answer.Id, work);
        return { id: answer.Id, name: copy };
      } catch (error) {
        if (/name .* is in use|already in use/i.test(messageOf(error))) throw nameTaken(copy);
        await remove(copy).catch(() => undefined);
        throw isFailure(error) ? error : restoreFailed(copy, error, criuReason(error));
      }
    },
  };

  /** While it stands still: nothing of it has reached the network yet. */
  async function cutOff(id: string, work: Work): Promise<void> {
    const { NetworkSettings } = (await askEngine(
      socket,
      { method: 'GET', path: `${API}/containers/${id}/json` },
      work,
    )) as { readonly NetworkSettings?: { readonly Networks?: { readonly [name: string]: unknown } } };
    for (const network of Object.keys(NetworkSettings?.Networks ?? {})) {
      try {
        await post(`/networks/${encodeURIComponent(network)}/disconnect`, work, { Container: id, Force: true });
      } catch (error) {
        // `none` is listed as a network by some versions and is none.
        if (!(error instanceof EngineRefusal)) throw error;
      }
    }
  }
}

interface CoreImage {
  readonly file: string;
  readonly at: number;
  readonly content: Buffer;
}

/** The images of processes and threads in an archive, and where they stand in it. */
function coreImagesIn(path: string): CoreImage[] {
  const found: CoreImage[] = [];
  const size = statSync(path).size;
  const handle = openSync(path, 'r');
  const read = (at: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(handle, bytes, 0, length, at));
  };
  try {
    for (let at = 0; at + BLOCK <= size;) {
      const head = read(at, BLOCK);
      if (head[0] === 0) break;
      const file = head.toString('utf8', 0, head.indexOf(0) < 100 ? head.indexOf(0) : 100);
      // Octal, or binary where the first bit says so.
      const length =
        ((head[124] ?? 0) & 0x80) === 0
          ? Number.parseInt(head.toString('latin1', 124, 136).replace(/\0.*$/, '').trim() || '0', 8)
          : head.subarray(125, 136).reduce((sum, byte) => sum * 256 + byte, 0);
      if (isCoreImage(file)) found.push({ file, at: at + BLOCK, content: read(at + BLOCK, length) });
      at += BLOCK + Math.ceil(length / BLOCK) * BLOCK;
    }
  } finally {
    closeSync(handle);
  }
  return found;
}

/** The same archive, with the processes stopped. */
async function* stoppedArchive(path: string): AsyncGenerator<Buffer, void, undefined> {
  const images = coreImagesIn(path);
  let at = 0;
  for (const { at: from, content } of images) {
    yield* createReadStream(path, { start: at, end: from - 1 }) as AsyncIterable<Buffer>;
    yield asStopped(content);
    at = from + content.length;
  }
  yield* createReadStream(path, { start: at }) as AsyncIterable<Buffer>;
}
