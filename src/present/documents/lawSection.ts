// The laws of a model as a section of its document: what must hold because of what was found, and what a person wrote.
import type { Entity, Model, Relation } from '../../model/index.ts';
import { code, evidenceText, prose, table } from './markdown.ts';

/** More positions say no more of why a law is there. */
const MOST_EVIDENCE = 3;

export function lawBlocks(model: Model): (string | undefined)[] {
  const rows = [
    ...model.entities.filter(({ identity }) => identity?.length).map(identityRow),
    ...model.relations.map(relationRow),
    ...model.entities.flatMap((entity) => machineRows(entity, model)),
    ...(model.laws ?? []).map(({ id, holds, title, for: of }) => [
      code(id),
      `${title === undefined ? '' : `${prose(title)} `}${code(holds)}`,
      of === undefined ? '' : code(of),
      `declaration ${code('semstate.json')}`,
    ]),
  ];
  const shown = table(['Law', 'Says', 'Of', 'Evidence'], rows);
  return shown === undefined ? [] : ['## Laws', shown];
}

function identityRow({ name, identity = [], attributes, evidence }: Entity): string[] {
  const own = attributes.filter((attribute) => identity.includes(attribute.name));
  const reasons = own.flatMap((attribute) => attribute.evidence ?? []);
  const says = `No two have the same ${identity.map(code).join(' and ')}.`;
  return ['`identity-unique`', says, code(name), reasonText(reasons.length > 0 ? reasons : evidence)];
}

function relationRow({ subject, predicate, object, cardinality, evidence }: Relation): string[] {
  const leads = { '1': 'leads to one', '0..1': 'leads to none or one', '*': 'leads to any number of' }[cardinality];
  const says = `${code(predicate)} ${leads} ${code(object)}, and each of them is there.`;
  return ['`references-resolve`', says, code(subject), reasonText(evidence)];
}

function machineRows({ name, attributes }: Entity, { transitions }: Model): string[][] {
  return attributes
    .filter(({ role }) => role === 'state')
    .flatMap((attribute) => {
      const declared = transitions.filter(
        (each) => each.object === name && each.attribute === attribute.name && each.status !== 'observed',
      );
      if (declared.length === 0) return [];
      const says = `${code(attribute.name)} changes only by its ${declared.length} declared transitions.`;
      return [
        ['`declared-transitions`', says, code(name), reasonText(declared.flatMap(({ evidence }) => evidence ?? []))],
      ];
    });
}

function reasonText(evidence: Entity['evidence'] = []): string {
  const more = evidence.length - MOST_EVIDENCE;
  return `${evidenceText(evidence.slice(0, MOST_EVIDENCE))}${more > 0 ? ` and ${more} more` : ''}`;
}
