// The entities of a model as a JSON Schema (2020-12): what `JSON.stringify` of an instance gives, one definition for each entity.
import type { Attribute, Entity, Model, Relation, StateValue } from '../../model/index.ts';
import { cleanText } from './text.ts';

type Schema = { readonly [key: string]: unknown };

const ANYTHING: Schema = {};

export function jsonSchemaOf(model: Model): Schema {
  const names = [...new Set(model.entities.map(({ name }) => cleanText(name)))];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:semstate:entities',
    title: 'Business entities',
    ...(names.length > 0 && { anyOf: names.map(reference) }),
    $defs: Object.fromEntries(model.entities.map((entity) => [cleanText(entity.name), entitySchema(entity, model)])),
  };
}

function entitySchema(entity: Entity, model: Model): Schema {
  const relations = model.relations.filter(({ subject }) => subject === entity.name);
  const linked = new Set(relations.map(({ predicate }) => predicate));
  const own = entity.attributes.filter(({ name }) => !linked.has(name));
  const optional = new Set(entity.attributes.filter((each) => each.optional).map(({ name }) => name));
  return {
    title: cleanText(entity.name),
    type: 'object',
    ...(entity.source && { description: `Declared in ${cleanText(entity.source.file)}.` }),
    ...(entity.identity?.length && { 'x-identity': entity.identity.map(cleanText) }),
    properties: Object.fromEntries([
      ...own.map((attribute) => [cleanText(attribute.name), attributeSchema(attribute)]),
      ...relations.map((relation) => [cleanText(relation.predicate), relationSchema(relation, model)]),
    ]),
    required: [...new Set(own.filter(({ name }) => !optional.has(name)).map(({ name }) => cleanText(name)))],
  };
}

function attributeSchema(attribute: Attribute): Schema {
  const schema = attribute.role === 'state' ? stateSchema(attribute) : typeSchema(attribute);
  const described = attribute.role === 'state' ? { ...schema, 'x-role': 'state' } : schema;
  return attribute.optional && Object.keys(schema).length > 0 ? { anyOf: [described, { type: 'null' }] } : described;
}

/** Only of states that JSON can write: a state that is an object is any object. */
function stateSchema(attribute: Attribute): Schema {
  const states = attribute.states ?? [];
  if (states.length === 0 || states.some(({ value }) => typeof value === 'object' && value !== null))
    return typeSchema(attribute);
  if (states.every(({ label }) => label === undefined)) return { enum: states.map(({ value }) => value) };
  return { oneOf: states.map(constant) };
}

function constant({ value, label }: StateValue): Schema {
  return { const: value, ...(label !== undefined && { title: cleanText(label) }) };
}

function typeSchema({ type }: Attribute): Schema {
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'object':
      return { type };
    case 'date':
      return { type: 'string', format: 'date-time' };
    case 'bigint':
      return { type: ['integer', 'string'], pattern: '^-?[0-9]+$' };
    case 'list':
    case 'set':
      return { type: 'array' };
    case 'map':
      return { type: ['object', 'array'] };
    case 'bytes':
      return { type: 'string', contentEncoding: 'base64' };
    case 'enum':
    case 'reference':
    case 'unknown':
      return ANYTHING;
  }
}

/** The other instance, or what identifies it. */
function relationSchema({ object, cardinality }: Relation, { entities }: Model): Schema {
  const isKnown = entities.some(({ name }) => name === object);
  const ways = isKnown ? [{ type: ['string', 'number'] }, reference(cleanText(object))] : [ANYTHING];
  if (cardinality === '*') return { type: 'array', items: { anyOf: ways } };
  return { anyOf: cardinality === '1' ? ways : [...ways, { type: 'null' }] };
}

function reference(name: string): Schema & { readonly $ref: string } {
  const pointer = name.replaceAll('~', '~0').replaceAll('/', '~1');
  return { $ref: `#/$defs/${encodeURIComponent(pointer)}` };
}
