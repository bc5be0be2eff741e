// Whole small programs put together at random of every form of a write, each run plain and recorded: the same output, and the recorded
// changes are those that the program itself logs.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { showValue, type EventPoint } from '../../src/model/index.ts';
import { Ledger, planRecording, runningScripts, startRecorder } from '../../src/record/index.ts';
import { createFileHost } from '../../src/session/worker/fileHost.ts';
import { readSources } from '../../src/source/index.ts';
import { attachTo, FIXTURES, PARCELS, startService } from './service.ts';

/** Each a body that gives `p` the status `to`, or its box's private `seal`; `p` may become another object. */
const FORMS: readonly ((to: string) => string)[] = [
  (to) => `p.status = '${to}';`,
  () => `p.status += '-';`,
  (to) => `p.status &&= '${to}';`,
  (to) => `({ a: p.status } = { a: '${to}' });`,
  (to) => `[p.status] = ['${to}'];`,
  (to) => `Object.assign(p, { status: '${to}' });`,
  (to) => `const key = 'status'; p[key] = '${to}';`,
  (to) => `p['status'] = '${to}';`,
  (to) => `parcels.set(p.id, { ...p, status: '${to}' });`,
  (to) =>
    `list = [...parcels.values()].map((each) => (each === p ? { ...each, status: '${to}' } : each)); for (const each of list) parcels.set(each.id, each);`,
  (to) => `function* walk() { p.status = yield 1; } const w = walk(); w.next(); w.next('${to}');`,
  (to) => `p.status = await Promise.resolve('${to}');`,
  (to) => `for (p.status of ['${to}', '${to}!']);`,
  () => `p.tries++;`,
  () => `p.tries += 2;`,
  () => `--p.tries;`,
  (to) => `b.shut('${to}');`,
  (to) => `b.tie('${to}');`,
  (to) => `b.stamp('${to}');`,
  (to) => `await b.wax('${to}');`,
  (to) => `Box.mark(b, '${to}');`,
  (to) => `Box.pick(b, '${to}');`,
];

/**
 * The programs are functions of one script; each tells after every step what it sees. A step is one line beside others like it: edited
 * together, V8 would keep the old code of some.
 */
function scriptOf(programs: readonly (readonly number[])[]): string {
  const text = programs.map((steps, n) => {
    const body = steps.map(
      (form, at) =>
        `await step(async () => { const [p, b] = [parcels.get('P${n}'), boxes.get('P${n}')]; ${FORMS[form]?.(`s${at}`)} });`,
    );
    return `async function program${n}() {\n  const step = stepper('P${n}');\n  ${body.join('\n  ')}\n}`;
  });
  return `'use strict';
class Parcel {
  status = 'draft';
  tries = 0;
  constructor(id) {
    this.id = id;
  }
}
class Box {
  #seal = 'none';
  constructor(id) {
    this.id = id;
  }
  get seal() {
    return this.#seal;
  }
  shut(to) {
    this.#seal = to;
  }
  tie(to) {
    this.#seal += to;
  }
  stamp(to) {
    this.#seal &&= to;
  }
  async wax(to) {
    this.#seal = await Promise.resolve(to);
  }
  static mark(box, to) {
    box.#seal = to;
  }
  static pick(box, to) {
    [box][0].#seal = to;
  }
}
const parcels = new Map();
const boxes = new Map();
let list = [];
let log = [];
function make(id) {
  const parcel = new Parcel(id);
  parcels.set(id, parcel);
  boxes.set(id, new Box(id));
  list.push(parcel);
}
function stepper(id) {
  return async (run) => {
    await run();
    const { status, tries } = parcels.get(id);
    log.push([id, status, tries, boxes.get(id).seal]);
  };
}
${text.join('\n')}
const programs = [${programs.map((_, n) => `program${n}`).join()}];
require('node:readline').createInterface({ input: process.stdin }).on('line', async (name) => {
  log = [];
  list = [];
  make('P' + name);
  await programs[Number(name)]();
  process.stdout.write(JSON.stringify({ result: log, calls: [] }) + '\\n');
});
process.stdout.write('ready\\n');
`;
}

test(
  'programs of random writes say the same, and what is recorded is what they log',
  { timeout: 120_000 },
  async () => {
    const form = fc.nat(FORMS.length - 1);
    const programs = fc.sample(fc.array(form, { minLength: 3, maxLength: 8 }), { seed: 20, numRuns: 20 });
    const directory = mkdtempSync(join(tmpdir(), 'semstate-programs-'));
    try {
      writeFileSync(join(directory, 'programs.cjs'), scriptOf(programs));
      const file = relative(FIXTURES, join(directory, 'programs.cjs'));
      await using plain = await startService(process.execPath, file);
      await using service = await startService(process.execPath, file);
      const attachment = await attachTo(service);
      const scripts = (await runningScripts(attachment, {})).filter(({ url }) => url.includes('semstate-programs-'));
      const code = readSources(
        [directory],
        createFileHost(() => undefined),
      );
      const [parcel] = PARCELS.entities;
      assert.ok(parcel);
      const attributes = ['id', 'status', 'tries'].map((name) => ({
        ...{ name, type: name === 'tries' ? ('number' as const) : ('string' as const) },
        role: name === 'id' ? ('identity' as const) : ('state' as const),
      }));
      const seal = { name: 'seal', type: 'string', role: 'state' } as const;
      const box = { ...parcel, name: 'Box', attributes: [...attributes.slice(0, 1), seal] };
      const plan = planRecording({ ...PARCELS, entities: [{ ...parcel, attributes }, box] }, code, scripts);
      const recorder = await startRecorder(attachment, plan, {});
      assert.deepEqual(recorder.refused, []);
      const ledger = new Ledger(recorder.plan);
      for (const [n, steps] of programs.entries()) {
        const [{ result }, unseen] = [await service.ask(String(n)), await plain.ask(String(n))];
        const why = steps.map((each) => FORMS[each]?.('to')).join(' | ');
        assert.deepEqual(result, unseen.result, why);
        const events = ledger.read(await recorder.drain());
        const at = new Map<string, unknown>();
        for (const { attribute = '', preState, postState } of events) {
          const before = at.get(attribute);
          if (before !== undefined) assert.equal(show(preState), before, `${why}: in order`);
          at.set(attribute, show(postState));
        }
        const changes = (attribute: string): number => events.filter((each) => each.attribute === attribute).length;
        const logged = result as [string, string, number, string][];
        const last = logged.at(-1);
        assert.equal(at.get('status'), last?.[1], why);
        assert.equal(String(at.get('tries')), String(last?.[2]), why);
        assert.equal(at.get('seal'), last?.[3], why);
        // Two writes in one step are two changes; a value that stays is none.
        const twice = steps.filter((each) => FORMS[each]?.('to').startsWith('for')).length;
        const differing = (index: 1 | 2 | 3, first: unknown): number =>
          logged.filter((each, i) => each[index] !== (logged[i - 1]?.[index] ?? first)).length;
        assert.equal(changes('status'), 1 + differing(1, 'draft') + twice, why);
        assert.equal(changes('tries'), 1 + differing(2, 0), why);
        assert.equal(changes('seal'), 1 + differing(3, 'none'), why);
      }
      assert.deepEqual(await recorder.stop(), []);
      await attachment[Symbol.asyncDispose]();
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
);

function show(state: EventPoint['preState'] | EventPoint['postState']): string {
  if (typeof state === 'object' && state !== null && ('$new' in state || '$gone' in state)) return '';
  return showValue(state);
}
