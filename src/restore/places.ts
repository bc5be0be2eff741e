// What a checkpoint's folder holds, by engine: the folder of images that Docker writes, or the archive that Podman exports.
import { join } from 'node:path';

const NAMES = { docker: 'images', podman: 'checkpoint.tar' } as const;

export function archiveIn(folder: string, engine: 'docker' | 'podman'): string {
  return join(folder, NAMES[engine]);
}
