// Attaching to real containers, all without network: three versions of Node, the inspector closed or open, every restriction that a
// careful operator puts on a service. Each leaves the container as it was.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NODE_MAJORS, requireEngine, startContainer } from '../containers/index.ts';
import type { ContainerOptions } from '../containers/index.ts';
import { attachTo, evaluate, footprint, snapshotOf } from './attachedService.ts';

const HARDENED = ['--user', '1000:1000', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
const SHELL = ['sh', '-c', 'node /app/service.cjs; echo ended'];

const CASES: readonly (readonly [title: string, options: ContainerOptions])[] = [
  ...NODE_MAJORS.flatMap((node) => [
    [`Node ${node}, hardened, inspector closed`, { node, flags: HARDENED }] as const,
    [
      `Node ${node}, hardened, NODE_OPTIONS=--inspect`,
      { node, flags: HARDENED, env: { NODE_OPTIONS: '--inspect' } },
    ] as const,
  ]),
  ['Node 22 as root, nothing taken away', { node: 22 }],
  ['PID 1 is a shell', { node: 22, command: SHELL }],
  [
    'the service gave root away itself, so that not even its open files can be read',
    { node: 24, command: ['node', '-e', "process.setgid(1000);process.setuid(1000);require('/app/service.cjs')"] },
  ],
  ['PID 1 is an init', { node: 20, flags: ['--init'] }],
  [
    'PID 1 is a shell, non-root, NODE_OPTIONS=--inspect',
    { node: 24, command: SHELL, flags: ['--user', '1000'], env: { NODE_OPTIONS: '--inspect' } },
  ],
  [
    'inspector on another port by its command line',
    { node: 24, command: ['node', '--inspect=127.0.0.1:9333', '/app/service.cjs'] },
  ],
  [
    'SIGUSR1 opens another port by --inspect-port',
    { node: 22, command: ['node', '--inspect-port=9444', '/app/service.cjs'] },
  ],
];

describe('attach matrix', { concurrency: 2 }, () => {
  for (const [title, options] of CASES)
    it(title, { timeout: 40_000 }, async (t) => {
      const engine = requireEngine(t);
      if (!engine) return;
      await using container = await startContainer(engine, options);
      const before = footprint(container);
      {
        await using service = await attachTo(container.target);
        assert.match(service.versions.node, new RegExp(`^v${options.node}\\.`));
        assert.match(service.process.command, /service\.cjs/);
        assert.equal(await evaluate(service, 'process.pid'), service.process.pid);
        const { result, strings, notes } = await snapshotOf(service);
        assert.ok(strings.includes('shipped'), 'the states of the service are in its snapshot');
        assert.ok(result.targetGrowthBytes !== undefined && result.targetGrowthBytes > 0);
        assert.deepEqual(
          notes.scripts.map((s) => s.url),
          ['file:///app/service.cjs'],
        );
        const gap = await evaluate<number>(service, 'longestGap');
        // On a busy machine the snapshot's own end is late as well; a pause told too short would be a lie.
        assert.ok(
          result.pauseMs > gap * 0.65 - 100 && result.pauseMs < gap * 1.35 + 2000,
          `measured a pause of ${result.pauseMs} ms, the service felt ${gap} ms`,
        );
        assert.equal(await service.heapIdsHold(), true);
      }
      assert.deepEqual(footprint(container), before, 'nothing is left behind');
    });
});
