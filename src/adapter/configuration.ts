// The attributes of a debug configuration, read with care. What each means stands in the presentation's table of them.
import { resolve } from 'node:path';
import { Failure } from '../model/index.ts';
import { SOURCE_METHODS, type SourceMethod } from '../session/index.ts';
import { listOfTexts, optionalFlag, optionalText, type Fields } from './arguments.ts';

export interface Configuration {
  /** Each service once; none: the stored timeline is opened without any target. */
  readonly targets: readonly string[];
  readonly store?: string;
  /** Absolute directories. */
  readonly source: readonly string[];
  readonly stopOnEntry: boolean;
  readonly trace: boolean;
  readonly force: boolean;
  /** The user's consent to edit the running program, so that it tells each change. */
  readonly record: boolean;
  /** A live match stops the process itself. */
  readonly pauseOnMatch: boolean;
  /** Continue looks for breakpoints in what is recorded already. */
  readonly breakpointsInHistory: boolean;
  readonly keepSnapshots?: boolean;
  readonly method?: SourceMethod;
}

/** @throws Failure `bad-arguments`, `no-target`, `no-launch` */
export function readConfiguration(request: 'attach' | 'launch', args: Fields, directory: string): Configuration {
  const named = [optionalText(args['target'], 'target') ?? [], listOfTexts(args['targets'], 'targets') ?? []]
    .flat()
    .map((target) => target.trim());
  const targets = [...new Set(named)].filter((target) => target !== '');
  const store = optionalText(args['store'], 'store') || undefined;
  if (request === 'launch' && targets.length > 0) {
    throw new Failure('no-launch', 'Services are attached, not launched.', 'Write "request": "attach".');
  }
  if (targets.length === 0 && store === undefined) {
    throw new Failure(
      'no-target',
      'There is nothing to attach to and no timeline to open.',
      'Set "target" (docker:NAME, pid:NUMBER, ...), or "store" to the file of a timeline.',
    );
  }
  const listed = listOfTexts(args['source'], 'source') ?? ['.'];
  const base = optionalText(args['cwd'], 'cwd') ?? directory;
  const method = methodOf(optionalText(args['method'], 'method'));
  const keepSnapshots = optionalFlag(args['keepSnapshots'], 'keepSnapshots');
  return {
    targets,
    ...(store !== undefined && { store: resolve(base, store) }),
    source: listed.filter((one) => one.trim() !== '').map((one) => resolve(base, one)),
    stopOnEntry: optionalFlag(args['stopOnEntry'], 'stopOnEntry') ?? true,
    trace: optionalFlag(args['trace'], 'trace') ?? false,
    force: optionalFlag(args['force'], 'force') ?? false,
    record: optionalFlag(args['record'], 'record') ?? false,
    pauseOnMatch: optionalFlag(args['pauseOnMatch'], 'pauseOnMatch') ?? false,
    breakpointsInHistory: optionalFlag(args['breakpointsInHistory'], 'breakpointsInHistory') ?? true,
    ...(keepSnapshots !== undefined && { keepSnapshots }),
    ...(method !== undefined && { method }),
  };
}

/** @throws Failure `bad-arguments` */
function methodOf(text: string | undefined): SourceMethod | undefined {
  const known = SOURCE_METHODS.find((method) => method === text);
  if (known !== undefined || text === undefined) return known;
  throw new Failure('bad-arguments', `"method" is "${text}".`, `Write one of ${SOURCE_METHODS.join(', ')}.`);
}
