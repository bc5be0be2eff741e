// A command as data: what it is called, what it takes, what it does. Help, parsing and the nearest flag come from the same data.
import { parseArgs } from 'node:util';
import type { Work } from '../model/index.ts';
import type { Io, Status } from './io.ts';
import type { ProgressLine } from './progress.ts';

export interface Flag {
  /** Placeholder of its value; absent: the flag stands alone. */
  readonly value?: string;
  readonly many?: boolean;
  readonly about: string;
}

export interface Invocation {
  readonly positionals: readonly string[];
  readonly io: Io;
  readonly work: Work;
  readonly progress: ProgressLine;
  has(flag: string): boolean;
  one(flag: string): string | undefined;
  all(flag: string): readonly string[];
}

export interface Command {
  readonly name: string;
  /** After the name: `TARGET --out FILE`. */
  readonly usage: string;
  readonly about: string;
  /** How many positionals it takes at least and at most. */
  readonly takes: readonly [number, number];
  readonly flags: { readonly [name: string]: Flag };
  run(invocation: Invocation): Promise<Status>;
}

/** Wrong usage: told with the help at hand, exit status 2. */
export class UsageError extends Error {}

interface Parsed {
  readonly positionals: readonly string[];
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** @throws UsageError */
export function parseCommandLine(command: Command, args: readonly string[]): Parsed {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, flag]) => [
      name,
      { type: flag.value === undefined ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(command.flags, token.name) ? command.flags[token.name] : undefined;
    if (!flag || !token.rawName.startsWith('--')) throw new UsageError(unknownFlag(token.rawName, command));
    if (flag.value === undefined && token.value !== undefined) throw new UsageError(`--${token.name} takes no value.`);
    if (flag.value !== undefined && (token.value === undefined || (!token.inlineValue && token.value.startsWith('--'))))
      throw new UsageError(`--${token.name} needs a value: --${token.name} ${flag.value}.`);
    const known = values.get(token.name) ?? [];
    if (known.length > 0 && flag.value !== undefined && !flag.many)
      throw new UsageError(`--${token.name} can be given only once.`);
    values.set(token.name, [...known, token.value ?? '']);
  }
  const [least, most] = command.takes;
  if (positionals.length < least)
    throw new UsageError(`semstate ${command.name} ${command.usage}: ${missingWord(command)} is missing.`);
  if (positionals.length > most) throw new UsageError(`"${positionals[most]}" is one word too many.`);
  return { positionals, values };
}

function missingWord(command: Command): string {
  return command.usage.split(/[\s|]/)[0] ?? 'a word';
}

function unknownFlag(rawName: string, command: Command): string {
  const nearest = nearestOf(rawName.replace(/^-+/, ''), Object.keys(command.flags));
  return `${rawName} is no flag of semstate ${command.name}.${nearest === undefined ? '' : ` Did you mean --${nearest}?`}`;
}

/** The name with the fewest edits, if it is near at all. */
export function nearestOf(text: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: name.startsWith(text) && text !== '' ? 0.5 : distance(text, name) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, best.name.length / 3) ? best.name : undefined;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (const [i, x] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, y] of [...b].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (x === y ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}

export const JSON_FLAG: Flag = { about: 'One JSON document on stdout, nothing else.' };
export const HELP_FLAG: Flag = { about: 'Shows this help.' };
export const FORCE_FLAG: Flag = { about: 'Take the snapshot even without memory headroom in the target.' };

export function helpOf(command: Command): string {
  const flags = Object.entries({ ...command.flags, help: HELP_FLAG }).map(([name, flag]) => ({
    left: `--${name}${flag.value === undefined ? '' : ` ${flag.value}`}${flag.many ? ' ...' : ''}`,
    about: flag.about,
  }));
  const width = Math.max(...flags.map(({ left }) => left.length));
  return [
    `semstate ${command.name} ${command.usage}`.trimEnd(),
    '',
    command.about,
    '',
    ...flags.map(({ left, about }) => `  ${left.padEnd(width)}  ${about}`),
    '',
  ].join('\n');
}
