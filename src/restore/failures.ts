// The room's error catalogue: what keeps a container from being checkpointed or restored, and what to do about it.
import { Failure, messageOf } from '../model/index.ts';

const WITHOUT =
  'Values of single entities can be written back through the inspector: semstate rollback --method write-back.';

export function notAContainer(target: string): Failure {
  return new Failure(
    'checkpoint-unsupported',
    `${target} is no container: only container engines make checkpoints.`,
    `Name a container of Docker or Podman. ${WITHOUT}`,
  );
}

export function engineCannot(engine: string, why: string, action: string): Failure {
  return new Failure('checkpoint-unsupported', `${engine} makes no checkpoints: ${why}.`, `${action} ${WITHOUT}`);
}

export function notCheckpointable(name: string, why: string, action: string): Failure {
  return new Failure('checkpoint-refused', `No checkpoint can be made of ${name}: ${why}.`, action);
}

export function checkpointFailed(name: string, cause: unknown, reason?: string): Failure {
  return new Failure(
    'checkpoint-failed',
    `The checkpoint of ${name} failed: ${reason ?? messageOf(cause)}.`,
    `The container goes on as before. ${WITHOUT}`,
    cause,
  );
}

export function checkpointTorn(folder: string, why: string): Failure {
  return new Failure(
    'checkpoint-torn',
    `The checkpoint ${folder} is not whole: ${why}.`,
    'Choose an earlier point; nothing was changed.',
  );
}

export function noCheckpoint(store: string, wanted: string): Failure {
  return new Failure(
    'no-checkpoint',
    `${store} has no checkpoint ${wanted}.`,
    `Make some with semstate checkpoint; they are made of running containers, for later. ${WITHOUT}`,
  );
}

export function restoreFailed(name: string, cause: unknown, reason?: string): Failure {
  return new Failure(
    'restore-failed',
    `${name} could not be restored: ${reason ?? messageOf(cause)}.`,
    'The original is as it was, and nothing is left of the copy. The report before the return says what has to be the same.',
    cause,
  );
}

export function nameTaken(name: string): Failure {
  return new Failure(
    'name-taken',
    `There is a container named ${name} already.`,
    'Give the copy another name with --name, or remove that container.',
  );
}
