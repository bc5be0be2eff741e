// What is concluded without touching anything: which of several processes is the service, what a snapshot will cost, where maps lie.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateCost } from '../../src/acquire/costs.ts';
import { engineFailure } from '../../src/acquire/engine/engine.ts';
import { languageOf } from '../../src/acquire/engine/top.ts';
import { attachWay, rankProcesses } from '../../src/acquire/processes.ts';
import type { SurveyedProcess } from '../../src/acquire/remote/survey.ts';
import { inlineMap, mapPath } from '../../src/acquire/sourceMaps.ts';
import { failsWith } from './attachedService.ts';

const MB = 2 ** 20;

function seen(pid: number, command: string, more: Partial<SurveyedProcess> = {}): SurveyedProcess {
  const argv = command.split(' ');
  return {
    ...{ pid, uid: 0, gid: 0, depth: 1, language: 'node', program: 'node', argv },
    ...{ caughtSigusr1: true, started: pid, residentBytes: 50 * MB, serves: false },
    ...more,
  };
}

test('the service is preferred to what started it', () => {
  const npm = seen(1, 'node /usr/local/lib/node_modules/npm/bin/npm-cli.js start');
  const nodemon = seen(20, 'node /app/node_modules/.bin/nodemon src/main.js');
  const worker = seen(30, 'node dist/mailer.js');
  const service = seen(40, 'node dist/main.js', { serves: true });
  const java = seen(50, 'java -jar x.jar', { language: 'jvm' });
  assert.deepEqual(
    rankProcesses([npm, java, worker, nodemon, service]).map((p) => p.pid),
    [40, 30, 1, 20],
  );
  assert.deepEqual(
    rankProcesses([seen(9, 'node b.js'), seen(3, 'node a.js')]).map((p) => p.pid),
    [3, 9],
    'longest running first',
  );
});

test('how attaching will go is said with its reason', () => {
  const inspector = { host: '127.0.0.1', port: 9230, id: 'x', sessions: 1 };
  assert.deepEqual(attachWay(seen(1, 'node a', { inspector })), {
    attach: 'inspector-open',
    why: 'the inspector listens on port 9230; one other debugger is on it',
  });
  assert.equal(attachWay(seen(1, 'node a')).attach, 'inspector-can-open');
  assert.equal(attachWay(seen(1, 'node a', { caughtSigusr1: false })).attach, 'no');
  assert.match(attachWay(seen(1, 'node a', { takenPort: 9229 })).why ?? '', /9229/);
  assert.match(attachWay(seen(1, 'java', { language: 'jvm' })).why ?? '', /Java/);
  assert.deepEqual(
    ['/opt/node/bin/node x', 'node', 'nodejs a', 'java -jar', 'python3.12 a.py', 'nodeward'].map(languageOf),
    [...['node', 'node', 'node', 'jvm', 'python', 'unknown']],
  );
});

test('the cost of a snapshot and whether there is room for it', () => {
  const tight = estimateCost(50 * MB, 'v20.1.0', {
    memoryUsed: 120 * MB,
    memoryLimit: 256 * MB,
    machineFree: 8000 * MB,
  });
  assert.equal(tight.fits, false);
  assert.equal(tight.headroomBytes, 136 * MB);
  assert.match(
    tight.text,
    /heap of 50 MB needs about 475 MB more memory .*; only 136 MB are free of its limit of 256 MB\.$/,
  );
  const roomy = estimateCost(50 * MB, 'v24.1.0', { machineFree: 8000 * MB });
  assert.equal(roomy.fits, true);
  assert.ok(roomy.pauseMs < tight.pauseMs, 'newer versions stop for less');
  const unknown = estimateCost(50 * MB, 'v22.1.0', {});
  assert.deepEqual([unknown.fits, unknown.headroomBytes], [true, undefined]);
  assert.match(unknown.text, /could not be read/);
});

test('source maps: inline, beside the script, elsewhere', () => {
  const json = '{"version":3}';
  assert.equal(inlineMap(`data:application/json;base64,${Buffer.from(json).toString('base64')}`), json);
  assert.equal(inlineMap(`data:application/json;charset=utf-8,${encodeURIComponent(json)}`), json);
  assert.equal(inlineMap('main.js.map'), undefined);
  assert.equal(inlineMap('data:application/json,%'), undefined);
  assert.equal(mapPath('file:///app/dist/main.js', 'main.js.map'), '/app/dist/main.js.map');
  assert.equal(mapPath('file:///app/a%20b/main.js', '../maps/main.js.map'), '/app/maps/main.js.map');
  assert.equal(mapPath('/app/a b/main.js', 'main.js.map'), '/app/a b/main.js.map');
  assert.equal(mapPath('file:///app/main.js', 'https://maps.example/main.js.map'), undefined);
  assert.equal(mapPath('webpack-internal:1', 'x.map'), undefined);
});

test('what an engine answers with becomes an error that says what to do', () => {
  const thrown = (error: unknown) => () => {
    throw engineFailure('Docker', error);
  };
  const coded = (code: string): Error => Object.assign(new Error(code), { code });
  assert.throws(thrown(coded('EACCES')), failsWith('engine-permission', /socket/));
  assert.throws(thrown(coded('ECONNREFUSED')), failsWith('engine-unreachable'));
  assert.throws(thrown(Object.assign(new Error('no'), { statusCode: 500 })), failsWith('engine-error'));
});
