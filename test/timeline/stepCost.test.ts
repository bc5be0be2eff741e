// A step costs the same in a short timeline and in a long one. Counted, not timed: statements, the rows they give back,
// and the parts of the file that SQLite reads for them, by its own plans.
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import type { EntityRef, NewPoint } from '../../src/model/index.ts';
import { openTimeline, type TimelineStore } from '../../src/timeline/index.ts';
import { changed, created, instance, order, scratchFile, snapshot } from './scratch.ts';

const ORDERS = 50;
const SHORT = 1_000;
const LONG = 100_000;

function point(at: number): NewPoint {
  const ref = order(at % ORDERS);
  if (at < ORDERS) return created(at, instance(ref, { status: 'placed', n: 0 }));
  if (at % 500 === 0) return snapshot(at, `s${at}`);
  return changed(at, ref, 'n', Math.floor(at / ORDERS) - 1, Math.floor(at / ORDERS));
}

function fill(file: string, points: number): void {
  const store = openTimeline(file);
  for (let from = 0; from < points; from += 10_000)
    store.append(Array.from({ length: Math.min(10_000, points - from) }, (_, at) => point(from + at)));
  store.dispose();
}

interface Cost {
  statements: number;
  rows: number;
  readonly sql: Set<string>;
}

/** Counts what every prepared statement of this process is asked and gives back, while the test runs. */
function meter(t: TestContext): Cost {
  const cost: Cost = { statements: 0, rows: 0, sql: new Set() };
  const { prepare } = DatabaseSync.prototype;
  t.after(() => Object.assign(DatabaseSync.prototype, { prepare }));
  DatabaseSync.prototype.prepare = function (sql, ...more) {
    const statement = prepare.call(this, sql, ...more);
    const [all, get] = [statement.all.bind(statement), statement.get.bind(statement)];
    return Object.assign(statement, {
      all: (...values: never[]) => {
        const rows = all(...values);
        note(sql, rows.length);
        return rows;
      },
      get: (...values: never[]) => {
        note(sql, 1);
        return get(...values);
      },
    });
  };
  const note = (sql: string, rows: number): void => {
    cost.statements++;
    cost.rows += rows;
    cost.sql.add(sql);
  };
  return cost;
}

/** What a person does around a place of the timeline. */
function steps(store: TimelineStore, middle: number): void {
  const focus: EntityRef = order(7);
  let seq = middle;
  for (let n = 0; n < 10; n++) {
    seq = (n < 5 ? store.next(seq) : store.previous(seq))?.seq ?? seq;
    store.stateAt(seq);
    store.instanceAt(focus, seq);
    store.ordinal(seq);
    store.point(seq);
  }
  seq = store.next(seq, { object: focus })?.seq ?? seq;
  seq = store.previous(seq, { object: focus, attribute: 'n' })?.seq ?? seq;
  store.next(seq, { kinds: ['snapshot'] });
  store.previous(seq, { kinds: ['snapshot', 'gap'] });
  store.next(seq, { entity: 'Order', attribute: 'n' });
  store.previous(seq, { entity: 'Order', companions: true });
  store.at(middle);
  store.page({}, middle, 20);
  store.page({ companions: true }, middle, 20);
  store.summary();
}

test(`stepping among ${LONG} points takes the statements and rows it takes among ${SHORT}`, (t) => {
  const [short, long] = [scratchFile(t, 'short'), scratchFile(t, 'long')];
  fill(short, SHORT);
  fill(long, LONG);
  const cost = meter(t);
  const spent = (file: string, points: number): [number, number] => {
    Object.assign(cost, { statements: 0, rows: 0 });
    const store = openTimeline(file, { readOnly: true });
    steps(store, points / 2);
    store.dispose();
    return [cost.statements, cost.rows];
  };
  const [shortStatements, shortRows] = spent(short, SHORT);
  const [longStatements, longRows] = spent(long, LONG);
  t.diagnostic(`${shortStatements} statements and ${shortRows} rows; ${longStatements} and ${longRows}`);
  assert.ok(longStatements <= shortStatements + 5, `${longStatements} statements instead of ${shortStatements}`);
  // A keyframe may be up to 2048 points away from any place; in a short timeline it cannot.
  assert.ok(longRows < 2 * shortRows + 2048, `${longRows} rows instead of ${shortRows}`);

  assertPlans(long, cost.sql);
});

/** The first or last row of all, which SQLite finds at the edge of the tree although it calls it a scan. */
const EDGE = /max\(seq\)|ORDER BY seq (ASC|DESC) LIMIT 1$/;
/** Few by nature: a page's own places, snapshots and gaps. */
const FEW = /json_each|points_kind/;

function assertPlans(file: string, all: ReadonlySet<string>): void {
  const database = new DatabaseSync(file, { readOnly: true });
  for (const sql of all) {
    if (!sql.startsWith('SELECT')) continue;
    const values = [...sql.matchAll(/\?/g)].map(() => 1);
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    for (const { detail } of plan) {
      if (/^SCAN (p|points)\b/.test(String(detail))) assert.match(sql, EDGE, `${sql} walks the timeline`);
      if (/TEMP B-TREE/.test(String(detail))) assert.match(sql, FEW, `${sql} sorts what it finds`);
    }
  }
  database.close();
}

test('a page of one entity or type reads its own rows, at either end of a long timeline, and counts only what was added', (t) => {
  const file = scratchFile(t);
  fill(file, 20_000);
  const cost = meter(t);
  const store = openTimeline(file);
  const rowsOf = (work: () => void): number => {
    cost.rows = 0;
    work();
    return cost.rows;
  };
  const filter = { entity: 'Order', attribute: 'n', companions: true };
  const { total } = store.page(filter, 0, 0);
  assert.equal(total, 20_000 - ORDERS - 39);
  for (const offset of [0, total - 20]) assert.ok(rowsOf(() => store.page(filter, offset, 20)) < 60, `at ${offset}`);
  store.append([point(20_001)]);
  assert.equal(store.page(filter, 0, 0).total, total + 1);
  store.dispose();
});
