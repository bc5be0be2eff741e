// Where timelines lie when nobody says where: the user's data directory of each platform, private to the user.
import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TimelineStore } from '../timeline/index.ts';

const NAME = 'semantic-state-debugger';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: { readonly [name: string]: string | undefined };
  readonly home: string;
}

export function dataDirectory({ platform, env, home }: Surroundings = here()): string {
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), NAME);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', NAME);
  const xdg = env['XDG_DATA_HOME'];
  // The specification asks to ignore relative paths.
  return join(xdg?.startsWith('/') ? xdg : join(home, '.local', 'share'), NAME);
}

/** A new timeline's file: the target's name and the time, which a person can find again. */
export function newStorePath(target: string, iso: string, directory = dataDirectory()): string {
  const name =
    target
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'timeline';
  const stamp = iso.slice(0, 19).replaceAll(':', '-');
  return join(directory, 'timelines', `${name}-${stamp}.semstate`);
}

/** Closes a timeline; one that was made for nothing is taken away again. */
export function closeStore(store: TimelineStore, isNew: boolean): void {
  const isEmpty = isNew && store.summary().last === undefined;
  store.dispose();
  if (isEmpty) for (const part of ['', '-wal', '-shm']) rmSync(`${store.file}${part}`, { force: true });
}

function here(): Surroundings {
  return { platform: process.platform, env: process.env, home: homedir() };
}
