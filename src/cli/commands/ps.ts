// semstate ps: what can be attached to, and how that will go.
import { listTargets } from '../../session/index.ts';
import { JSON_FLAG, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { harmless, table } from '../text.ts';

const WAYS = {
  'inspector-open': 'inspector open',
  'inspector-can-open': 'inspector can be opened',
  'memory-only': 'memory only',
  no: 'no',
} as const;

export const ps: Command = {
  name: 'ps',
  usage: '[--json]',
  about: 'Lists the processes that can be attached to.',
  takes: [0, 0],
  flags: { json: JSON_FLAG },
  async run({ io, work, progress, has }) {
    const { targets, problems } = await listTargets(work);
    progress.clear();
    if (has('json')) await print(io.stdout, `${exactJson({ document: 'targets', targets })}\n`);
    else if (targets.length === 0) await print(io.stdout, 'Nothing to attach to was found.\n');
    else {
      const rows = targets.map(({ target, name, image, pid, language, attach, why }) => [
        target,
        short(name ?? ''),
        short(image ?? ''),
        pid === undefined ? '' : String(pid),
        language,
        why === undefined ? WAYS[attach] : `${WAYS[attach]}: ${why}`,
      ]);
      await print(io.stdout, table(['TARGET', 'NAME', 'IMAGE', 'PID', 'LANGUAGE', 'ATTACH'], rows));
    }
    for (const { code, message } of problems) progress.say(`note [${code}]: ${harmless(message)}`);
    return STATUS.done;
  },
};

/** Command lines are long; the whole one stands in --json. */
function short(text: string): string {
  return text.length > 48 ? `${text.slice(0, 47)}…` : text;
}
