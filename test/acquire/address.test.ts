// The contract's TARGET form, and where engines are looked for.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTarget, showTarget } from '../../src/acquire/index.ts';
import { engineEndpoints } from '../../src/acquire/engine/endpoints.ts';
import { failsWith } from './attachedService.ts';

test('every form of a target is read', () => {
  assert.deepEqual(parseTarget('docker:shop-1'), { runtime: 'docker', container: 'shop-1' });
  assert.deepEqual(parseTarget('podman:4f1d'), { runtime: 'podman', container: '4f1d' });
  assert.deepEqual(parseTarget('pid:42'), { runtime: 'local', pid: 42 });
  assert.deepEqual(parseTarget('inspect:localhost:9229'), { runtime: 'inspect', host: 'localhost', port: 9229 });
  assert.deepEqual(parseTarget('inspect:[::1]:9229'), { runtime: 'inspect', host: '::1', port: 9229 });
  assert.deepEqual(parseTarget('file:C:\\a b.heapsnapshot'), { runtime: 'file', path: 'C:\\a b.heapsnapshot' });
});

for (const text of [
  '',
  'shop',
  'docker:',
  'docker:../etc',
  'docker:a b',
  'pid:0',
  'pid:-1',
  'pid:1.5',
  'pid:x',
  'inspect:9229',
  'inspect:h:0',
  'inspect:h:70000',
  'ftp:x',
])
  test(`"${text}" is refused with what to write instead`, () => {
    assert.throws(() => parseTarget(text), failsWith('bad-target'));
  });

test('what is shown is read back the same (seed 2)', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,30}$/);
  const address = fc.oneof(
    fc.record({ runtime: fc.constantFrom('docker' as const, 'podman' as const), container: name }),
    fc.record({ runtime: fc.constant('local' as const), pid: fc.integer({ min: 1, max: 4_194_304 }) }),
    fc.record({
      runtime: fc.constant('inspect' as const),
      host: fc.oneof(
        fc.ipV4(),
        fc.domain(),
        fc.ipV6().filter((a) => !a.includes('.')),
      ),
      port: fc.integer({ min: 1, max: 65_535 }),
    }),
  );
  fc.assert(
    fc.property(address, (one) => assert.deepEqual(parseTarget(showTarget(one)), { ...one })),
    { seed: 2 },
  );
});

function writeContext(config: string, name: string, host: string): void {
  const id = createHash('sha256').update(name).digest('hex');
  const file = join(config, 'contexts/meta', id, 'meta.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
}

test('engines are looked for by environment, contexts and usual sockets, each once', () => {
  const home = mkdtempSync(join(tmpdir(), 'semstate-home-'));
  try {
    const config = join(home, '.docker');
    const runtimeDir = join(home, 'run');
    const socket = join(runtimeDir, 'docker.sock');
    mkdirSync(join(runtimeDir, 'podman'), { recursive: true });
    writeFileSync(socket, '');
    writeFileSync(join(runtimeDir, 'podman/podman.sock'), '');
    mkdirSync(join(home, '.colima/default'), { recursive: true });
    symlinkSync(socket, join(home, '.colima/default/docker.sock'));
    writeContext(config, 'work', 'ssh://me@build:2222');
    writeContext(config, 'far', 'tcp://far:2375');
    writeContext(config, 'near', `unix://${socket}`);
    writeFileSync(join(config, 'config.json'), JSON.stringify({ currentContext: 'work' }));
    mkdirSync(join(config, 'contexts/meta/torn'), { recursive: true });
    writeFileSync(join(config, 'contexts/meta/torn/meta.json'), '{"Name":');

    const env = { XDG_RUNTIME_DIR: runtimeDir };
    const own = (list: readonly { readonly url: string }[]): readonly string[] =>
      list.map((e) => e.url).filter((url) => url.includes(home) || !url.startsWith('unix:'));
    assert.deepEqual(own(engineEndpoints(env, home)), [
      'ssh://me@build:2222',
      `unix://${socket}`,
      `unix://${join(runtimeDir, 'podman/podman.sock')}`,
    ]);
    const named = engineEndpoints({ ...env, DOCKER_HOST: 'tcp://named:1', CONTAINER_HOST: 'unix:///none.sock' }, home);
    assert.deepEqual(
      named.map((e) => [e.way, e.url, e.explicit]),
      [
        ['docker', 'tcp://named:1', true],
        ['podman', 'unix:///none.sock', true],
      ],
    );
    assert.equal(engineEndpoints({ ...env, DOCKER_CONTEXT: 'far' }, home)[0]?.url, 'tcp://far:2375');
  } finally {
    rmSync(home, { recursive: true });
  }
});
