// Only transitions happen that the program declares. A type whose code declares none claims nothing.
import {
  canonicalText,
  isMissing,
  isRedacted,
  showRef,
  showValue,
  type EventPoint,
  type Model,
  type Transition,
  type Value,
} from '../model/index.ts';
import type { Law } from './law.ts';

export const declaredTransitions: Law = {
  id: 'declared-transitions',
  title: 'Entities change their state only by transitions that the program declares.',
  step(event, _before, model) {
    if (event.attribute === undefined || isUnknown(event.preState) || isUnknown(event.postState)) return [];
    if (!isStateAttribute(event, model)) return [];
    const declared = model.transitions.filter(
      ({ object, attribute, status }) =>
        object === event.object.entity && attribute === event.attribute && status !== 'observed',
    );
    if (!claims(declared, event) || isDeclared(declared, event)) return [];
    const [from, to] = [endText(event.preState), endText(event.postState)];
    return [
      {
        message: `${showRef(event.object)}: ${event.attribute} went from ${from} to ${to}, which the program does not declare.`,
        subjects: [event.object],
      },
    ];
  },
};

type End = Transition['preState'] | Transition['postState'];

function has(end: End, mark: '$new' | '$gone' | '$any'): boolean {
  return typeof end === 'object' && end !== null && mark in end;
}

/** Absent counts as unknown: an attribute that is not there yet is in no state. */
function isUnknown(end: End): boolean {
  if (has(end, '$new') || has(end, '$gone')) return false;
  const value = end as Value;
  return isMissing(value) || isRedacted(value) || (typeof value === 'object' && value?.$type === 'undefined');
}

function isStateAttribute({ object, attribute }: EventPoint, model: Model): boolean {
  const entity = model.entities.find(({ name }) => name === object.entity);
  return entity?.attributes.some(({ name, role }) => name === attribute && role === 'state') ?? false;
}

/** Creations and removals are judged only where the program declares at least one of the kind. */
function claims(declared: readonly Transition[], event: EventPoint): boolean {
  if (has(event.preState, '$new')) return declared.some(({ preState }) => has(preState, '$new'));
  if (has(event.postState, '$gone')) return declared.some(({ postState }) => has(postState, '$gone'));
  return declared.some(({ preState, postState }) => !has(preState, '$new') && !has(postState, '$gone'));
}

/** Between two snapshots several transitions may have happened: there, any declared way from one state to the other fits. */
function isDeclared(declared: readonly Transition[], event: EventPoint): boolean {
  const goal = keyOf(event.postState);
  const reached = new Set<string>();
  let ends: readonly End[] = [event.preState];
  while (ends.length > 0) {
    const steps = ends.flatMap((end) => declared.filter(({ preState }) => leaves(preState, end)));
    const next = steps.map(({ postState }) => postState).filter((end) => !reached.has(keyOf(end)));
    for (const end of next) reached.add(keyOf(end));
    if (reached.has(goal)) return true;
    if (event.observed === 'recorded') return false;
    ends = next;
  }
  return false;
}

function leaves(declared: Transition['preState'], end: End): boolean {
  if (has(end, '$gone')) return false;
  if (has(declared, '$any')) return !has(end, '$new');
  return keyOf(declared) === keyOf(end);
}

function keyOf(end: End): string {
  return canonicalText(end);
}

function endText(end: End): string {
  if (has(end, '$new')) return 'its creation';
  if (has(end, '$gone')) return 'its removal';
  return showValue(end as Value, 40);
}
