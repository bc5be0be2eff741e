// Why an entity is in its state: each rule proposes events that may have led there, with a weight and its reason. The weights order
// kinds of causes, from what proves itself (a guard reads it, a law was broken by it) to what was merely near in time:
//   90  something the next transition waits for is as it is because of this event, or a referred entity went away by it
//   85  a law was broken by it, or a transition happened that the program does not declare
//   75  a related entity ended in a state in which few of its kind end (78), or took a step that few of its kind take (74);
//       another took what is shared and waited for (84)
//   70  events were lost while the state lasted
//   66  something related, or related to that, ended in a state whose name says failure
//   60  a related entity is itself waiting far longer than usual; the last thing its own request did elsewhere
//   50  the event by which it came into its state; then its earlier ones
//   30  changes of related entities meanwhile; laws that competitors broke (44): they seldom explain
// What was seen only between snapshots has no place among other events: no rule takes its neighbours in time for its company.
import { refKey, showRef, showValue, type EventPoint, type Violation } from '../../model/index.ts';
import { stepViolations, violationsOf } from '../pages/broken.ts';
import { censusOf } from '../pages/census.ts';
import { sameTrace } from '../pages/traces.ts';
import { competition, failedBelow, unusualNeighbours } from './around.ts';
import { NEIGHBOURS_ASKED, type Cause, type Rule } from './cause.ts';
import { lastChanges, type Situation } from './situation.ts';

/** A law that was broken by another one that holds the same thing. */
const OF_COMPETITOR = 44;

const ownChanges: Rule = ({ own, entered, scene }) =>
  own.slice(0, 5).map((point, n) => {
    const undeclared = stepViolations(point, scene.model).length > 0;
    if (undeclared)
      return { point, weight: 88 - n, via: 'law', because: 'a transition that the program does not declare' };
    return point === entered
      ? { point, weight: 50, because: 'by it the state was entered' }
      : { point, weight: 26 - 3 * n, because: 'its own change before' };
  });

const guardInputs: Rule = ({ blocked, ref, scene }) =>
  blocked.flatMap(({ because, transition }) =>
    because.flatMap(({ text, value, ref: read, attribute }): Cause[] => {
      const reason = `${text} is ${showValue(value, 40)}${transition.type === undefined ? '' : `, ${transition.type} waits for it`}`;
      const isOwn = refKey(read) === refKey(ref);
      const set = scene.store.previous(scene.seq + 1, { object: read, attribute, companions: true });
      if (set?.kind === 'event') return [{ point: set, weight: isOwn ? 82 : 92, via: 'guard', because: reason }];
      const [latest] = lastChanges(scene, read, 1);
      return latest && !isOwn ? [{ point: latest, weight: 66, via: 'guard', because: reason, likely: true }] : [];
    }),
  );

/** Laws broken about it, or about what it is related to: the event that broke them, however long ago. */
const brokenLaws: Rule = ({ scene, state, now, ref, neighbours }) => {
  const { violations } = censusOf(state, scene.model, now);
  const near = [{ ref, hop: 0 }, ...neighbours.slice(0, 2 * NEIGHBOURS_ASKED)];
  const seen = new Set<Violation>();
  return near.flatMap(({ ref: about, hop }) =>
    violationsOf(violations, about).flatMap((violation): Cause[] => {
      if (seen.has(violation)) return [];
      seen.add(violation);
      const culprit = culpritOf(violation, scene);
      return culprit
        ? [{ point: culprit, weight: hop === 2 ? OF_COMPETITOR : 88 - 3 * hop, via: 'law', because: violation.message }]
        : [];
    }),
  );
};

function culpritOf({ law, subjects = [] }: Violation, scene: Situation['scene']): EventPoint | undefined {
  const changes = subjects.flatMap((subject) => lastChanges(scene, subject, 16));
  const breaking = changes.filter((event) => event.breaks?.includes(law)).sort((a, b) => b.seq - a.seq);
  return breaking[0] ?? changes.sort((a, b) => b.seq - a.seq)[0];
}

const undeclaredNearby: Rule = ({ neighbours, scene }) =>
  neighbours.slice(0, NEIGHBOURS_ASKED).flatMap(({ ref, hop }) =>
    lastChanges(scene, ref, 6)
      .filter((event) => (event.breaks?.length ?? 0) > 0 || stepViolations(event, scene.model).length > 0)
      .map((point): Cause => {
        const law = point.breaks?.[0] ?? 'declared-transitions';
        return {
          point,
          weight: hop === 2 ? OF_COMPETITOR : 86 - 4 * hop,
          via: 'law',
          because: `${showRef(ref)} broke ${law}`,
        };
      }),
  );

/** What it refers to and is not there any more. */
const removedTargets: Rule = ({ instance, state, scene }) =>
  Object.values(instance.links)
    .flat()
    .filter((target) => !state.has(refKey(target)))
    .slice(0, NEIGHBOURS_ASKED)
    .flatMap((target): Cause[] => {
      const [latest] = lastChanges(scene, target, 1);
      if (latest?.change?.kind !== 'removed') return [];
      return [{ point: latest, weight: 90, via: 'relation', because: `${showRef(target)} is gone` }];
    });

/** What its last requests did elsewhere. */
const traces: Rule = ({ own, scene, ref }) => {
  const key = refKey(ref);
  const seen = new Set<string>();
  return own.slice(0, 3).flatMap((event, n) => {
    const id = event.trace?.traceId;
    if (id === undefined || seen.has(id)) return [];
    seen.add(id);
    const others = sameTrace(scene.store, event).filter(
      ({ object, seq }) => refKey(object) !== key && seq <= scene.seq,
    );
    const last = others.at(-1);
    return others.map((point): Cause => ({
      point,
      weight: (point === last ? 60 : 40) - 4 * n,
      via: 'trace',
      because: 'in the same request',
    }));
  });
};

const meanwhile: Rule = ({ neighbours, scene, own }) => {
  const begin = own.at(-1)?.seq ?? 0;
  return neighbours
    .filter(({ hop }) => hop === 1)
    .slice(0, NEIGHBOURS_ASKED)
    .flatMap(({ ref, because }) =>
      lastChanges(scene, ref, 2)
        .filter(({ seq }) => seq >= begin)
        .map((point, n): Cause => ({ point, weight: 32 - 4 * n, via: 'relation', because })),
    );
};

/** What may have happened and was not seen. */
const lostEvents: Rule = ({ scene, entered }) => {
  const gaps: Cause[] = [];
  for (
    let point = scene.store.previous(scene.seq + 1, { kinds: ['gap'] });
    point?.kind === 'gap' && gaps.length < 3;
    point = scene.store.previous(point.seq, { kinds: ['gap'] })
  ) {
    if (entered && point.time < entered.time) break;
    const lost = point.lost ?? 0;
    gaps.push({
      point,
      weight: lost > 0 ? 72 : 44,
      via: 'lost',
      because: lost > 0 ? `${lost} events were lost` : point.reason,
      likely: true,
    });
  }
  return gaps;
};

export const RULES: readonly Rule[] = [
  ownChanges,
  guardInputs,
  brokenLaws,
  undeclaredNearby,
  removedTargets,
  unusualNeighbours,
  failedBelow,
  competition,
  traces,
  meanwhile,
  lostEvents,
];
