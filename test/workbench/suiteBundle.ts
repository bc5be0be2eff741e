// The suite as one CommonJS file: extension hosts load it by path.
import { build } from 'esbuild';
import { join } from 'node:path';
import { root } from './workbench.ts';

export async function bundleSuite(): Promise<string> {
  const outfile = join(root, 'test/out/suite.cjs');
  await build({
    entryPoints: [join(root, 'test/workbench/suite/index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
    logLevel: 'error',
  });
  return outfile;
}

export interface SuiteResult {
  readonly title: string;
  readonly ok: boolean;
  readonly error?: string;
}
