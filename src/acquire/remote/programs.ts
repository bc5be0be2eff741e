// The programs that a container's own Node runs for us, as text for `node -e`. Each ends by itself or with its stdin, writes nothing
// to any file, and carries one word in its arguments by which the survey leaves it out.
import { awakenInspector } from './awaken.ts';
import { readFiles } from './files.ts';
import type { InspectorEndpoint } from '../target.ts';
import { relay } from './relay.ts';
import type { RelayTarget } from './relay.ts';
import { MOVE_INSPECTOR, relocateInspector } from './relocate.ts';
import { readResources } from './resources.ts';
import { surveyProcesses } from './survey.ts';

export const RELAY_MARK = 'semstate-relay';

/**
 * What a program of ours must not inherit from the image: an inspector of its own on the service's port, hooks, coverage and
 * compile caches written to disk, a proxy for loopback.
 */
export const RELAY_ENVIRONMENT: readonly string[] = [
  'NODE_OPTIONS=',
  'NODE_V8_COVERAGE=',
  'NODE_COMPILE_CACHE=',
  'NODE_DISABLE_COMPILE_CACHE=1',
  'NODE_DEBUG=',
  'NODE_USE_ENV_PROXY=',
  'NODE_EXTRA_CA_CERTS=',
];

const answer = (call: string): string =>
  `${call}.then((r)=>process.stdout.write(JSON.stringify(r)),(e)=>{process.stderr.write(String(e&&e.message||e));process.exitCode=1});`;

/** Writes `SurveyedProcess[]` as JSON. */
export function surveyProgram(pid?: number): string {
  const options = `{self:process.pid,look:'loopback'${pid === undefined ? '' : `,pid:${pid}`}}`;
  return answer(`(${surveyProcesses.toString()})(require('fs'),require('http'),${options})`);
}

/** Writes an `Awakening` as JSON. */
export function awakenProgram(pid: number, waitMs: number, child?: 'asked' | 'unasked'): string {
  const survey = `()=>survey(require('fs'),require('http'),{self:process.pid,look:'loopback',pid:${pid}}).then((r)=>r[0])`;
  const relocating = `(o)=>relocate(require('net'),look,o,${JSON.stringify(MOVE_INSPECTOR)})`;
  const call = `awaken(look,()=>process.kill(${pid},'SIGUSR1'),${waitMs},${relocating},${JSON.stringify(child)})`;
  const parts = { survey: surveyProcesses, awaken: awakenInspector, relocate: relocateInspector };
  const named = Object.entries(parts).map(([name, part]) => `const ${name}=${part.toString()};`);
  return `${named.join('')}const look=${survey};${answer(call)}`;
}

/** Writes `MachineMemory` as JSON. */
export function resourcesProgram(pid: number): string {
  return answer(`Promise.resolve((${readResources.toString()})(require('fs'),${pid}))`);
}

/** Reads paths as JSON from stdin, writes each file as described in files.ts. */
export function filesProgram(limit: number): string {
  return `(${readFiles.toString()})(require('fs'),process.stdin,process.stdout,${limit});`;
}

/** Runs inside the target: `inspector.close()` stands still until every session has ended, so it comes once the relay has left too. */
const CLOSE_INSPECTOR = `(() => {
  const load = process.getBuiltinModule || (typeof require === 'function' ? require : undefined);
  const inspector = load && load('inspector');
  if (inspector) setTimeout(() => inspector.close(), 20).unref();
  return Boolean(inspector);
})()`;

/** Joins stdin and stdout to the inspector; see relay.ts. */
export function relayProgram({ host, port, id, opened }: InspectorEndpoint): string {
  const target: RelayTarget = { host, port, ...(opened && { close: { id, expression: CLOSE_INSPECTOR } }) };
  return `(${relay.toString()})(require('net'),require('fs'),process,${JSON.stringify(target)});`;
}
