// Writes what package.json says of launch attributes, and the table in the docs, from `src/present/launch.ts`.
//   node .ci/node24.mjs --no-build .ci/contributes.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAUNCH_ATTRIBUTES, launchSchema, launchTable } from '../src/present/launch.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

export function withContributes(manifest: string): string {
  const parsed = JSON.parse(manifest) as {
    contributes: { debuggers: { configurationAttributes: { [request: string]: object } }[] };
  };
  const [debuggerEntry] = parsed.contributes.debuggers;
  if (!debuggerEntry) throw new Error('package.json contributes no debugger');
  debuggerEntry.configurationAttributes = {
    attach: { properties: launchSchema('attach') },
    launch: { required: ['store'], properties: launchSchema('launch') },
  };
  return `${JSON.stringify(parsed, undefined, 2)}\n`;
}

export function withDescriptions(texts: string): string {
  const parsed = JSON.parse(texts) as { [key: string]: string };
  for (const [name, { description }] of Object.entries(LAUNCH_ATTRIBUTES)) parsed[`launch.${name}`] = description;
  return `${JSON.stringify(parsed, undefined, 2)}\n`;
}

export function withTable(docs: string): string {
  return docs.replace(
    /(<!-- launch attributes -->\n)[\s\S]*?(\n<!-- end -->)/,
    (_, start: string, end: string) => `${start}\n${launchTable()}\n${end}`,
  );
}

if (import.meta.main) {
  writeFileSync(join(root, 'package.json'), withContributes(read('package.json')));
  writeFileSync(join(root, 'package.nls.json'), withDescriptions(read('package.nls.json')));
  writeFileSync(join(root, 'docs', 'debugging.md'), withTable(read('docs/debugging.md')));
}
