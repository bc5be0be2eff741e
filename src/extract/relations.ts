// Relations as the model writes them: each field of an entity that holds another entity, its id, or several of either.
import type { Cardinality, Relation, RelationKind, SourcePosition } from '../model/index.ts';
import type { WriteSite } from '../source/index.ts';
import { isOptional } from './attributes.ts';
import { ownerOf, type Candidate, type CandidateField } from './candidate.ts';
import { slot, storedFields, type Chosen, type Concluded } from './concluded.ts';
import { evidenceList, statusOf } from './evidence.ts';
import { wordsOf } from './names.ts';
import { relationKey, type SeenRelations } from './seenRelations.ts';

/** Attributes by which persons are known, and endings of fields that name who did something. */
const PERSONAL = /^(e_?mail|mail|phone|first_?name|last_?name|full_?name|user_?name|login|display_?name|name)$/i;
const AGENT = new Set(
  'by approver reviewer assignee owner author agent operator handler inspector examiner driver courier judge signer reporter'.split(
    ' ',
  ),
);

/** @param inMemory how many links the instances in memory have */
export function relationsOf(view: Concluded, inMemory: SeenRelations): Relation[] {
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
      const name = view.nameOf.get(subject.key) as string;
      const links = inMemory.get(relationKey(name, field.name));
      relations.push({
        subject: name,
        predicate: field.name,
        object: view.nameOf.get(object.key) as string,
        kind: kindOf(view, subject, field, reference, object),
        cardinality: cardinalityOf(field, reference),
        ...(links && { observed: { min: links.min, max: links.max } }),
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
  if (!reference.byId && (view.isPart(object) || (reference.many && !view.isKept(object)))) return 'structural';
  if (reference.many || !isOptional(field) || !personal(field, object)) return 'attributive';
  const acts = actsOf(view, subject);
  const writes = [...field.code, ...field.also].flatMap((code) => code.writes);
  const filled = writes.some((write) => !isEmptying(write) && acts.some((act) => sameAct(act, write)));
  return filled ? 'behavioural' : 'attributive';
}

interface Act {
  readonly source: SourcePosition;
  readonly inFunction?: string;
  /** Of a transition: its event or function. */
  readonly name?: string;
}

/** Where an operation calls for a transition, it writes what belongs to it within so many lines. */
const NEAR = 3;

function sameAct(act: Act, write: Act): boolean {
  if (act.name !== undefined && write.inFunction !== undefined && isNamedAfter(act.name, write.inFunction)) return true;
  if (act.source.file !== write.source.file) return false;
  if (act.inFunction !== undefined) return act.inFunction === write.inFunction;
  return Math.abs(act.source.line - write.source.line) <= NEAR;
}

/** `ticket:assigned` and `assign`, `LoanApproved` and `approve`. */
function isNamedAfter(event: string, operation: string): boolean {
  const verb = (wordsOf(operation)[0] ?? '').replace(/e$/, '');
  return event === operation || (verb.length > 2 && (wordsOf(event).at(-1) ?? '').startsWith(verb));
}

/** Where a state of the subject is changed. */
function actsOf(view: Concluded, subject: Candidate): Act[] {
  const acts: Act[] = [];
  for (const field of subject.fields.values()) {
    if (!view.changing.has(slot(subject, field))) continue;
    for (const code of [...field.code, ...field.also])
      acts.push(...code.writes.filter(({ phase }) => phase === 'change'));
  }
  const written = new Set(acts.map(({ source }) => `${source.file}:${source.line}`));
  for (const { from, type, source, name } of view.transitions) {
    if (from === 'new' || ownerOf(view.candidates, type) !== subject) continue;
    // The write itself is known by its function; its callers are known by the event only.
    const inner = written.has(`${source.file}:${source.line}`);
    acts.push({ source, ...(name !== undefined && { name }), ...(inner && { inFunction: '' }) });
  }
  return acts;
}

function isEmptying({ values }: WriteSite): boolean {
  return (
    values?.every((value) => value === null || (typeof value === 'object' && value.$type === 'undefined')) === true
  );
}

function personal(field: CandidateField, object: Candidate): boolean {
  const last =
    wordsOf(field.name)
      .filter((word) => word !== 'id')
      .at(-1) ?? '';
  if (AGENT.has(last)) return true;
  return [...object.fields.keys()].filter((name) => PERSONAL.test(name)).length > 0;
}
