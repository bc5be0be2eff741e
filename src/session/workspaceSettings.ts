// Finds `semstate.json` in or above the source directories, reads it and says exactly where it is wrong.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  Failure,
  type Context,
  type DriftVerdict,
  type EntityOverride,
  type LawText,
  type WorkspaceFile,
} from '../model/index.ts';
import { lawFault } from '../laws/index.ts';
import { withoutComments } from './jsonComments.ts';
import { jsonFault } from './jsonFault.ts';

const NAME = 'semstate.json';

export interface WorkspaceSettings {
  readonly path: string;
  readonly file: WorkspaceFile;
  /** Its `source`, as absolute directories. */
  readonly source: readonly string[];
}

/** The nearest file in or above one of the directories; undefined: there is none. @throws Failure `workspace-file` */
export function findWorkspaceFile(directories: readonly string[]): WorkspaceSettings | undefined {
  for (const start of directories) {
    for (let at = resolve(start); ; at = dirname(at)) {
      const path = join(at, NAME);
      if (existsSync(path)) return readWorkspaceFile(path);
      if (dirname(at) === at) break;
    }
  }
  return undefined;
}

export function readWorkspaceFile(path: string): WorkspaceSettings {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure('workspace-file', `${path} cannot be read.`, 'Check that you may read it.', error);
  }
  const file = parseWorkspaceFile(text, path);
  return { path, file, source: (file.source ?? []).map((directory) => resolve(dirname(path), directory)) };
}

/** @throws Failure `workspace-file`, naming the line */
export function parseWorkspaceFile(text: string, path: string): WorkspaceFile {
  let value: unknown;
  try {
    value = JSON.parse(withoutComments(text));
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw wrong(
      path,
      lineAt(text, jsonFault(withoutComments(text)) ?? 0),
      `this is no JSON (${what.replaceAll(/\s+/g, ' ')})`,
    );
  }
  const fault = faultOf(value);
  if (fault) throw wrong(path, lineOfKey(text, fault.at), fault.what);
  return withoutSchema(value as WorkspaceFile & { $schema?: string });
}

interface Fault {
  /** Keys from the root to what is wrong. */
  readonly at: readonly string[];
  readonly what: string;
}

type Check = (value: unknown, at: readonly string[]) => Fault | undefined;

const text: Check = (value, at) => (typeof value === 'string' ? undefined : { at, what: `${name(at)} must be text` });
const yesNo: Check = (value, at) =>
  typeof value === 'boolean' ? undefined : { at, what: `${name(at)} must be true or false` };
const texts: Check = (value, at) =>
  Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '')
    ? undefined
    : { at, what: `${name(at)} must be a list of non-empty texts` };
const textOrTexts: Check = (value, at) => (typeof value === 'string' ? undefined : texts(value, at));

const OVERRIDE: { readonly [key in keyof Required<EntityOverride>]: Check } = {
  rename: text,
  ignore: yesNo,
  identity: textOrTexts,
  state: texts,
  redact: texts,
};
const LAW: { readonly [key in keyof Required<LawText>]: Check } = {
  holds: text,
  title: text,
  for: text,
  on: (value, at) => (value === 'step' ? undefined : { at, what: `${name(at)} can only be "step"` }),
};
const paths: Check = (value, at) => {
  if (!isObject(value)) return { at, what: `${name(at)} must be an object` };
  for (const [parameter, path] of Object.entries(value)) {
    const fault = text(path, [...at, parameter]);
    if (fault) return fault;
  }
  return undefined;
};
const CONTEXT: { readonly [dimension in keyof Context]: Check } = {
  space: paths,
  time: paths,
  subject: paths,
  device: paths,
};
const FILE: { readonly [key in keyof Required<WorkspaceFile> | '$schema']: Check } = {
  $schema: text,
  source: texts,
  entities: (value, at) => {
    if (!isObject(value)) return { at, what: `${name(at)} must be an object` };
    for (const [entity, override] of Object.entries(value)) {
      const fault = checkKeys(OVERRIDE, override, [...at, entity]);
      if (fault) return fault;
    }
    return undefined;
  },
  ignore: texts,
  redact: texts,
  reveal: texts,
  context: (value, at) => checkKeys(CONTEXT, value, at),
  keepSnapshots: yesNo,
  rejected: texts,
  drift: (value, at) => {
    if (!Array.isArray(value)) return { at, what: `${name(at)} must be a list` };
    for (const [index, verdict] of value.entries()) {
      const fault = verdictFault(verdict, [...at, String(index)]);
      if (fault) return fault;
    }
    return undefined;
  },
  laws: (value, at) => {
    if (!isObject(value)) return { at, what: `${name(at)} must be an object` };
    for (const [id, law] of Object.entries(value)) {
      const fault = checkKeys(LAW, law, [...at, id]) ?? lawTextFault(law as unknown as LawText, [...at, id]);
      if (fault) return fault;
    }
    return undefined;
  },
};

const anything: Check = () => undefined;
const VERDICT: { readonly [key in keyof Required<DriftVerdict>]: Check } = {
  of: (value, at) =>
    typeof value === 'string' && /.\../.test(value)
      ? undefined
      : { at, what: `${name(at)} must be TYPE.ATTRIBUTE or TYPE.RELATION` },
  state: anything,
  from: anything,
  to: anything,
  accept: (value, at) => (value === true ? undefined : { at, what: `${name(at)} can only be true` }),
  ignore: text,
};

/** A verdict says of what, and what: accepted states and transitions are named. */
function verdictFault(value: unknown, at: readonly string[]): Fault | undefined {
  const fault = checkKeys(VERDICT, value, at);
  if (fault) return fault;
  const verdict = value as Partial<DriftVerdict>;
  if (verdict.of === undefined) return { at, what: `${name(at)} needs \`of\`: TYPE.ATTRIBUTE or TYPE.RELATION` };
  if ((verdict.accept === undefined) === (verdict.ignore === undefined))
    return { at, what: `${name(at)} needs either \`accept\`: true or \`ignore\`: the reason` };
  const isWhole = (verdict.from === undefined) === (verdict.to === undefined);
  if (verdict.accept && (!isWhole || (verdict.state === undefined && verdict.from === undefined)))
    return { at, what: `${name(at)} needs a \`state\`, or \`from\` and \`to\`, to be accepted` };
  return undefined;
}

function faultOf(value: unknown): Fault | undefined {
  return checkKeys(FILE, value, []);
}

function lawTextFault(law: Partial<LawText>, at: readonly string[]): Fault | undefined {
  if (law.holds === undefined) return { at, what: `${name(at)} needs \`holds\`, the expression` };
  const fault = lawFault({ ...law, holds: law.holds });
  if (!fault) return undefined;
  const line = law.holds.replaceAll(/\s/g, ' ');
  return {
    at: [...at, 'holds'],
    what: `${name(at)}: ${fault.what}\n  ${line}\n  ${' '.repeat(fault.start)}${'^'.repeat(Math.max(1, fault.end - fault.start))}\n`,
  };
}

function checkKeys(
  checks: { readonly [key: string]: Check },
  value: unknown,
  at: readonly string[],
): Fault | undefined {
  if (!isObject(value)) return { at, what: `${name(at)} must be an object` };
  for (const [key, inner] of Object.entries(value)) {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (!check) return { at: [...at, key], what: `${key} is no setting (known: ${Object.keys(checks).join(', ')})` };
    const fault = check(inner, [...at, key]);
    if (fault) return fault;
  }
  return undefined;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function name(at: readonly string[]): string {
  return at.length === 0 ? 'the file' : at.join('.');
}

function withoutSchema({ $schema: _, ...file }: WorkspaceFile & { $schema?: string }): WorkspaceFile {
  return file;
}

function wrong(path: string, line: number, what: string): Failure {
  return new Failure('workspace-file', `${path}, line ${line}: ${what}.`, 'Correct the file, or remove it.');
}

/** The line of the last of the keys, looked for one inside the other: exact enough for a file of settings. */
function lineOfKey(text: string, keys: readonly string[]): number {
  let from = 0;
  for (const key of keys) {
    const match = new RegExp(`${escape(JSON.stringify(key))}\\s*:`).exec(text.slice(from));
    if (!match) break;
    from += match.index;
  }
  return lineAt(text, from);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
