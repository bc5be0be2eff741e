// Recording in real processes of each Node: the program behaves the same before, during and after, and all it does to a state is told.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { showValue, type EventPoint } from '../../src/model/index.ts';
import { Ledger, restoreLeftovers, startRecorder, type Recorder, type RecordedEvent } from '../../src/record/index.ts';
import { attachTo, nodes, planFor, startService, type Answer, type Service } from './service.ts';

const FORMS = [
  ['create', ['NEW -> draft', 'NEW -> open']],
  ['assign', ['draft -> packed']],
  ['receiver', ['packed -> sent']],
  ['literalKey', ['sent -> packed']],
  ['computed', ['packed -> lost']],
  ['compound', ['lost -> lost!']],
  ['nullish', ['lost! -> found']],
  ['destructured', ['found -> returned']],
  ['defaulted', ['returned -> kept']],
  ['merged', ['kept -> merged']],
  ['privately', ['open -> closed']],
  ['generator', ['merged -> walked']],
  ['asynchronous', ['walked -> awaited']],
  ['loop', ['awaited -> first', 'first -> second']],
  ['next', ['second -> renewed']],
  ['remove', ['renewed -> GONE', 'closed -> GONE']],
] as const;

for (const { name, path } of nodes()) {
  describe(`Node ${name}`, () => {
    const start = (): Promise<Service> => startService(path, 'forms.cjs');

    test('each form of a write is told once, and answers as it did before', async () => {
      await using service = await start();
      const before = await all(service);
      const attachment = await attachTo(service);
      const plan = await planFor(attachment);
      const recorder = await startRecorder(attachment, plan, {});
      assert.deepEqual(recorder.refused, []);
      const ledger = new Ledger(plan);
      const during: Answer[] = [];
      for (const [form, expected] of FORMS) {
        during.push(await service.ask(form));
        assert.deepEqual((await drain(recorder, ledger)).map(arrow), expected, form);
      }
      assert.deepEqual(await recorder.stop(), []);
      const now = await all(service);
      await attachment[Symbol.asyncDispose]();
      const same = (answers: readonly Answer[]): unknown[] =>
        answers.slice(1).map(({ result, calls, status }) => [result, calls, status]);
      assert.deepEqual(same(during), same(before));
      assert.deepEqual(same(now), same(before));
    });

    test('an assignment that fails is no event, and fails as before', async () => {
      await using service = await start();
      await service.ask('create');
      const attachment = await attachTo(service);
      const plan = await planFor(attachment);
      const recorder = await startRecorder(attachment, plan, {});
      assert.equal((await service.ask('frozen')).result, 'TypeError');
      await recorder.stop();
      await attachment[Symbol.asyncDispose]();
    });

    test('24 recordings leave the source as it was, byte for byte', async () => {
      await using service = await start();
      const texts = new Set<string>();
      let attachment = await attachTo(service);
      for (let n = 0; n < 24; n++) {
        if (n % 8 === 7) {
          await attachment[Symbol.asyncDispose]();
          attachment = await attachTo(service);
        }
        const plan = await planFor(attachment);
        for (const script of plan.scripts) texts.add(script.original);
        const recorder = await startRecorder(attachment, plan, {});
        await service.ask('create');
        assert.deepEqual(await recorder.stop(), []);
      }
      await attachment[Symbol.asyncDispose]();
      assert.equal(texts.size, 1);
    });

    test('a recorder that vanishes leaves silence within five seconds, and the next one puts the source back', async () => {
      await using service = await start();
      const first = await attachTo(service);
      const plan = await planFor(first);
      await startRecorder(first, plan, {});
      await first[Symbol.asyncDispose]();
      await wait(3500);
      await service.ask('create');
      await service.ask('assign');
      const next = await attachTo(service);
      const { result } = await next.send<{ result: { value: string } }>('Runtime.evaluate', {
        expression: 'globalThis["$semstate$probe"].drain(10)',
      });
      const answer = JSON.parse(result.value) as { records: unknown[]; silentSince: number };
      assert.deepEqual(answer.records, []);
      assert.ok(answer.silentSince > 0);
      assert.equal(await restoreLeftovers(next, {}), plan.scripts.length);
      assert.deepEqual(
        (await planFor(next)).scripts.map((each) => each.original),
        plan.scripts.map((each) => each.original),
      );
      assert.equal((await service.ask('assign')).result, 'packed');
      await next[Symbol.asyncDispose]();
    });
  });
}

async function all(service: Service): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const [form] of FORMS) answers.push(await service.ask(form));
  return answers;
}

async function drain(recorder: Recorder, ledger: Ledger): Promise<RecordedEvent[]> {
  return ledger.read(await recorder.drain());
}

function arrow({ preState, postState }: Pick<EventPoint, 'preState' | 'postState'>): string {
  return `${edge(preState)} -> ${edge(postState)}`;
}

function edge(state: EventPoint['preState'] | EventPoint['postState']): string {
  if (typeof state === 'object' && state !== null && '$new' in state) return 'NEW';
  if (typeof state === 'object' && state !== null && '$gone' in state) return 'GONE';
  return showValue(state);
}
