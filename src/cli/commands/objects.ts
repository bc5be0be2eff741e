// semstate objects: the objects of a class, or the one at a path, exact to the leaf.
import { showValue, type Value } from '../../model/index.ts';
import { readObjects } from '../../session/index.ts';
import { FORCE_FLAG, JSON_FLAG, UsageError, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { METHOD_FLAG, methodOf } from '../methods.ts';
import { harmless, plural } from '../text.ts';

const DEFAULT_LIMIT = 1000;
const DEFAULT_DEPTH = 16;

export const objects: Command = {
  name: 'objects',
  usage: 'TARGET|--snapshot FILE --class NAME|--path PATH',
  about: 'Shows the objects of a class, or the one that a path leads to, exact to the leaf.',
  takes: [0, 1],
  flags: {
    snapshot: { value: 'FILE', about: 'Reads a snapshot file instead of a target.' },
    class: { value: 'NAME', about: 'The class, by its name in the program.' },
    path: { value: 'PATH', about: 'A path from the globals, such as globalThis.orders[0].' },
    limit: { value: 'N', about: `At most so many objects are shown (default ${DEFAULT_LIMIT}); all are counted.` },
    depth: { value: 'N', about: `How deep an object is shown (default ${DEFAULT_DEPTH}).` },
    method: METHOD_FLAG,
    force: FORCE_FLAG,
    json: JSON_FLAG,
  },
  async run({ positionals: [word], io, work, progress, has, one }) {
    const file = one('snapshot');
    if ((word === undefined) === (file === undefined)) throw new UsageError('Give either a TARGET or --snapshot FILE.');
    const [name, path] = [one('class'), one('path')];
    if ((name === undefined) === (path === undefined)) throw new UsageError('Give either --class NAME or --path PATH.');
    const query = {
      select: path === undefined ? { class: name ?? '' } : { path },
      limit: count('limit', one('limit'), DEFAULT_LIMIT),
      depth: count('depth', one('depth'), DEFAULT_DEPTH),
    };
    const method = methodOf(one('method') ?? 'auto');
    const found = await readObjects(word ?? `file:${file}`, query, { force: has('force'), method }, work);
    progress.clear();
    if (has('json')) await print(io.stdout, `${exactJson(found)}\n`);
    else {
      const title = found.path ?? found.class;
      const shown = found.objects.length < found.count ? `, ${found.objects.length} shown` : '';
      await print(io.stdout, `${harmless(title)}: ${plural(found.count, 'object')}${shown}\n`);
      for (const [n, object] of found.objects.entries()) await print(io.stdout, block(n + 1, object));
    }
    if (!has('json')) for (const { message } of found.problems ?? []) progress.say(`note: ${harmless(message)}`);
    return STATUS.done;
  },
};

/** @throws UsageError */
export function count(flag: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${flag} ${text} is no number.`);
  return Number(text);
}

function block(number: number, value: Value): string {
  if (typeof value !== 'object' || value === null || value.$type !== 'object')
    return `\n#${number} ${harmless(showValue(value))}\n`;
  const fields = Object.entries(value.value);
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  const lines = fields.map(([name, each]) => `  ${harmless(name.padEnd(width))}  ${harmless(showValue(each))}`);
  return `\n#${number} ${harmless(value.class ?? 'Object')}\n${lines.join('\n')}\n`;
}
