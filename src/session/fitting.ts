// Whether something that was seen to happen is what the program declares. Pure.
import { sameValue, type EventPoint, type Model, type Transition } from '../model/index.ts';

export type Step = Pick<EventPoint, 'object' | 'attribute' | 'preState' | 'postState'>;

export function fits(transition: Transition, step: Step): boolean {
  const { object, attribute, preState, postState } = transition;
  if (object !== step.object.entity || attribute !== step.attribute) return false;
  return sameEdge(preState, step.preState) && sameEdge(postState, step.postState);
}

/**
 * Whether it can count as one transition. Between two snapshots several may have happened, of which only the ends were seen:
 * then it counts where the program declares exactly that, or where nothing is known of what it declares.
 */
export function isOneStep(step: Step & Pick<EventPoint, 'observed'>, model: Model): boolean {
  if (step.observed === 'recorded') return true;
  const declared = model.transitions.filter(({ status }) => status !== 'observed');
  return model.entities.every(({ source }) => source === undefined) || declared.some((each) => fits(each, step));
}

function sameEdge(
  declared: Transition['preState'] | Transition['postState'],
  seen: EventPoint['preState'] | EventPoint['postState'],
): boolean {
  const edge = edgeOf(seen);
  if (typeof declared === 'object' && declared !== null) {
    if ('$any' in declared) return edge !== 'new';
    if ('$new' in declared) return edge === 'new';
    if ('$gone' in declared) return edge === 'gone';
  }
  if (typeof seen === 'object' && seen !== null && ('$new' in seen || '$gone' in seen)) return false;
  return sameValue(declared, seen);
}

function edgeOf(state: EventPoint['preState'] | EventPoint['postState']): 'new' | 'gone' | undefined {
  if (typeof state !== 'object' || state === null) return undefined;
  return '$new' in state ? 'new' : '$gone' in state ? 'gone' : undefined;
}
