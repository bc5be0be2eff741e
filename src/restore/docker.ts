// Checkpoints of Docker: made of a paused container into a folder, restored as a second container with the same settings but no network.
// The files that the container changed are kept as an image of the engine.
import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { asStopped, hostPids, isCoreImage, isIdle, threadOf } from '../acquire/index.ts';
import { isFailure, type Work } from '../model/index.ts';
import { askEngine, EngineRefusal } from './engineSocket.ts';
import type { CheckpointEngine, EngineParts } from './engine.ts';
import { checkpointFailed, engineCannot, nameTaken, notCheckpointable, restoreFailed } from './failures.ts';
import type { Manifest } from './manifest.ts';
import { archiveIn } from './places.ts';
import { whilePaused } from './pausing.ts';
import { startGuard } from './guard.ts';
import { criuReason } from './criuReason.ts';

const CHECKPOINT = 'semstate';
/** Under this name the engine keeps the files that were changed. */
const FILES = 'semstate-files';
export const COPY_LABEL = 'semstate.copy-of';

interface DockerInfo {
  readonly ExperimentalBuild?: boolean;
  readonly DockerRootDir?: string;
}

export function dockerCheckpoints({ socket, info, name, engineName }: EngineParts): CheckpointEngine {
  const path = `/containers/${info.Id}`;
  const post = (to: string, body: object | undefined, work: Work): Promise<unknown> =>
    askEngine(socket, { method: 'POST', path: to, ...(body && { body }) }, work);
  const about = async (work: Work): Promise<DockerInfo> =>
    (await askEngine(socket, { method: 'GET', path: '/info' }, work)) as DockerInfo;
  const remove = async (container: string): Promise<void> => {
    await askEngine(socket, { method: 'DELETE', path: `/containers/${container}?force=true&v=false` }, {});
  };
  return {
    kind: 'docker',
    remove,
    guard: () => startGuard(socket, [`${path}/rename?name=${encodeURIComponent(name)}`, `${path}/unpause`]),
    async rename(container, to, work) {
      await post(`/containers/${container}/rename?name=${encodeURIComponent(to)}`, undefined, work);
    },
    async pause(container, isPaused, work) {
      await post(`/containers/${container}/${isPaused ? 'pause' : 'unpause'}`, undefined, work);
    },
    async end(container) {
      // The engine lets a paused one go on only to be killed.
      await post(`/containers/${container}/kill`, undefined, {});
    },

    async refusal({ connections, usesRing }, work) {
      const { ExperimentalBuild } = await about(work);
      if (ExperimentalBuild !== true)
        return engineCannot(
          engineName,
          'its experimental features are off',
          'Start dockerd with --experimental, or set "experimental": true in its daemon.json.',
        );
      if (usesRing) return ringInUse(name);
      if (connections.length > 0)
        return notCheckpointable(
          name,
          `it has open connections, which Docker does not keep (${connections.slice(0, 3).join('; ')})`,
          'End them first, a debugger’s too, or let the service close idle ones.',
        );
      return undefined;
    },

    async create(folder, work) {
      const main = hostPids(info.Id, info.State.Pid).find(({ own }) => own === 1)?.host;
      const pid = main !== undefined && isNode(main) ? main : undefined;
      const at = { socket, path, pid, wasPaused: info.State.Paused };
      try {
        const { value, ...moment } = await whilePaused(
          at,
          async () => {
            await post(
              `${path}/checkpoints`,
              { CheckpointID: basename(archiveIn(folder, 'docker')), CheckpointDir: folder, Exit: false },
              work,
            );
            return keepFiles();
          },
          work,
        );
        return {
          ...moment,
          threads: threadsIn(archiveIn(folder, 'docker')),
          ...(value !== undefined && { filesImage: value }),
        };
      } catch (error) {
        throw isFailure(error) ? error : checkpointFailed(name, error, criuReason(error));
      }
    },

    async restore(folder, manifest, { name: copy, connected }, work) {
      const { DockerRootDir } = await about(work);
      let id: string | undefined;
      try {
        const created = (await post(
          `/containers/create?name=${encodeURIComponent(copy)}`,
          settings(manifest, connected === true),
          work,
        )) as {
          Id: string;
        };
        id = created.Id;
        const place = join(DockerRootDir ?? '/var/lib/docker', 'containers', id, 'checkpoints');
        placeStopped(archiveIn(folder, 'docker'), join(place, CHECKPOINT));
        await post(`/containers/${id}/start?checkpoint=${CHECKPOINT}`, undefined, work);
        rmSync(place, { recursive: true, force: true });
        return { id, name: copy };
      } catch (error) {
        if (id !== undefined) await remove(id).catch(() => undefined);
        if (error instanceof EngineRefusal && error.status === 409 && id === undefined) throw nameTaken(copy);
        throw isFailure(error) ? error : restoreFailed(copy, error, criuReason(error));
      }
    },
  };

  /** Files that differ from the image, as an image of their own; undefined where none do. */
  async function keepFiles(): Promise<string | undefined> {
    const changes = await askEngine(socket, { method: 'GET', path: `${path}/changes` }, {});
    if (!Array.isArray(changes) || changes.length === 0) return undefined;
    const tag = `${info.Id.slice(0, 12)}-${Date.now().toString(36)}`;
    const query = `container=${info.Id}&repo=${FILES}&tag=${tag}&pause=false`;
    await post(`/commit?${query}`, {}, {});
    return `${FILES}:${tag}`;
  }

  /** What the copy is created with: the same, but alone. Volumes are there to be read: what it wrote would reach the original. */
  function settings({ filesImage }: Manifest, connected: boolean): object {
    const { Config, HostConfig, Image } = info;
    const same = { ...Config, Image: filesImage ?? Image };
    if (connected) return { ...same, HostConfig };
    return {
      ...same,
      ExposedPorts: {},
      Labels: { ...Config.Labels, [COPY_LABEL]: name },
      HostConfig: {
        ...HostConfig,
        NetworkMode: 'none',
        PortBindings: {},
        PublishAllPorts: false,
        Links: null,
        AutoRemove: false,
        RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
        Binds: (HostConfig.Binds ?? []).map(readOnlyBind),
        Mounts: (HostConfig.Mounts ?? []).map((mount) => ({ ...mount, ReadOnly: true })),
      },
    };
  }
}

export function ringInUse(name: string): Error {
  return notCheckpointable(
    name,
    'its program uses io_uring, which CRIU cannot keep',
    'Start it with UV_USE_IO_URING=0, or with a seccomp profile that forbids io_uring_setup, as newer engines have.',
  );
}

/** `from:to[:options]` */
function readOnlyBind(bind: string): string {
  const [from = '', to = '', options = ''] = bind.split(':');
  const others = options.split(',').filter((option) => option !== '' && option !== 'rw' && option !== 'ro');
  return [from, to, ['ro', ...others].join(',')].join(':');
}

function isNode(pid: number): boolean {
  try {
    return /node/i.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '') || isIdle(pid);
  } catch {
    return false;
  }
}

function threadsIn(images: string): Manifest['threads'] {
  return readdirSync(images)
    .filter(isCoreImage)
    .flatMap((file) => threadOf(file, readFileSync(join(images, file))) ?? []);
}

/** Where the engine looks for it: the same files, with the processes stopped. */
function placeStopped(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const file of readdirSync(from)) {
    if (isCoreImage(file)) writeFileSync(join(to, file), asStopped(readFileSync(join(from, file))), { mode: 0o600 });
    else {
      try {
        linkSync(join(from, file), join(to, file));
      } catch {
        copyFileSync(join(from, file), join(to, file));
      }
    }
  }
}
