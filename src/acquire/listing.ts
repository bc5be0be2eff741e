// Everything that can be attached to: containers of every engine, processes of this machine. Looks without running anything in a
// container. What cannot be listed is a problem beside the list, never the list's end.
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import { isFailure, messageOf } from '../model/index.ts';
import type { AttachWay, Problem, TargetEntry, Work } from '../model/index.ts';
import { mapBounded } from './deadline.ts';
import { ask } from './engine/engine.ts';
import type { Engine } from './engine/engine.ts';
import { openEngines, namesOf } from './engine/find.ts';
import { hostPids } from './engine/hostView.ts';
import { languageOf, looksLikeNode, runningCommands } from './engine/top.ts';
import { noEngine } from './failures.ts';
import { surveyLocal } from './localSurvey.ts';
import { attachWay, rankProcesses } from './processes.ts';
import type { SurveyedProcess } from './remote/survey.ts';
import type { TargetList } from './target.ts';

const INSPECTED_AT_ONCE = 6;

/** @throws Failure `cancelled` only */
export async function listTargets(work: Work): Promise<TargetList> {
  const [containers, processes] = await Promise.all([listContainers(work), listProcesses(work)]);
  return {
    targets: [...containers.targets, ...processes.targets],
    problems: [...containers.problems, ...processes.problems],
  };
}

async function listContainers(work: Work): Promise<TargetList> {
  const { engines, refused } = await openEngines(work);
  const problems = refused.map(problemOf);
  if (engines.length === 0 && problems.length === 0) problems.push(problemOf(noEngine('docker')));
  const lists = await Promise.all(
    engines.map(async (engine) => {
      try {
        const found = await ask(engine, 'the list of containers', work, (client) => client.listContainers());
        return found.map((info) => ({ engine, info }));
      } catch (error) {
        if (isFailure(error, 'cancelled')) throw error;
        problems.push(problemOf(error));
        return [];
      }
    }),
  );
  const named = withTargets(lists.flat());
  const targets = await mapBounded(named, INSPECTED_AT_ONCE, (one) => containerEntry(one, work));
  return { targets: [...targets].sort((a, b) => rank(a) - rank(b) || a.target.localeCompare(b.target)), problems };
}

interface NamedContainer {
  readonly engine: Engine;
  readonly info: ContainerInfo;
  readonly target: string;
}

/** Each container once, whatever ways lead to it; by its id where two engines have one of the same name. */
function withTargets(found: readonly Omit<NamedContainer, 'target'>[]): readonly NamedContainer[] {
  const byId = new Map(found.map((one) => [one.info.Id, one]));
  const byName = new Map<string, Omit<NamedContainer, 'target'>[]>();
  for (const one of byId.values()) {
    const name = `${one.engine.kind}:${nameOf(one.info)}`;
    byName.set(name, [...(byName.get(name) ?? []), one]);
  }
  return [...byName].flatMap(([target, group]) =>
    group.map((one) => ({
      ...one,
      target: group.length === 1 ? target : `${one.engine.kind}:${one.info.Id.slice(0, 12)}`,
    })),
  );
}

function nameOf(info: ContainerInfo): string {
  return namesOf(info)[0] ?? info.Id.slice(0, 12);
}

function rank(entry: TargetEntry): number {
  return entry.attach === 'no' ? 1 : 0;
}

async function containerEntry({ engine, info, target }: NamedContainer, work: Work): Promise<TargetEntry> {
  const entry = { target, name: nameOf(info), image: info.Image };
  if (info.State === 'paused') return { ...entry, language: 'unknown', attach: 'no', why: 'the container is paused' };
  try {
    const [details, commands] = await Promise.all([
      ask(engine, 'a container', work, (client) => client.getContainer(info.Id).inspect()),
      runningCommands(engine, info.Id, work),
    ]);
    return { ...entry, ...(await describeProcess(details, commands, work)) };
  } catch (error) {
    if (isFailure(error, 'cancelled')) throw error;
    return { ...entry, language: 'unknown', attach: 'no', why: messageOf(error) };
  }
}

/** From this machine's /proc where the engine is on it, else from the command lines that the engine tells. */
async function describeProcess(
  details: ContainerInspectInfo,
  commands: readonly string[],
  work: Work,
): Promise<Pick<TargetEntry, 'pid' | 'language' | 'attach' | 'why'>> {
  const pids = hostPids(details.Id, details.State.Pid);
  const surveyed: SurveyedProcess[] = [];
  for (const { host, own } of pids) {
    const found = (await surveyLocal({ pid: host, look: 'none', contained: true }, work))[0];
    if (found) surveyed.push({ ...found, pid: own });
  }
  const best = rankProcesses(surveyed)[0];
  if (best) return { pid: best.pid, language: 'node', ...attachWay(best) };
  const own = [details.Path, ...details.Args].join(' ');
  const all = [...commands, own];
  if (all.some(looksLikeNode)) {
    const options = [...commands, own, ...(details.Config.Env ?? []).filter((e) => e.startsWith('NODE_OPTIONS='))];
    const open = options.some((o) => /(^|[\s=])--inspect(-brk|-wait)?(=|\s|$)/.test(o));
    const attach: AttachWay = open ? 'inspector-open' : 'inspector-can-open';
    return { language: 'node', attach, why: 'as its command line says' };
  }
  const language = all.map(languageOf).find((l) => l !== 'unknown') ?? 'unknown';
  const names: Record<typeof language, string> = { jvm: 'Java', python: 'Python', node: '', unknown: '' };
  const why =
    language === 'unknown' ? 'no Node.js process was seen in it' : `${names[language]} cannot be attached to yet`;
  return { language, attach: 'no', why };
}

async function listProcesses(work: Work): Promise<TargetList> {
  try {
    const found = await surveyLocal({ look: 'expected' }, work);
    const others = found.filter((p) => p.language === 'jvm' || p.language === 'python');
    const targets = [...rankProcesses(found), ...others].map((p): TargetEntry => ({
      target: `pid:${p.pid}`,
      name: p.argv.join(' ').slice(0, 120),
      pid: p.pid,
      language: p.language,
      ...attachWay(p),
    }));
    return { targets, problems: [] };
  } catch (error) {
    if (isFailure(error, 'cancelled')) throw error;
    return { targets: [], problems: [problemOf(error)] };
  }
}

function problemOf(error: unknown): Problem {
  return isFailure(error)
    ? { code: error.code, message: `${error.message} ${error.action}` }
    : { code: 'unexpected', message: messageOf(error) };
}
