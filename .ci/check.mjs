// Formatting, types (sources, tests, panel) and lint: everything that needs no program to run.
import { spawnSync } from 'node:child_process';
const bin = (name) => `node_modules/.bin/${name}`;
const steps = [
  [bin('prettier'), '--check', '--log-level', 'warn', '.'],
  [bin('tsc'), '-p', 'tsconfig.json'],
  [bin('tsc'), '-p', 'webview/tsconfig.json'],
  [bin('eslint'), '--max-warnings', '0', 'src', 'webview', 'test'],
];
let failed = 0;
for (const [command, ...args] of steps) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`check failed: ${command} ${args.join(' ')}`);
    failed++;
  }
}
process.exit(failed ? 1 : 0);
