// A model from a file that anyone may have written: whole in its form, or the first place where it is not.
import type { Model } from '../../model/index.ts';

export type ReadModel = { readonly model: Model } | { readonly fault: string };

/** Reads `semstate.model.json` or what `semstate extract --json` printed. */
export function readModel(text: string): ReadModel {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      fault: `it is no JSON (${error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error)})`,
    };
  }
  const fault = modelFault(value);
  return fault === undefined ? { model: value as Model } : { fault };
}

type Fields = { readonly [name: string]: unknown };

function modelFault(value: unknown): string | undefined {
  if (!isObject(value)) return 'it is no object';
  if (value['document'] !== 'model') return `"document" is ${JSON.stringify(value['document'])}, not "model"`;
  if (value['version'] !== 1) return `"version" is ${JSON.stringify(value['version'])}, and only 1 is known here`;
  return (
    eachOf(value, 'entities', '', entityFault) ??
    eachOf(
      value,
      'relations',
      '',
      (relation, at) =>
        textsFault(relation, ['subject', 'predicate', 'object', 'status'], at) ??
        oneOf(relation, 'cardinality', ['1', '0..1', '*'], at),
    ) ??
    eachOf(value, 'transitions', '', transitionFault) ??
    eachOf(value, 'problems', '', (problem, at) => textsFault(problem, ['code', 'message'], at)) ??
    contextFault(value['context']) ??
    (value['laws'] === undefined
      ? undefined
      : eachOf(value, 'laws', '', (law, at) => textsFault(law, ['id', 'holds'], at)))
  );
}

function entityFault(entity: Fields, at: string): string | undefined {
  const { identity } = entity;
  if (identity !== undefined && !(Array.isArray(identity) && identity.every((each) => typeof each === 'string')))
    return `${at}.identity is no list of texts`;
  return (
    textsFault(entity, ['name', 'status'], at) ??
    eachOf(entity, 'attributes', at, (attribute, place) => {
      if (attribute['states'] === undefined) return textsFault(attribute, ['name', 'type'], place);
      return (
        textsFault(attribute, ['name', 'type'], place) ??
        eachOf(attribute, 'states', place, (state, where) => ('value' in state ? undefined : `${where} has no "value"`))
      );
    })
  );
}

function transitionFault(transition: Fields, at: string): string | undefined {
  const missing = ['preState', 'postState'].find((end) => !(end in transition));
  return missing === undefined
    ? textsFault(transition, ['object', 'attribute', 'status'], at)
    : `${at} has no "${missing}"`;
}

function contextFault(context: unknown): string | undefined {
  if (!isObject(context)) return '"context" is no object';
  for (const dimension of ['space', 'time', 'subject', 'device']) {
    const fault = eachOf(context, dimension, 'context', (parameter, at) => textsFault(parameter, ['name'], at));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function eachOf(
  owner: Fields,
  name: string,
  at: string,
  faultOf: (one: Fields, at: string) => string | undefined,
): string | undefined {
  const list = owner[name];
  const place = at === '' ? name : `${at}.${name}`;
  if (!Array.isArray(list)) return `${place} is no list`;
  for (const [index, one] of list.entries()) {
    const where = `${place}[${index}]`;
    const fault = isObject(one) ? faultOf(one, where) : `${where} is no object`;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function textsFault(owner: Fields, names: readonly string[], at: string): string | undefined {
  const wrong = names.find((name) => typeof owner[name] !== 'string');
  return wrong === undefined ? undefined : `${at} has no "${wrong}"`;
}

function oneOf(owner: Fields, name: string, known: readonly string[], at: string): string | undefined {
  return known.some((each) => each === owner[name]) ? undefined : `${at}.${name} is none of ${known.join(', ')}`;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
