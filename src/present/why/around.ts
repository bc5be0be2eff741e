// Rules about what stands around an entity: related ones that ended oddly or wait themselves, and competitors for what they share.
import { refKey, showRef, showValue, type EntityInstance, type EntityRef, type EventPoint } from '../../model/index.ts';
import { censusOf } from '../pages/census.ts';
import { valueOf } from '../pages/describe.ts';
import { machineOf, shownState } from '../pages/machines.ts';
import { staysOf, stepKey, type Stays } from '../pages/stays.ts';
import { NEIGHBOURS_ASKED, type Cause, type Rule } from './cause.ts';
import { lastChanges } from './situation.ts';

const RARE = 0.25;
const FEWEST_ENDED = 8;
const LONG_STAY = 3;
/** Events that follow each other this closely may belong to one operation. */
const CLOSE = 6;

/** A related entity that ended where few of its kind end, or that waits itself. */
export const unusualNeighbours: Rule = ({ neighbours, state, scene, now, own }) => {
  const { store, model } = scene;
  const census = censusOf(state, model, now);
  const begin = own.at(-1)?.seq ?? 0;
  return neighbours
    .filter(({ hop }) => hop === 1)
    .slice(0, NEIGHBOURS_ASKED)
    .flatMap(({ ref, because }): Cause[] => {
      const machine = machineOf(model, ref.entity);
      const shown = shownState(state.get(refKey(ref)), machine);
      const point = machine && lastChanges(scene, ref, 8).find((event) => event.attribute === machine.attribute);
      if (!machine || shown === undefined || !point) return [];
      const states = census.types.find(({ entity }) => entity === ref.entity)?.states ?? [];
      const ended = states.filter(({ final }) => final).reduce((sum, { count }) => sum + count, 0);
      const here = states.find((each) => each.state === shown);
      if (here?.final && ended >= FEWEST_ENDED && here.count < ended * RARE)
        return [
          {
            point,
            weight: point.seq >= begin ? 78 : 62,
            via: 'relation',
            because: `${because}: ${shown}, where few end`,
            likely: true,
          },
        ];
      const stays = staysOf(store, machine, model);
      if (point.seq >= begin && isRareStep(stays, point))
        return [
          {
            ...{ point, weight: 74, via: 'relation', likely: true },
            because: `${because}: ${shown}, a step that few take`,
          },
        ];
      const median = stays.median.get(shown);
      if (!here?.final && median !== undefined && now - point.time > LONG_STAY * median)
        return [
          { point, weight: 64, via: 'relation', because: `${because}: ${shown} far longer than usual`, likely: true },
        ];
      return [];
    });
};

/** Of those that came into the state it left, few took this step. */
function isRareStep({ counts }: Stays, { preState, postState }: EventPoint): boolean {
  const [from, to] = [valueOf(preState), valueOf(postState)];
  if (from === undefined || to === undefined) return false;
  const [left, entered] = [showValue(from), showValue(to)];
  let came = 0;
  for (const [step, count] of counts) if ((JSON.parse(step) as unknown[])[1] === left) came += count;
  return came >= FEWEST_ENDED && (counts.get(stepKey(left, entered)) ?? 0) < came * RARE;
}

/** Words by which programs call an end that nobody wanted. */
const FAILURE =
  /fail|reject|declin|den(y|ied)|refus|error|abort|expir|timed?.?out|lost|cancel|invalid|broken|overdue|blocked|dispute|charge.?back/i;

/** Down the references, also over what stands between: an order's shipment's check. */
export const failedBelow: Rule = ({ instance, state, scene, own }) => {
  const begin = own.at(-1)?.seq ?? 0;
  const seen = new Set([refKey(instance)]);
  const found: Cause[] = [];
  let level: readonly EntityInstance[] = [instance];
  for (const weight of [68, 62]) {
    const targets = level.flatMap(({ links }) => Object.values(links).flat()).slice(0, NEIGHBOURS_ASKED);
    level = targets.flatMap((target) => {
      const key = refKey(target);
      if (seen.has(key)) return [];
      seen.add(key);
      return state.get(key) ?? [];
    });
    for (const each of level) {
      const machine = machineOf(scene.model, each.entity);
      const shown = shownState(each, machine);
      if (!machine || shown === undefined || !FAILURE.test(shown)) continue;
      const point = lastChanges(scene, each, 8).find((event) => event.attribute === machine.attribute);
      if (point && point.seq >= begin)
        found.push({ point, weight, via: 'relation', because: `${showRef(each)} is ${shown}`, likely: true });
    }
  }
  return found;
};

/** Others that hold what it needs too: when the shared thing changed with them, they may have taken it. */
export const competition: Rule = ({ neighbours, scene, own, instance, state, blocked }) => {
  const shared = new Set(Object.values(instance.links).flat().map(refKey));
  const awaited = new Set(blocked.flatMap(({ because }) => because.map(({ ref }) => refKey(ref))));
  const begin = own.at(-1)?.time ?? 0;
  const changes = neighbours
    .filter(({ ref, hop }) => hop === 1 && shared.has(refKey(ref)))
    .slice(0, NEIGHBOURS_ASKED)
    .flatMap(({ ref }) => lastChanges(scene, ref, 6).map((event) => ({ event, key: refKey(ref) })));
  const holds = (ref: EntityRef, key: string): boolean =>
    Object.values(state.get(refKey(ref))?.links ?? {}).some((targets) => targets.some((one) => refKey(one) === key));
  return neighbours
    .filter(({ hop }) => hop === 2)
    .slice(0, NEIGHBOURS_ASKED)
    .flatMap(({ ref, because }) =>
      lastChanges(scene, ref, 3).flatMap((point): Cause[] => {
        // What it refers to it took, if at all, by a step of its own.
        if (point.change?.kind === 'link') return [];
        const taken = changes.find(({ event, key }) => holds(ref, key) && goTogether(event, point));
        if (!taken && point.time < begin) return [];
        const weight = taken ? (awaited.has(taken.key) ? 84 : 36) : 20;
        return [{ point, weight, via: 'competition', because, likely: true }];
      }),
    );
};

function goTogether(a: EventPoint, b: EventPoint): boolean {
  if (a.observed === 'between-snapshots' || b.observed === 'between-snapshots') return mayGoTogether(a, b);
  if (a.trace && b.trace) return a.trace.traceId === b.trace.traceId;
  return Math.abs(a.seq - b.seq) <= CLOSE;
}

/** A change that was seen at a snapshot happened at some time before it: a recorded step in that time may be its company. */
function mayGoTogether(a: EventPoint, b: EventPoint): boolean {
  const [unseen, step] = a.observed === 'between-snapshots' ? [a, b] : [b, a];
  return (
    step.observed !== 'between-snapshots' && step.time >= (unseen.since ?? unseen.time) && step.time <= unseen.time
  );
}
