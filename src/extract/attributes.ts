// Entities and their attributes as the model writes them: name, type, role, whether optional, states with what memory showed of them.
import {
  canonicalText,
  isSecret,
  type Attribute,
  type AttributeType,
  type Entity,
  type StateValue,
  type Value,
} from '../model/index.ts';
import type { NodeKind } from '../parse/index.ts';
import type { Candidate, CandidateField, HeapField } from './candidate.ts';
import { slot, storedFields, type Concluded } from './concluded.ts';
import { evidenceList, fromMemory, fromSource, statusOf } from './evidence.ts';
import { declaredDomain, seenDomain, seenValues, tagField } from './finiteDomains.ts';
import { heldStatesSeen, statesHeld } from './heldStates.ts';

export function entityOf(view: Concluded, candidate: Candidate): Entity {
  const lead = candidate.types[0];
  const instances = candidate.groups.reduce((sum, group) => sum + group.nodes.length, 0);
  const identity = view.identityOf.get(candidate.key);
  return {
    name: view.nameOf.get(candidate.key) as string,
    ...(identity && { identity: identity.fields }),
    attributes: storedFields(view, candidate)
      .map((field) => attributeOf(view, candidate, field))
      .sort(byName),
    ...(view.candidates.survey && { instances }),
    ...(lead && { source: lead.source }),
    status: statusOf(lead !== undefined, instances > 0),
    evidence: evidenceList([
      ...(lead ? [fromSource('declaration', lead.source)] : []),
      ...(instances > 0 ? [fromMemory('instance', view.snapshotId, instances)] : []),
      ...(candidate.namedAfter ? [{ by: 'value', note: `named after ${NAMED[candidate.namedAfter]}` } as const] : []),
      ...(view.reasons.get(candidate.key) ?? []),
    ]),
  };
}

const NAMED = { keys: 'fields that hold its keys', nothing: 'nothing that says what it is' } as const;

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function attributeOf(view: Concluded, candidate: Candidate, field: CandidateField): Attribute {
  const at = slot(candidate, field);
  const changing = view.changing.get(at);
  const identity = view.identityOf.get(candidate.key);
  const isIdentity = identity?.fields.includes(field.name) === true;
  const states =
    changing && !isIdentity && !isSecret(view.nameOf.get(candidate.key) as string, field.name, view.workspaceFile)
      ? statesOf(view, candidate, field)
      : undefined;
  const code = field.code[0];
  const present = field.heap.reduce((sum, { profile }) => sum + profile.present, 0);
  return {
    name: field.name,
    type: typeOf(view, candidate, field),
    role: isIdentity ? 'identity' : states ? 'state' : 'plain',
    ...(isOptional(field) && { optional: true }),
    ...(states && { states }),
    status: statusOf(code !== undefined, present > 0),
    evidence: evidenceList([
      ...(code ? [fromSource('declaration', code.source, code.type.text)] : []),
      ...(present > 0 ? [fromMemory('value', view.snapshotId, present)] : []),
      ...(isIdentity ? (identity?.evidence ?? []) : []),
      ...(changing ?? []),
    ]),
  };
}

/** Declared values in their order, then those that only memory or a recording showed. */
function statesOf(view: Concluded, candidate: Candidate, field: CandidateField): StateValue[] {
  const held = statesHeld(field, view.candidates);
  const values = [...(held ? heldStatesSeen(field, held) : seenValues(field)), ...recorded(view, candidate, field)];
  const seen = new Map(values.map((value) => [canonicalText(value), value]));
  // The domain of a boolean needs no declaration.
  if (seen.size > 0 && declaredDomain(field, view.candidates) === undefined && [...seen.values()].every(isTruth))
    return [false, true].map((value) => ({ value, ...(seen.has(String(value)) && { status: 'observed' as const }) }));
  const states: StateValue[] = (declaredDomain(field, view.candidates) ?? []).map(({ value, label }) => ({
    value,
    ...(label !== undefined && { label }),
    status: statusOf(true, seen.has(canonicalText(value))),
  }));
  const known = new Set(states.map(({ value }) => canonicalText(value)));
  const others = [...seen].filter(([key]) => !known.has(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  return [...states, ...others.map(([, value]): StateValue => ({ value, status: 'observed' }))];
}

/** What the attribute was before and after each change that was seen. */
function recorded(view: Concluded, candidate: Candidate, field: CandidateField): Value[] {
  const name = view.nameOf.get(candidate.key);
  return view.events
    .filter(({ entity, attribute }) => entity === name && attribute === field.name)
    .flatMap(({ preState, postState }) => [preState, postState])
    .filter((state): state is string | number | boolean => typeof state !== 'object');
}

function isTruth(value: Value): boolean {
  return typeof value === 'boolean';
}

export function isOptional(field: CandidateField): boolean {
  if (field.partial) return true;
  const code = field.code.filter(({ derived }) => !derived);
  if (
    code.some(
      ({ optional, type, writes }) => optional || type.nullable || writes.some(({ values }) => values?.some(isEmpty)),
    )
  )
    return true;
  // Where the code says nothing of the type, memory does.
  return code.every(({ type }) => type.kind === 'unknown') && field.heap.some(isSometimesAbsent);
}

function isEmpty(value: Value): boolean {
  return value === null || (typeof value === 'object' && value.$type === 'undefined');
}

function isSometimesAbsent({ group, profile }: HeapField): boolean {
  return profile.present < group.sampled || profile.kinds.has('null') || profile.kinds.has('undefined');
}

const BY_KIND: Partial<Record<NodeKind, AttributeType>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  bigint: 'bigint',
  date: 'date',
  array: 'list',
  set: 'set',
  map: 'map',
  object: 'object',
  bytes: 'bytes',
  boxed: 'object',
};

function typeOf(view: Concluded, candidate: Candidate, field: CandidateField): AttributeType {
  const reference = view.referenceOf.get(slot(candidate, field));
  const code = field.code.find((declared) => declared.type.kind !== 'unknown') ?? field.code[0];
  const declared = code?.type.kind;
  if (reference) {
    if (declared === 'list' || declared === 'set' || declared === 'map') return declared;
    if (!reference.many) return 'reference';
    return seenType(field) ?? 'list';
  }
  if (declaredDomain(field, view.candidates) && declared !== 'boolean') return 'enum';
  if (code && tagField(code.type.target, view.candidates)) return 'enum';
  if (view.changing.has(slot(candidate, field)) && seenValues(field).some((value) => typeof value === 'string'))
    return 'enum';
  if (declared === 'reference') return 'object';
  if (declared !== undefined && declared !== 'unknown') return declared;
  const seen = seenType(field);
  return seen === 'string' && seenDomain(field) ? 'enum' : (seen ?? 'unknown');
}

/** The kind of most values; null and undefined say nothing of it. */
function seenType(field: CandidateField): AttributeType | undefined {
  const counts = new Map<AttributeType, number>();
  for (const { profile } of field.heap) {
    for (const [kind, count] of profile.kinds) {
      const type = BY_KIND[kind];
      if (type) counts.set(type, (counts.get(type) ?? 0) + count);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0];
}
