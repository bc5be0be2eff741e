// Instances as RDF, and a SHACL validator's judgement of them.
import { Parser, Store } from 'n3';
import SHACLValidator from 'rdf-validate-shacl';
import type { EntityInstance, EntityRef, Value } from '../../src/model/index.ts';

const MODEL = 'urn:semstate:model#';
const XSD = 'http://www.w3.org/2001/XMLSchema#';

/** What does not hold, as `component path`, in order. */
export async function conforms(shapes: string, data: string): Promise<string[]> {
  const validator = new SHACLValidator(new Store(new Parser().parse(shapes)));
  const { results } = await validator.validate(new Store(new Parser().parse(data)));
  return results
    .map(({ sourceConstraintComponent, path }) => {
      const component = sourceConstraintComponent?.value.replace(/^.*#/, '') ?? '';
      const [first] = Array.isArray(path) ? path : [path];
      return `${component} ${String((first as { value?: string } | null)?.value ?? first).replace(MODEL, '')}`;
    })
    .sort();
}

const iri = (...names: readonly (string | number)[]): string =>
  `<${MODEL}${names.map((name) => encodeURIComponent(String(name))).join('/')}>`;
const nodeOf = ({ entity, id }: EntityRef): string =>
  `<urn:semstate:instance:${encodeURIComponent(`${entity}:${id}`)}>`;

function literalOf(value: Value): string {
  if (typeof value === 'number') return `"${value}"^^<${XSD}${Number.isInteger(value) ? 'integer' : 'double'}>`;
  if (typeof value === 'boolean') return `"${value}"^^<${XSD}boolean>`;
  return JSON.stringify(typeof value === 'string' ? value : 'xxxx');
}

export function dataOf(state: readonly EntityInstance[]): string {
  const lines = state.flatMap((instance) => {
    const subject = nodeOf(instance);
    return [
      `${subject} a ${iri(instance.entity)} .`,
      ...Object.entries(instance.attributes).map(
        ([name, value]) => `${subject} ${iri(instance.entity, name)} ${literalOf(value)} .`,
      ),
      ...Object.entries(instance.links).flatMap(([name, refs]) =>
        refs.map((ref) => `${subject} ${iri(instance.entity, name)} ${nodeOf(ref)} .`),
      ),
    ];
  });
  return lines.join('\n');
}
