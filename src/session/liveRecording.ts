// One live recording: plans it with the worker, arms the process, asks it again and again what happened, and puts it back.
import { inlineMap, mapPath, type Attachment } from '../acquire/index.ts';
import {
  Failure,
  isFailure,
  messageOf,
  type Micros,
  type Model,
  type NewPoint,
  type Problem,
  type SemanticState,
  type Work,
  type WorkspaceFile,
} from '../model/index.ts';
import {
  createStackReader,
  Ledger,
  restoreLeftovers,
  runningScripts,
  startRecorder,
  type PlannedScript,
  type ProbeAnswer,
  type RecordedEvent,
  type Recorder,
} from '../record/index.ts';
import type { Analysis } from './analysis.ts';
import { now } from './clock.ts';
import { fits } from './fitting.ts';
import type { Recording } from './session.ts';

const LARGEST_MAP = 32 * 2 ** 20;
const EVERY_MS = 100;
/** A process that stands still for a snapshot must not fall silent meanwhile. */
const HOLD_MS = 180_000;

export interface RecordingParts {
  readonly attachment: Attachment;
  readonly analysis: Analysis;
  readonly roots: readonly string[];
  readonly workspaceFile: WorkspaceFile;
  readonly model: () => Model;
  readonly known: SemanticState | undefined;
  /** Takes events and gaps in the order in which they happened. */
  readonly keep: (points: readonly NewPoint[]) => void;
  readonly log: (text: string) => void;
}

export interface Around {
  readonly earlier: readonly NewPoint[];
  readonly later: readonly NewPoint[];
  readonly state: SemanticState;
}

export class LiveRecording {
  readonly sites: number;
  readonly notRecorded: readonly Problem[];
  readonly complete: boolean;
  readonly #parts: RecordingParts;
  readonly #recorder: Recorder;
  readonly #ledger: Ledger;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #over = false;
  #held = false;

  /** @throws Failure `not-recordable`, `cancelled`, `target-gone` */
  static async start(parts: RecordingParts, work: Work): Promise<LiveRecording> {
    const { attachment, analysis, roots, workspaceFile, log } = parts;
    const restored = await restoreLeftovers(attachment, work);
    if (restored > 0) log(`Put back ${restored} files that an earlier recording had left edited.`);
    const scripts = await scriptsOf(attachment, work);
    const plan = await analysis.call('plan', { roots, model: parts.model(), scripts, workspaceFile }, work);
    if (plan.scripts.length === 0)
      throw new Failure(
        'not-recordable',
        `No place in ${attachment.name} is known that changes a state: ${plan.problems[0]?.message ?? 'the model has no state attribute'}`,
        'Give the source of what is running, or record by snapshots: --method snapshots.',
      );
    const recorder = await startRecorder(attachment, plan, work);
    const ledger = new Ledger(plan, {
      target: attachment.address,
      stack: createStackReader(plan, scripts),
      typeOf: (event) => typeOf(event, parts.model()),
    });
    if (parts.known) ledger.know(parts.known);
    return new LiveRecording(parts, recorder, ledger);
  }

  private constructor(parts: RecordingParts, recorder: Recorder, ledger: Ledger) {
    this.#parts = parts;
    this.#recorder = recorder;
    this.#ledger = ledger;
    this.sites = recorder.plan.sites.length;
    this.notRecorded = [...recorder.plan.problems, ...recorder.refused];
    this.complete = recorder.plan.problems.length === 0 && recorder.complete;
    this.#again();
  }

  /** Takes what happened; until `go` nothing more is asked for, and the process goes on telling. */
  async hold(): Promise<void> {
    clearTimeout(this.#timer);
    this.#held = true;
    await this.#ask(HOLD_MS).catch(() => undefined);
  }

  go(): void {
    this.#held = false;
    this.#again();
  }

  /** What was told and not kept yet, before and after a snapshot; and the snapshot's state, where records know better. */
  async around(time: Micros, state: SemanticState): Promise<Around> {
    await this.#turn;
    const [earlier, later]: [NewPoint[], ProbeAnswer[]] = [[], []];
    for (let more = true; more && !this.#over;) {
      const answer = await this.#recorder.drain(HOLD_MS);
      const at = answer.records.findIndex(({ t }) => t > time);
      const split = at < 0 ? answer.records.length : at;
      earlier.push(...this.#pointsOf({ ...answer, records: answer.records.slice(0, split) }));
      later.push({ ...answer, records: answer.records.slice(split), keys: [], lost: 0, silentSince: 0 });
      ({ more } = answer);
    }
    const corrected = this.complete ? this.#ledger.correct(state) : state;
    if (!this.complete) this.#ledger.know(state);
    return { earlier, later: later.flatMap((answer) => this.#pointsOf(answer)), state: corrected };
  }

  /** Takes what is left, puts the process back. Never throws. */
  async stop(): Promise<void> {
    if (this.#over) return;
    clearTimeout(this.#timer);
    try {
      await this.#ask();
    } catch (error) {
      this.#parts.log(messageOf(error));
    }
    this.#over = true;
    clearTimeout(this.#timer);
    for (const { message } of await this.#recorder.stop()) this.#parts.log(message);
  }

  #again(): void {
    if (this.#over || this.#held) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#ask().then(
        () => this.#again(),
        (error: unknown) => {
          if (isFailure(error, 'target-gone')) this.#over = true;
          else {
            this.#parts.log(messageOf(error));
            this.#again();
          }
        },
      );
    }, EVERY_MS);
  }

  #ask(holdMs = 0): Promise<void> {
    const turn = this.#turn.then(async () => {
      for (let more = true; more && !this.#over;) {
        const answer = await this.#recorder.drain(holdMs);
        const points = this.#pointsOf(answer);
        if (points.length > 0) this.#parts.keep(points);
        ({ more } = answer);
      }
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #pointsOf(answer: ProbeAnswer): NewPoint[] {
    const events = this.#ledger.read(answer);
    const gaps: NewPoint[] = [];
    const time = events[0]?.time ?? now();
    if (answer.silentSince > 0)
      gaps.push({ kind: 'gap', since: answer.silentSince, time, reason: 'the recorder did not ask in time' });
    if (answer.lost > 0)
      gaps.push({
        kind: 'gap',
        since: time,
        time: events.at(-1)?.time ?? time,
        lost: answer.lost,
        reason: 'more happened than could be taken',
      });
    return [...gaps, ...events];
  }
}

/** The recordings of several services as one. */
export function together(recordings: readonly LiveRecording[], stop: () => Promise<void>): Recording {
  return {
    sites: recordings.reduce((sum, each) => sum + each.sites, 0),
    notRecorded: recordings.flatMap((each) => each.notRecorded),
    complete: recordings.every((each) => each.complete),
    stop,
  };
}

/** The program's own scripts with the text that runs and the maps they name. */
export async function scriptsOf(attachment: Attachment, work: Work): Promise<PlannedScript[]> {
  const maps = new Map(attachment.scripts().map((script) => [script.id, script.sourceMapUrl]));
  const scripts: PlannedScript[] = [];
  for (const script of await runningScripts(attachment, work)) {
    const url = maps.get(script.id);
    const path = url === undefined ? undefined : mapPath(script.url, url);
    const map =
      url === undefined
        ? undefined
        : (inlineMap(url) ??
          (path === undefined ? undefined : (await attachment.readFile(path, LARGEST_MAP, work))?.toString('utf8')));
    scripts.push({ ...script, ...(map !== undefined && { sourceMap: map }) });
  }
  return scripts;
}

/** The name of the declared transition that fits; where several names do, that of the line. */
function typeOf(
  event: Pick<RecordedEvent, 'object' | 'attribute' | 'preState' | 'postState' | 'source'>,
  model: Model,
): string | undefined {
  const fitting = model.transitions.filter((t) => t.type !== undefined && t.status !== 'observed' && fits(t, event));
  const names = new Set(fitting.map((t) => t.type));
  if (names.size === 1) return fitting[0]?.type;
  const { source } = event;
  const here = fitting.filter((t) =>
    t.evidence?.some((e) => e.source && e.source.file === source?.file && e.source.line === source.line),
  );
  return new Set(here.map((t) => t.type)).size === 1 ? here[0]?.type : undefined;
}
