// What runs in a container as the engine itself tells (`docker top`): nothing is run in it for this. Command lines only; the process
// ids are those of the machine the engine runs on.
import type { Work } from '../../model/index.ts';
import { ask } from './engine.ts';
import type { Engine } from './engine.ts';

// With Docker's own default, Podman would run `ps` inside the container; column names of its own it answers itself.
const PODMAN_COLUMNS = 'pid,args';

/** Command lines, or none where the engine cannot tell. */
export async function runningCommands(engine: Engine, container: string, work?: Work): Promise<readonly string[]> {
  try {
    const top = await ask(engine, 'the processes of a container', work, (client) =>
      client.getContainer(container).top(engine.kind === 'podman' ? { ps_args: PODMAN_COLUMNS } : {}),
    );
    return commandsOf(top);
  } catch {
    return [];
  }
}

function commandsOf(top: unknown): readonly string[] {
  if (typeof top !== 'object' || top === null || !('Titles' in top) || !('Processes' in top)) return [];
  const { Titles: titles, Processes: rows } = top;
  if (!Array.isArray(titles) || !Array.isArray(rows)) return [];
  const column = titles.findIndex((t) => t === 'CMD' || t === 'COMMAND');
  return rows.flatMap((row) => {
    const command: unknown = Array.isArray(row) ? row[column] : undefined;
    return typeof command === 'string' ? [command] : [];
  });
}

export function looksLikeNode(command: string): boolean {
  return /^(\S*\/)?node(js)?(-?v?\d[\d.]*)?(\s|$)/.test(command);
}

export function languageOf(command: string): 'node' | 'jvm' | 'python' | 'unknown' {
  if (looksLikeNode(command)) return 'node';
  if (/^(\S*\/)?java(\s|$)/.test(command)) return 'jvm';
  if (/^(\S*\/)?python[\d.]*(\s|$)/.test(command)) return 'python';
  return 'unknown';
}
