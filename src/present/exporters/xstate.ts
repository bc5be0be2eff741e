// The state machines of a model as one machine for XState 5: a parallel machine with a region for each state attribute.
// It runs as it is: guards of the program, which no other runtime can evaluate, are told and not asked, but where one event leads
// from one state to several; there they are named guards, to be provided.
import { canonicalText, type Model, type Transition, type Value } from '../../model/index.ts';
import { cleanText } from './text.ts';
import { FreeNames, isMark, machinesOf, stateName, valueAt, type End, type StateMachine } from './modelTerms.ts';

interface XTransition {
  readonly target: string;
  readonly guard?: { readonly type: string };
  readonly description?: string;
  readonly meta: { readonly [name: string]: unknown };
}
interface XState {
  readonly type?: 'final' | 'parallel';
  readonly id?: string;
  readonly initial?: string;
  readonly description?: string;
  readonly meta?: { readonly [name: string]: unknown };
  readonly on?: { readonly [event: string]: readonly XTransition[] };
  readonly states?: { readonly [name: string]: XState };
}

const NEW_STATE = '(new)';
const GONE_STATE = '(gone)';

export function xstateOf(model: Model): XState {
  const regions = new FreeNames();
  const states = machinesOf(model).map((machine): [string, XState] => {
    const name = `${machine.entity.name}.${machine.attribute.name}`;
    return [regions.of(name, keyText(name)), region(machine)];
  });
  return { id: 'model', type: 'parallel', states: Object.fromEntries(states) };
}

function region(machine: StateMachine): XState {
  const { entity, attribute, transitions, states } = machine;
  const names = new FreeNames([NEW_STATE, GONE_STATE]);
  const nameOf = (value: Value): string => {
    const known = states.find((state) => canonicalText(state.value) === canonicalText(value)) ?? { value };
    return names.of(canonicalText(value), keyText(stateName(known)));
  };
  const targetOf = (end: End): string => (isMark(end, '$gone') ? GONE_STATE : nameOf(end as Value));
  const leaving = (from: (end: Transition['preState']) => boolean, prefix = ''): Pick<XState, 'on'> =>
    eventsOf(
      transitions.filter(({ preState }) => from(preState)),
      (end) => `${prefix}${targetOf(end)}`,
    );

  const born = [
    ...new Set(transitions.filter(({ preState }) => isMark(preState, '$new')).map((each) => targetOf(each.postState))),
  ];
  const [only] = born;
  const first = only !== undefined && born.length === 1 ? only : undefined;
  const own: [string, XState][] = states.map((state) => [
    nameOf(state.value),
    {
      meta: { value: state.value, ...(state.label !== undefined && { label: state.label }) },
      ...leaving((end) => {
        const value = valueAt(end);
        return value !== undefined && canonicalText(value) === canonicalText(state.value);
      }),
    },
  ]);
  const isCreated = first === undefined && born.length > 0;
  return {
    initial: first ?? (isCreated ? NEW_STATE : startOf(machine, nameOf)),
    meta: { entity: entity.name, attribute: attribute.name },
    ...leaving((end) => isMark(end, '$any'), '.'),
    states: Object.fromEntries([
      ...(isCreated ? [[NEW_STATE, leaving((end) => isMark(end, '$new'))] satisfies [string, XState]] : []),
      ...own,
      ...(transitions.some(({ postState }) => isMark(postState, '$gone'))
        ? [[GONE_STATE, { type: 'final' }] satisfies [string, XState]]
        : []),
    ]),
  };
}

/** Where the program shows no creation: the state that nothing leads to, else the first. */
function startOf({ states, transitions }: StateMachine, nameOf: (value: Value) => string): string {
  const reached = new Set(transitions.map(({ postState }) => canonicalText(postState)));
  const start = states.find(({ value }) => !reached.has(canonicalText(value))) ?? states[0];
  return nameOf(start?.value ?? null);
}

function eventsOf(
  transitions: readonly Transition[],
  targetOf: (end: Transition['postState']) => string,
): Pick<XState, 'on'> {
  const events = new Map<string, XTransition[]>();
  for (const { type, guard, status, postState } of transitions) {
    const target = targetOf(postState);
    const event = eventText(type ?? `to ${target.replace(/^\./, '')}`);
    const known = events.get(event) ?? [];
    if (known.some((each) => each.target === target && each.meta['guard'] === guard)) continue;
    events.set(event, [
      ...known,
      {
        target,
        ...(guard !== undefined && { description: `if ${guard}` }),
        meta: { status, ...(guard !== undefined && { guard }) },
      },
    ]);
  }
  if (events.size === 0) return {};
  return { on: Object.fromEntries([...events].map(([event, all]) => [event, distinguished(all)])) };
}

function distinguished(all: readonly XTransition[]): readonly XTransition[] {
  if (new Set(all.map(({ target }) => target)).size < 2) return all.slice(0, 1);
  return all.map((each) => ({ ...each, guard: { type: String(each.meta['guard'] ?? `goes to ${each.target}`) } }));
}

/** XState reads dots in a target as a path, `#` and a leading dot as where the path begins. */
function keyText(name: string): string {
  return harmless(name.replaceAll('.', '·').replaceAll('#', '＃').replaceAll('\\', '＼'));
}

/** A `*` would stand for any event, and XState keeps names that begin with its own for itself. */
function eventText(name: string): string {
  const text = harmless(cleanText(name).replaceAll('*', '＊').trim() || '(empty)');
  return text.startsWith('xstate.') ? `_${text}` : text;
}

/** Readers that build objects by assignment would lose this one name. */
function harmless(key: string): string {
  return key === '__proto__' ? '_proto_' : key;
}
