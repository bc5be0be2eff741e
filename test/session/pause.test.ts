// A container that is paused by its engine: its state is in the timeline at once, read from its memory, and it is not woken for it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { canonicalText, type Point, type SnapshotPoint } from '../../src/model/index.ts';
import { createApp, readObjects, type Session } from '../../src/session/index.ts';
import { requireEngine, startContainer } from '../containers/index.ts';

const PATIENCE_MS = 30_000;

/** The next snapshot that the session takes by itself. */
function nextSnapshot(session: Session): Promise<SnapshotPoint> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no snapshot came')), PATIENCE_MS);
    const end = session.on('points', (points: readonly Point[]) => {
      const point = points.findLast((each) => each.kind === 'snapshot');
      if (!point) return;
      clearTimeout(timer);
      end();
      resolve(point);
    });
  });
}

/** Orders by number, as a state or a memory has them. */
const statuses = (orders: readonly (readonly [unknown, unknown])[]): string =>
  canonicalText([...orders].sort(([a], [b]) => Number(a) - Number(b)));

test(
  'what a paused container holds is kept as it is paused, and compared when it goes on',
  { skip: process.platform === 'linux' ? false : 'memory is read on Linux only' },
  async (t) => {
    const engine = requireEngine(t);
    if (!engine) return;
    const folder = mkdtempSync(join(tmpdir(), 'semstate-pause-'));
    try {
      await using container = await startContainer(engine, { node: 22 });
      await using app = createApp();
      const session = await app.openSession(
        { target: container.target, source: [], store: join(folder, 'timeline') },
        {},
      );
      const lines: string[] = [];
      session.on('log', (line) => lines.push(line));
      const first = await session.takeSnapshot({}, {});
      assert.equal(first.method, 'memory');

      const whenPaused = nextSnapshot(session);
      container.run('pause');
      const paused = await whenPaused;
      assert.equal(paused.method, 'memory', lines.join('\n'));
      assert.equal(paused.pauseMs, 0, 'it stood still already');
      const kept = [...session.store.stateAt(paused.seq).values()].filter(({ entity }) => entity === 'Order');
      assert.equal(kept.length, 20);
      const state = container.run('inspect', '--format', '{{.State.Status}}');
      assert.equal(state.trim(), 'paused', 'it was not woken');
      const query = { select: { class: 'Order' }, limit: 100, depth: 2 } as const;
      const { objects } = await readObjects(container.target, query, { method: 'memory' }, {});
      const inMemory = objects.map((order) => {
        const { value } = order as { readonly value: Readonly<Record<string, unknown>> };
        return [value['id'], value['status']] as const;
      });
      const inTimeline = kept.map(({ attributes }) => [attributes['id'], attributes['status']] as const);
      assert.equal(statuses(inTimeline), statuses(inMemory), 'the state in the timeline is what stands in its memory');

      const whenUnpaused = nextSnapshot(session);
      container.run('unpause');
      const unpaused = await whenUnpaused;
      await new Promise((done) => setTimeout(done, 400));
      const later = await session.takeSnapshot({}, {});
      const told = session.store
        .page({ from: paused.time + 1 }, 0, 1000)
        .points.filter((point) => point.kind === 'event' && point.attribute === 'status');
      assert.ok(unpaused.seq < later.seq && told.length > 0, 'what differs is named');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
