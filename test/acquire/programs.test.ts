// The programs that run inside containers are functions of this room as text. They have to survive bundling and minification, and to
// run on the oldest Node that is supported.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Awakening } from '../../src/acquire/remote/awaken.ts';
import type { MachineMemory } from '../../src/acquire/remote/resources.ts';
import type { SurveyedProcess } from '../../src/acquire/remote/survey.ts';
import { nodeBinary } from '../containers/index.ts';

const root = resolve(fileURLToPath(import.meta.url), '../../..');

/** The programs as the product ships them. */
async function bundled(
  pid: number,
): Promise<readonly [survey: string, awaken: string, resources: string, files: string]> {
  const programs = join(root, 'src/acquire/remote/programs.ts');
  const entry = `import * as p from ${JSON.stringify(programs)};
    console.log(JSON.stringify([p.surveyProgram(${pid}), p.awakenProgram(${pid}, 4000), p.resourcesProgram(${pid}), p.filesProgram(1e6)]));`;
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root },
    ...{ bundle: true, minify: true, platform: 'node', target: 'node20', format: 'cjs', write: false },
  });
  const text = execFileSync(process.execPath, ['-e', outputFiles[0]?.text ?? ''], { encoding: 'utf8' });
  return JSON.parse(text) as [string, string, string, string];
}

test('bundled programs do their work on Node 20', { skip: process.platform !== 'linux' && 'needs /proc' }, async () => {
  const node = nodeBinary(20);
  const service = spawn(node, ['--inspect-port=0', '-e', "setInterval(()=>{},1000);console.log('up')"], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    await new Promise((up) => service.stdout.once('data', up));
    const pid = service.pid ?? 0;
    const [survey, awaken, resources, files] = await bundled(pid);
    const run = (program: string, input?: string): string =>
      execFileSync(node, ['-e', program, 'semstate-relay'], {
        encoding: 'utf8',
        ...(input !== undefined && { input }),
      });

    const [before] = JSON.parse(run(survey)) as SurveyedProcess[];
    assert.deepEqual(
      [before?.pid, before?.language, before?.caughtSigusr1, before?.inspector],
      [pid, 'node', true, undefined],
    );
    assert.ok((before?.residentBytes ?? 0) > 10 * 2 ** 20);

    const opened = JSON.parse(run(awaken)) as Awakening;
    assert.ok(opened.outcome === 'open' && opened.opened);
    assert.ok(opened.process.inspector && opened.process.inspector.port > 0);
    const again = JSON.parse(run(awaken)) as Awakening;
    assert.ok(again.outcome === 'open' && !again.opened, 'an open inspector is not signalled for');

    const memory = JSON.parse(run(resources)) as MachineMemory;
    assert.ok((memory.machineFree ?? 0) > 0);
    assert.match(run(files, `${JSON.stringify([fileURLToPath(import.meta.url)])}\n`), /^\d+\n\/\/ The programs/);
  } finally {
    service.kill('SIGKILL');
  }
});
