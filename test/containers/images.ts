// Test images without a registry: a root folder of a Node binary, a shell, the libraries both need, and a small service, imported as a
// tar. An image's name carries a digest of what is in it, so it is built once and again when something of it changes.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_VERSIONS, nodeBinary } from './nodes.ts';
import type { NodeMajor } from './nodes.ts';

const SERVICE = fileURLToPath(new URL('./service.cjs', import.meta.url));
const TOOLS = ['/bin/sh', '/bin/sleep'];

/** How an engine's command line is called: `docker`, or `podman` with its root and flags. */
export interface EngineCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export function engineCommand(command: EngineCommand, args: readonly string[], timeoutMs = 60_000): string {
  return execFileSync(command.program, [...command.args, ...args], {
    env: command.env,
    encoding: 'utf8',
    timeout: timeoutMs,
    maxBuffer: 64 * 2 ** 20,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** Libraries that the loader would bring for a program, with their real paths' contents under the names asked for. */
function librariesOf(program: string): readonly string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...stdout.matchAll(/(\/\S+)\s+\(0x/g)].flatMap((m) => (m[1] === undefined ? [] : [m[1]]));
}

function addFile(rootDir: string, from: string, to: string): void {
  const target = join(rootDir, to);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(realpathSync(from), target);
  chmodSync(target, 0o755);
}

/** `node`: version to put at /usr/local/bin/node, absent for an image without Node; `files`: further files by path. */
export interface ImageContent {
  readonly node?: NodeMajor;
  readonly files?: { readonly [path: string]: string };
}

/** Name of an image with that content, imported where the engine does not have it yet. */
export function buildImage(command: EngineCommand, content: ImageContent): string {
  const service = readFileSync(SERVICE, 'utf8');
  const version = content.node === undefined ? 'none' : NODE_VERSIONS[content.node];
  const digest = createHash('sha256')
    .update(JSON.stringify([version, service, content.files ?? {}]))
    .digest('hex');
  const name = `semstate-test-node-${version}:${digest.slice(0, 12)}`;
  if (engineCommand(command, ['images', '-q', name]) !== '') return name;
  const dir = mkdtempSync(join(tmpdir(), 'semstate-image-'));
  try {
    const programs = content.node === undefined ? TOOLS : [...TOOLS, nodeBinary(content.node)];
    for (const program of programs) {
      addFile(dir, program, TOOLS.includes(program) ? program : '/usr/local/bin/node');
      for (const library of librariesOf(program)) addFile(dir, library, library);
    }
    for (const empty of ['tmp', 'proc', 'sys', 'dev', 'etc', 'app']) mkdirSync(join(dir, empty), { recursive: true });
    chmodSync(dir, 0o755);
    chmodSync(join(dir, 'tmp'), 0o1777);
    writeFileSync(join(dir, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n');
    writeFileSync(join(dir, 'app/service.cjs'), service);
    for (const [path, text] of Object.entries(content.files ?? {})) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    const tar = join(dir, '..', `${name.replace(':', '-')}-${process.pid}.tar`);
    try {
      execFileSync('tar', ['-C', dir, '--owner=0', '--group=0', '-cf', tar, '.']);
      const environment = 'ENV PATH=/usr/local/bin:/usr/bin:/bin';
      engineCommand(command, ['import', '-c', environment, '-c', 'CMD ["node","/app/service.cjs"]', tar, name]);
    } finally {
      rmSync(tar, { force: true });
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return name;
}
