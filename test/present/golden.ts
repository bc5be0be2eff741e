// Text compared with a kept one, made to be read in a review. A missing golden fails unless UPDATE_GOLDENS=1.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EntityRef } from '../../src/model/index.ts';

const GOLDENS = join(dirname(fileURLToPath(import.meta.url)), '../goldens/present');

export function assertGolden(name: string, actual: string): void {
  const file = join(GOLDENS, name);
  if (process.env['UPDATE_GOLDENS'] === '1') {
    mkdirSync(GOLDENS, { recursive: true });
    writeFileSync(file, actual);
  }
  assert.ok(existsSync(file), `There is no ${file}; look at the output and run with UPDATE_GOLDENS=1 to keep it.`);
  assert.equal(actual, readFileSync(file, 'utf8'), `${name} differs; UPDATE_GOLDENS=1 keeps the new text.`);
}

/** A page as indented text: one line for what fits in one, times as minutes and seconds, references as `Order 1042`. */
export function pageText(page: unknown): string {
  return `${lines(page, 0).join('\n')}\n`;
}

const WIDTH = 130;

function lines(value: unknown, depth: number): string[] {
  const pad = '  '.repeat(depth);
  const short = oneLine(value);
  if (typeof value !== 'object' || value === null || isRef(value) || pad.length + short.length <= WIDTH)
    return [pad + short];
  const nested = (name: string, each: unknown): string[] => {
    const [first = '', ...rest] = lines(each, depth + 1);
    const fits = rest.length === 0 && typeof each !== 'undefined';
    return fits ? [`${pad}${name} ${first.trim()}`] : [`${pad}${name}`, first, ...rest];
  };
  if (Array.isArray(value)) return value.flatMap((each) => nested('-', each));
  return Object.entries(value).flatMap(([name, each]) => nested(`${name}:`, shown(name, each)));
}

function oneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : String(value);
  if (isRef(value)) return `${value.entity} ${value.id}`;
  if (Array.isArray(value)) return `[${value.map(oneLine).join('; ')}]`;
  return `{${Object.entries(value)
    .map(([name, each]) => `${name}: ${oneLine(shown(name, each))}`)
    .join(', ')}}`;
}

function isRef(value: object): value is EntityRef {
  return Object.keys(value).join() === 'entity,id';
}

const TIMES = new Set(['time', 'since', 'from', 'to', 'first', 'last']);

/** `10:31:12.408` of the recording's day. */
function shown(name: string, value: unknown): unknown {
  if (!TIMES.has(name) || typeof value !== 'number' || value < 1e15) return value;
  return new Date(value / 1000).toISOString().slice(11, 23);
}
