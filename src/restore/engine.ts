// The seam: an engine that makes checkpoints and restores them as copies. Docker and Podman are two of it.
import { readdirSync, readFileSync } from 'node:fs';
import { findContainer, hostPids, parseTarget, type FoundContainer, type ThreadPosition } from '../acquire/index.ts';
import type { Work } from '../model/index.ts';
import { dockerCheckpoints } from './docker.ts';
import { engineCannot, notAContainer } from './failures.ts';
import { podmanCheckpoints } from './podman.ts';
import type { Guard } from './guard.ts';
import type { Manifest } from './manifest.ts';
import { patiently } from './patience.ts';
import { outsideOf, type Outside } from './outside.ts';

/** What a checkpoint is, before it is known which point of a timeline it belongs to. */
export type MadeCheckpoint = Pick<Manifest, 'time' | 'pauseMs' | 'threads' | 'filesImage'> & { readonly safe: boolean };

export interface CopyOptions {
  readonly name: string;
  /** It takes the place of the original: with its network, its ports and its volumes. */
  readonly connected?: boolean;
}

/** A restored copy that stands still: nothing of it has run yet. */
export interface RestoredCopy {
  readonly id: string;
  readonly name: string;
}

export interface CheckpointEngine {
  readonly kind: 'docker' | 'podman';
  /** Why it makes none of this container; undefined where it does. */
  refusal(outside: Outside, work: Work): Promise<Error | undefined>;
  /** Into an empty folder; the container goes on. @throws Failure `checkpoint-failed`, `cancelled` */
  create(folder: string, work: Work): Promise<MadeCheckpoint>;
  /** A container of its own, cut off from the network unless it is `connected`. @throws Failure `restore-failed`, `name-taken`, `cancelled` */
  restore(folder: string, manifest: Manifest, options: CopyOptions, work: Work): Promise<RestoredCopy>;
  remove(container: string, work: Work): Promise<void>;
  rename(container: string, name: string, work: Work): Promise<void>;
  pause(container: string, isPaused: boolean, work: Work): Promise<void>;
  /** At once: what it would still do on its way out would reach others. It is paused. */
  end(container: string): Promise<void>;
  /** Should this program be killed: the container gets its name back and goes on. */
  guard(): Guard;
}

export interface CheckpointTarget {
  readonly info: FoundContainer['info'];
  readonly engine: CheckpointEngine;
  readonly name: string;
  /** In the contract's form. */
  readonly address: string;
}

/** @throws Failure `checkpoint-unsupported`, and what finding a container throws */
export async function openCheckpointTarget(target: string, work: Work): Promise<CheckpointTarget> {
  const address = parseTarget(target);
  if (address.runtime !== 'docker' && address.runtime !== 'podman') throw notAContainer(target);
  const { runtime, container } = address;
  const { engine, info } = await patiently(work, () => findContainer(runtime, container, work));
  const socket = /^unix:\/\/(.+)$/.exec(engine.endpoint.url)?.[1];
  if (socket === undefined)
    throw engineCannot(engine.name, 'it is not on this machine', 'Run semstate on the machine of the engine.');
  const open = engine.kind === 'podman' ? podmanCheckpoints : dockerCheckpoints;
  const name = info.Name.replace(/^\//, '');
  return {
    info,
    name,
    address: `${engine.kind}:${name}`,
    engine: open({ socket, info, name, engineName: engine.name }),
  };
}

export interface EngineParts {
  readonly socket: string;
  readonly info: FoundContainer['info'];
  readonly name: string;
  readonly engineName: string;
}

/** Of a running container, where the engine shares this machine's kernel. */
export function outsideNow(target: CheckpointTarget): Outside {
  return outsideOf(target.info);
}

/** Where the threads of a container stand now, by its own numbers; it must not run. */
export function threadsNow(info: FoundContainer['info']): readonly ThreadPosition[] {
  return hostPids(info.Id, info.State.Pid).flatMap(({ host }) => {
    try {
      return readdirSync(`/proc/${host}/task`).flatMap((thread) => {
        const of = (file: string): string => readFileSync(`/proc/${host}/task/${thread}/${file}`, 'utf8').trim();
        const tid = Number(/^NSpid:.*?(\d+)$/m.exec(of('status'))?.[1]);
        // `number of the call, its arguments, stack pointer, instruction pointer`
        const sp = Number(of('syscall').split(' ').at(-2));
        return Number.isNaN(sp) ? [] : [{ tid, sp }];
      });
    } catch {
      return [];
    }
  });
}
