// `semstate.model.json`: the model as a file that is kept beside the code and reviewed. The same meaning gives the same text, byte for
// byte, whatever else is true of the moment it was read in: no times, counts, lines or snapshots, everything in order.
import {
  canonicalText,
  type Attribute,
  type Context,
  type ContextParameter,
  type Entity,
  type Model,
  type Problem,
  type Relation,
  type StateValue,
  type Transition,
} from '../../model/index.ts';
import { jsonText } from './jsonText.ts';

export const MODEL_FILE = 'semstate.model.json';

/**
 * @param details keeps what tells where and how often each element was found (evidence, counts, lines, the values of context,
 *   all problems): for whoever archives one extraction. It changes from run to run.
 */
export function modelFile(model: Model, details = false): string {
  return jsonText(details ? inOrder(model) : inOrder(meaningOf(model)), { sorted: true });
}

/** What the model means, without how it was found. A document of the contract as before. */
export function meaningOf(model: Model): Model {
  return {
    document: 'model',
    version: 1,
    entities: model.entities.map(entityMeaning),
    relations: model.relations.map(relationMeaning),
    transitions: model.transitions.map(transitionMeaning),
    context: contextMeaning(model.context),
    // Problems tell of one reading. Where data and code disagree, the status of the element says so.
    problems: [],
    ...(model.laws && { laws: model.laws }),
  };
}

function entityMeaning({ name, identity, attributes, status }: Entity): Entity {
  return { name, ...(identity && { identity }), attributes: attributes.map(attributeMeaning), status };
}

function attributeMeaning({ name, type, role, optional, states, status }: Attribute): Attribute {
  return {
    ...{ name, type },
    ...(role && role !== 'plain' && { role }),
    ...(optional && { optional }),
    ...(states && { states }),
    ...(status && { status }),
  };
}

function relationMeaning({ subject, predicate, object, kind, cardinality, status }: Relation): Relation {
  return { subject, predicate, object, ...(kind && { kind }), cardinality, status };
}

function transitionMeaning(transition: Transition): Transition {
  const { type, subject, object, attribute, preState, postState, guard, status } = transition;
  return {
    ...(type !== undefined && { type }),
    ...(subject !== undefined && { subject }),
    ...{ object, attribute, preState, postState },
    ...(guard !== undefined && { guard }),
    status,
  };
}

function contextMeaning({ space, time, subject, device }: Context): Context {
  const meaning = (parameters: readonly ContextParameter[]): ContextParameter[] => {
    const named = parameters.map(({ name, from }) => ({ name, ...(from !== undefined && { from }) }));
    return [...new Map(named.map((each) => [canonicalText(each), each])).values()];
  };
  return { space: meaning(space), time: meaning(time), subject: meaning(subject), device: meaning(device) };
}

function inOrder(model: Model): Model {
  const { space, time, subject, device } = model.context;
  return {
    ...model,
    entities: sorted(model.entities, ({ name }) => [name]).map((entity) => ({
      ...entity,
      attributes: sorted(entity.attributes, ({ name }) => [name]).map((attribute) =>
        attribute.states ? { ...attribute, states: sorted(attribute.states, stateKey) } : attribute,
      ),
    })),
    relations: sorted(model.relations, (each) => [each.subject, each.predicate, each.object]),
    transitions: sorted(model.transitions, (each) => [each.object, each.attribute, each.preState, each.postState]),
    context: {
      space: sorted(space, parameterKey),
      time: sorted(time, parameterKey),
      subject: sorted(subject, parameterKey),
      device: sorted(device, parameterKey),
    },
    problems: sorted(model.problems, ({ code }: Problem) => [code]),
    ...(model.laws && { laws: sorted(model.laws, ({ id }) => [id]) }),
  };
}

const stateKey = ({ value }: StateValue): unknown[] => [value];
const parameterKey = ({ name }: ContextParameter): unknown[] => [name];

/** By the key's parts, in the order of their text; what is equal in them by all that it holds. */
function sorted<T>(all: readonly T[], key: (one: T) => readonly unknown[]): T[] {
  return all
    .map((one) => ({ one, text: [...key(one), one].map(canonicalText) }))
    .sort((a, b) => {
      const at = a.text.findIndex((part, n) => part !== b.text[n]);
      return at < 0 ? 0 : (a.text[at] ?? '') < (b.text[at] ?? '') ? -1 : 1;
    })
    .map(({ one }) => one);
}
