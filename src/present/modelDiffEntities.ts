// Entities, their identity, attributes and states: what came, went and changed.
import type { Attribute, AttributeType, Entity, Model, StateValue } from '../model/index.ts';
import type { BreakingRule, ModelChange } from './modelDiff.ts';
import { keyOfValue, paired, valueText } from './modelDiffTerms.ts';

export function entityChanges(before: Model, after: Model): ModelChange[] {
  const { removed, added, kept } = paired(before.entities, after.entities, ({ name }) => name);
  return [
    ...removed.map((entity): ModelChange => ({
      ...{ change: 'removed', element: 'entity', entity: entity.name, text: entityText(entity) },
      ...gone(entity),
    })),
    ...added.map((entity): ModelChange => ({
      ...{ change: 'added', element: 'entity', entity: entity.name, text: entityText(entity) },
    })),
    ...kept.flatMap(([was, is]) => [...identityChanges(was, is), ...attributeChanges(was, is)]),
  ];
}

/** What no code declared and was only seen may be unseen another time: nobody could rely on it. */
export function gone(element: { readonly status?: Entity['status'] }): Pick<ModelChange, 'breaking' | 'because'> {
  return element.status === 'observed' ? { because: 'it was only seen, never declared' } : { breaking: 'removed' };
}

function entityText({ attributes, identity }: Entity): string {
  const states = attributes.filter(({ role }) => role === 'state').map(({ name }) => name);
  const facts = [
    `${attributes.length} ${attributes.length === 1 ? 'attribute' : 'attributes'}`,
    ...(identity?.length ? [`identity ${identity.join(', ')}`] : []),
    ...(states.length > 0 ? [`state ${states.join(', ')}`] : []),
  ];
  return `entity, ${facts.join(', ')}`;
}

function identityChanges(was: Entity, is: Entity): ModelChange[] {
  const [old, now] = [was.identity ?? [], is.identity ?? []];
  if (keyOfValue([...old].sort()) === keyOfValue([...now].sort())) return [];
  const text = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
  return [
    {
      ...{ change: 'changed', element: 'identity', entity: is.name, text: `identity: ${text(old)} -> ${text(now)}` },
      ...(old.length > 0 ? { breaking: 'identity-changed' } : { because: 'it was not known before' }),
    },
  ];
}

function attributeChanges(was: Entity, is: Entity): ModelChange[] {
  const { removed, added, kept } = paired(was.attributes, is.attributes, ({ name }) => name);
  const one = (change: 'added' | 'removed', attribute: Attribute): ModelChange => ({
    ...{ change, element: 'attribute', entity: is.name, attribute: attribute.name, text: attributeText(attribute) },
    ...(change === 'removed' && gone(attribute)),
  });
  return [
    ...removed.map((attribute) => one('removed', attribute)),
    ...added.map((attribute) => one('added', attribute)),
    ...kept.flatMap(([old, now]) => [...facets(is.name, old, now), ...stateChanges(is.name, old, now)]),
  ];
}

function attributeText({ name, type, role, optional, states }: Attribute): string {
  const domain =
    role === 'state' && states?.length ? ` of ${states.map(({ value }) => valueText(value)).join(', ')}` : '';
  return `${name}: ${type}${optional ? ', optional' : ''}${role === 'state' ? ', state' : ''}${domain}`;
}

/** Type, presence and role of an attribute that is there before and after. */
function facets(entity: string, was: Attribute, is: Attribute): ModelChange[] {
  const changed = (text: string, more: { breaking?: BreakingRule; because?: string } = {}): ModelChange => ({
    ...{ change: 'changed', element: 'attribute', entity, attribute: is.name, text: `${is.name}: ${text}` },
    ...more,
  });
  const changes: ModelChange[] = [];
  if (was.type !== is.type) changes.push(changed(`${was.type} -> ${is.type}`, typeVerdict(was.type, is.type)));
  if (Boolean(was.optional) !== Boolean(is.optional))
    changes.push(
      was.optional ? changed('optional -> required', { breaking: 'required' }) : changed('required -> optional'),
    );
  const [wasState, isState] = [was.role === 'state', is.role === 'state'];
  if (wasState !== isState)
    changes.push(
      wasState
        ? changed('holds no state any more', { breaking: 'no-state-any-more' })
        : changed(
            `holds a state now${is.states?.length ? `: ${is.states.map(({ value }) => valueText(value)).join(', ')}` : ''}`,
          ),
    );
  return changes;
}

function typeVerdict(was: AttributeType, is: AttributeType): { breaking?: BreakingRule; because?: string } {
  if (was === 'unknown') return { because: 'it was not known before' };
  if (is === 'unknown' || (was === 'enum' && is === 'string'))
    return { because: 'the new type holds every value of the old one' };
  return { breaking: 'type-changed' };
}

function stateChanges(entity: string, was: Attribute, is: Attribute): ModelChange[] {
  if (was.role !== 'state' || is.role !== 'state') return [];
  const { removed, added } = paired(was.states ?? [], is.states ?? [], ({ value }) => keyOfValue(value));
  const one = (change: 'added' | 'removed', state: StateValue): ModelChange => ({
    ...{ change, element: 'state', entity, attribute: is.name },
    text: `${is.name}: state ${valueText(state.value)}${state.label === undefined ? '' : ` (${state.label})`}`,
    ...(change === 'removed' && gone(state)),
  });
  return [...removed.map((state) => one('removed', state)), ...added.map((state) => one('added', state))];
}
