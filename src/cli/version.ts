// The version of this package, read from its package.json: beside dist/, or above src/.
import { readFileSync } from 'node:fs';

function versionOf(path: string): string | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
    const isOurs = typeof content === 'object' && content !== null && 'name' in content && 'version' in content;
    return isOurs && content.name === 'semantic-state-debugger' ? String(content.version) : undefined;
  } catch {
    return undefined;
  }
}

export function version(): string {
  return versionOf('../package.json') ?? versionOf('../../package.json') ?? 'unknown';
}
