// The file system as the source room sees it. It remembers what it was asked, so that a second reading can be spared when
// nothing of that changed.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceHost } from '../../source/index.ts';

/** A source file longer than this is a bundle or data, and would only cost memory. */
const LONGEST_FILE = 32 * 1024 * 1024;

export interface FileHost extends SourceHost {
  /** True while every file and directory that was looked at is as it was then. */
  unchanged(): boolean;
}

export function createFileHost(checkCancelled: () => void): FileHost {
  const seen = new Map<string, string>();
  const look = (path: string): string => {
    const stamp = stampOf(path);
    seen.set(path, stamp);
    return stamp;
  };
  return {
    libraries: librariesDirectory(),
    checkCancelled,
    readFile(path) {
      const stamp = look(path);
      if (!stamp.startsWith('file') || Number(stamp.split(' ')[1]) > LONGEST_FILE) return undefined;
      try {
        return withoutMark(readFileSync(path, 'utf8'));
      } catch {
        return undefined;
      }
    },
    fileExists: (path) => look(path).startsWith('file'),
    directoryExists: (path) => look(path).startsWith('directory'),
    entries(path) {
      if (!look(path).startsWith('directory')) return [];
      try {
        return readdirSync(path, { withFileTypes: true }).map((entry) => ({
          name: entry.name,
          directory: entry.isSymbolicLink()
            ? stampOf(join(path, entry.name)).startsWith('directory')
            : entry.isDirectory(),
        }));
      } catch {
        return [];
      }
    },
    realpath(path) {
      try {
        return realpathSync.native(path).replaceAll('\\', '/');
      } catch {
        return path;
      }
    },
    unchanged: () => [...seen].every(([path, stamp]) => stampOf(path) === stamp),
  };
}

/** Kind, size and time of change; a directory's time changes with the names in it. */
function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: false });
  if (!stat) return 'absent';
  return `${stat.isDirectory() ? 'directory' : 'file'} ${stat.size} ${stat.mtimeMs}`;
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** TypeScript's own declarations: copied to dist/lib with the bundle, else those of the installed package. */
function librariesDirectory(): string {
  const bundled = join(dirname(fileURLToPath(import.meta.url)), 'lib');
  const directory = existsSync(join(bundled, 'lib.es5.d.ts'))
    ? bundled
    : dirname(createRequire(import.meta.url).resolve('typescript'));
  return directory.replaceAll('\\', '/');
}
