// The entities of a model as SHACL shapes in Turtle: a class with its shape for each entity, a property for each attribute and relation.
// States are told as the values they may have; which follows which is nothing that SHACL's core can say.
import {
  canonicalText,
  type Attribute,
  type Entity,
  type Model,
  type Relation,
  type Value,
} from '../../model/index.ts';
import { cleanText, exactText } from './text.ts';

/** Names stand encoded after it, an attribute after the name of its entity and a slash. */
export const MODEL_NAMESPACE = 'urn:semstate:model#';

const PREFIXES = [
  '@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .',
  '@prefix sh: <http://www.w3.org/ns/shacl#> .',
  '@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .',
];

export function shaclOf(model: Model): string {
  return `${[PREFIXES.join('\n'), ...model.entities.map((entity) => shape(entity, model))].join('\n\n')}\n`;
}

function shape(entity: Entity, model: Model): string {
  const relations = model.relations.filter(({ subject }) => subject === entity.name);
  const linked = new Set(relations.map(({ predicate }) => predicate));
  const properties = [
    ...entity.attributes.filter(({ name }) => !linked.has(name)).map((each) => attributeProperty(entity, each)),
    ...relations.map((relation) => relationProperty(relation, model)),
  ];
  const facts = [
    'a rdfs:Class, sh:NodeShape',
    `rdfs:label ${text(entity.name)}`,
    ...(entity.identity?.length ? [`rdfs:comment ${text(`identity: ${entity.identity.join(', ')}`)}`] : []),
    ...properties.map((property) => `sh:property [\n${property.map((line) => `    ${line} ;`).join('\n')}\n  ]`),
  ];
  return `${iri(entity.name)}\n  ${facts.join(' ;\n  ')} .`;
}

function attributeProperty(entity: Entity, attribute: Attribute): string[] {
  const { name, type, optional, role, states = [] } = attribute;
  const mayBeMissing = optional === true || states.some(({ value }) => value === null);
  const isMany = type === 'list' || type === 'set' || type === 'map';
  const known = states.filter(({ value }) => value !== null).map(({ value }) => literal(value));
  return [
    `sh:path ${iri(entity.name, name)}`,
    `sh:name ${text(name)}`,
    ...(role === 'state' ? [`sh:description "state"`] : []),
    ...(role === 'state' && known.length > 0 ? [`sh:in ( ${known.join(' ')} )`] : datatype(attribute)),
    ...(mayBeMissing || isMany ? [] : ['sh:minCount 1']),
    ...(isMany ? [] : ['sh:maxCount 1']),
  ];
}

function datatype({ type }: Attribute): string[] {
  switch (type) {
    case 'string':
    case 'boolean':
      return [`sh:datatype xsd:${type}`];
    case 'number':
      return ['sh:or ( [ sh:datatype xsd:integer ] [ sh:datatype xsd:decimal ] [ sh:datatype xsd:double ] )'];
    case 'bigint':
      return ['sh:datatype xsd:integer'];
    case 'date':
      return ['sh:datatype xsd:dateTime'];
    case 'bytes':
      return ['sh:datatype xsd:base64Binary'];
    default:
      return [];
  }
}

function relationProperty({ subject, predicate, object, cardinality }: Relation, { entities }: Model): string[] {
  return [
    `sh:path ${iri(subject, predicate)}`,
    `sh:name ${text(predicate)}`,
    ...(entities.some(({ name }) => name === object) ? [`sh:class ${iri(object)}`] : []),
    ...(cardinality === '1' ? ['sh:minCount 1'] : []),
    ...(cardinality === '*' ? [] : ['sh:maxCount 1']),
  ];
}

function iri(...names: readonly string[]): string {
  return `<${MODEL_NAMESPACE}${names.map((name) => encodeURIComponent(cleanText(name)) || '_').join('/')}>`;
}

/** A value as the literal that an instance would have. */
function literal(value: Value): string {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean') return `"${value}"^^xsd:boolean`;
  if (typeof value === 'number')
    return `"${canonicalText(value)}"^^xsd:${Number.isInteger(value) ? 'integer' : 'double'}`;
  const type = value?.$type === 'bigint' ? 'integer' : value?.$type === 'date' ? 'dateTime' : 'string';
  return `${text(exactText(value) ?? '')}^^xsd:${type}`;
}

function text(value: string): string {
  const escaped = cleanText(value).replace(/["\\\p{Cc}\u2028\u2029]/gu, (char) =>
    char === '"' || char === '\\'
      ? `\\${char}`
      : `\\u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}
