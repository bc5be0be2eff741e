// What a checkpoint depends on of the machine.
import { arch, cpus, release } from 'node:os';
import type { Manifest } from './manifest.ts';

export function thisMachine(): Manifest['host'] {
  return { kernel: release(), arch: arch(), cpu: cpus()[0]?.model ?? '' };
}
