// Node binaries of several versions for test images, from the npm registry, kept under .cache/nodes/<version>. Knows no engine.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../../..');

export type NodeMajor = 20 | 22 | 24;
export const NODE_MAJORS: readonly NodeMajor[] = [20, 22, 24];
export const NODE_VERSIONS: { readonly [major in NodeMajor]: string } = {
  20: '20.20.2',
  22: '22.23.3',
  24: '24.21.0',
};

/** Path of the binary; fetched when it is not there yet. */
export function nodeBinary(major: NodeMajor): string {
  const version = NODE_VERSIONS[major];
  const home = join(root, '.cache', 'nodes', version);
  const name = `node-linux-${process.arch}`;
  const binary = join(home, 'node_modules', name, 'bin', 'node');
  if (existsSync(binary)) return binary;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"private":true}');
  execFileSync(
    'npm',
    ['i', '--prefix', home, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${version}`],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return binary;
}
