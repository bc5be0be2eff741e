// Relations as the model writes them: each field of an entity that holds another entity, its id, or several of either.
import type { Cardinality, Relation, RelationKind } from '../model/index.ts';
import { isOptional } from './attributes.ts';
import type { Candidate, CandidateField } from './candidate.ts';
import { slot, storedFields, type Chosen, type Concluded } from './concluded.ts';
import { evidenceList, statusOf } from './evidence.ts';
import { wordsOf } from './names.ts';

/** Attributes by which persons are known, and endings of fields that name who did something. */
const PERSONAL = /^(e_?mail|mail|phone|first_?name|last_?name|full_?name|user_?name|login|display_?name|name)$/i;
const AGENT = new Set(
  'by approver reviewer assignee owner author agent operator handler inspector examiner driver courier judge signer reporter'.split(
    ' ',
  ),
);

export function relationsOf(view: Concluded): Relation[] {
  const byKey = new Map(view.entities.map((entity) => [entity.key, entity]));
  const relations: Relation[] = [];
  for (const subject of view.entities) {
    for (const field of storedFields(view, subject)) {
      const reference = view.referenceOf.get(slot(subject, field));
      const object = reference === undefined ? undefined : byKey.get(reference.target);
      if (!reference || !object) continue;
      if (
        !reference.byId &&
        view.identityOf.get(subject.key)?.fields.includes(field.name) === true &&
        subject === object
      )
        continue;
      const seen = field.heap.some(({ profile }) => profile.present > 0);
      relations.push({
        subject: view.nameOf.get(subject.key) as string,
        predicate: field.name,
        object: view.nameOf.get(object.key) as string,
        kind: kindOf(view, subject, field, reference, object),
        cardinality: cardinalityOf(field, reference),
        status: statusOf(field.code.length > 0, seen),
        evidence: evidenceList(reference.reasons),
      });
    }
  }
  return relations.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function order({ subject, predicate, object }: Relation): string {
  return `${subject}\u0000${predicate}\u0000${object}`;
}

function cardinalityOf(field: CandidateField, reference: Chosen): Cardinality {
  if (reference.many) return '*';
  return isOptional(field) ? '0..1' : '1';
}

/** structural: the object is a part; behavioural: an operation fills in who took part in a transition; else attributive. */
function kindOf(
  view: Concluded,
  subject: Candidate,
  field: CandidateField,
  reference: Chosen,
  object: Candidate,
): RelationKind {
  if (view.isPart(object) && !reference.byId) return 'structural';
  if (reference.many || !isOptional(field) || !personal(field, object)) return 'attributive';
  const acts = new Set<string>();
  for (const at of subject.fields.values()) {
    if (!view.changing.has(slot(subject, at))) continue;
    for (const code of [...at.code, ...at.also])
      for (const write of code.writes) if (write.phase === 'change') acts.add(place(write));
  }
  for (const transition of view.transitions) {
    if (transition.from !== 'new' && view.candidates.byType.get(transition.type) === subject)
      acts.add(place({ source: transition.source }));
  }
  const filled = [...field.code, ...field.also].some((code) =>
    code.writes.some((write) => write.phase === 'change' && acts.has(place(write))),
  );
  return filled ? 'behavioural' : 'attributive';
}

function place({
  source,
  inFunction,
}: {
  readonly source: { readonly file: string; readonly line: number };
  readonly inFunction?: string;
}): string {
  return inFunction === undefined ? `${source.file}:${source.line}` : `${source.file}#${inFunction}`;
}

function personal(field: CandidateField, object: Candidate): boolean {
  const last =
    wordsOf(field.name)
      .filter((word) => word !== 'id')
      .at(-1) ?? '';
  if (AGENT.has(last)) return true;
  return [...object.fields.keys()].filter((name) => PERSONAL.test(name)).length > 0;
}
