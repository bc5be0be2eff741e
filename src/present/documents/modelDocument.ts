// The model as a document for reading: every element with the line of source or the snapshot it was found in.
import { showValue, type Attribute, type Entity, type Model, type Relation } from '../../model/index.ts';
import type { ContextParameter, Transition } from '../../model/index.ts';
import { entityDiagram, stateDiagram } from '../exporters/mermaid.ts';
import { lawBlocks } from './lawSection.ts';
import { code, counted, evidenceText, fenced, position, prose, table } from './markdown.ts';

type Block = string | undefined;

export function modelDocument(model: Model): string {
  const blocks: Block[] = ['# Business model', summary(model)];
  const diagram = entityDiagram(model);
  if (diagram !== undefined) blocks.push(fenced('mermaid', diagram));
  for (const entity of model.entities) blocks.push(...entityBlocks(entity, model));
  blocks.push(...strayRelations(model), ...lawBlocks(model), ...contextBlocks(model), ...problemBlocks(model));
  return `${blocks.filter((block) => block !== undefined).join('\n\n')}\n`;
}

function summary(model: Model): string {
  const { entities, relations, transitions, problems } = model;
  if (entities.length === 0) return nothingFound(model);
  const by = (status: string): number => entities.filter((entity) => entity.status === status).length;
  const kinds = [
    [by('confirmed'), 'confirmed by code and memory'],
    [by('declared'), 'declared in code only'],
    [by('observed'), 'seen in memory only'],
  ] as const;
  const found = kinds.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const parts = [
    counted(entities.length, 'entity', 'entities'),
    counted(relations.length, 'relation'),
    counted(transitions.length, 'transition'),
  ];
  const trouble = problems.length === 0 ? '' : ` ${counted(problems.length, 'problem')} below.`;
  return `${sentence(parts)}. Of the entities, ${sentence(found)}.${trouble}`;
}

/** That there is none is an answer; what was looked at says how far it reaches. */
function nothingFound({ context, problems }: Model): string {
  const looked = [...context.space, ...context.device].filter(({ value }) => value !== undefined);
  const where = looked.map(({ name, value }) => `${prose(name)} ${code(showValue(value))}`);
  const at = where.length === 0 ? 'the given source and snapshots' : where.join(', ');
  const trouble =
    problems.length === 0
      ? 'Everything in it could be read.'
      : `${counted(problems.length, 'thing')} in it could not be read, see below.`;
  return `**No business entities found.** Looked at: ${at}. ${trouble} A service without business objects (a proxy, a rate limiter) has an empty model.`;
}

function sentence(parts: readonly string[]): string {
  const [last = '', ...before] = [...parts].reverse();
  return before.length === 0 ? last : `${before.reverse().join(', ')} and ${last}`;
}

function entityBlocks(entity: Entity, model: Model): Block[] {
  const facts = [
    entity.status,
    ...(entity.instances === undefined ? [] : [counted(entity.instances, 'instance')]),
    ...(entity.identity?.length ? [`identity ${entity.identity.map(code).join(' + ')}`] : []),
    ...(entity.source ? [position(entity.source)] : []),
  ];
  const own = model.relations.filter(({ subject }) => subject === entity.name);
  return [
    `## ${code(entity.name)}`,
    `${facts.join(' · ')}`,
    ...(entity.evidence?.length ? [`Found by ${evidenceText(entity.evidence)}.`] : []),
    table(['Attribute', 'Type', 'Role', 'Status', 'Evidence'], entity.attributes.map(attributeRow)),
    ...entity.attributes.filter(({ role }) => role === 'state').flatMap((one) => machineBlocks(entity, one, model)),
    ...(own.length === 0 ? [] : [`### Relations of ${code(entity.name)}`, relationTable(own)]),
  ];
}

function attributeRow({ name, type, role, optional, status, evidence }: Attribute): string[] {
  const known = `${type}${optional ? ', optional' : ''}`;
  return [code(name), known, role === 'plain' ? '' : (role ?? ''), status ?? '', evidenceText(evidence)];
}

function machineBlocks(entity: Entity, attribute: Attribute, model: Model): Block[] {
  const transitions = model.transitions.filter(
    (each) => each.object === entity.name && each.attribute === attribute.name,
  );
  const diagram = stateDiagram(model, entity.name, attribute.name);
  const states = (attribute.states ?? []).map(({ value, label, status }) => {
    const notes = [...(label === undefined ? [] : [code(label)]), ...(status === undefined ? [] : [status])];
    return `${code(showValue(value))}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
  });
  return [
    `### States of ${code(`${entity.name}.${attribute.name}`)}`,
    ...(states.length === 0 ? [] : [`Known: ${states.join(', ')}.`]),
    ...(diagram === undefined ? [] : [fenced('mermaid', diagram)]),
    table(['From', 'To', 'Event', 'Guard', 'Seen', 'Status', 'Evidence'], transitions.map(transitionRow)),
  ];
}

function transitionRow({ preState, postState, type, guard, count, status, evidence }: Transition): string[] {
  return [
    endText(preState),
    endText(postState),
    type === undefined ? '' : code(type),
    guard === undefined ? '' : code(guard),
    count === undefined ? '' : String(count),
    status,
    evidenceText(evidence),
  ];
}

function endText(end: Transition['preState'] | Transition['postState']): string {
  if (typeof end === 'object' && end !== null) {
    if ('$new' in end) return '(created)';
    if ('$gone' in end) return '(removed)';
    if ('$any' in end) return '(any)';
  }
  return code(showValue(end));
}

function relationTable(relations: readonly Relation[]): Block {
  return table(
    ['Subject', 'Predicate', 'Object', 'Cardinality', 'Seen', 'Kind', 'Status', 'Evidence'],
    relations.map(({ subject, predicate, object, cardinality, observed, kind, status, evidence }) => [
      ...[code(subject), code(predicate), code(object), cardinality.replace('*', '\\*')],
      observed ? `${observed.min ?? '?'} to ${observed.max ?? '?'}` : '',
      ...[kind ?? '', status, evidenceText(evidence)],
    ]),
  );
}

/** Relations of types the model does not list: shown rather than left out. */
function strayRelations({ entities, relations }: Model): Block[] {
  const names = new Set(entities.map(({ name }) => name));
  const stray = relations.filter(({ subject }) => !names.has(subject));
  return stray.length === 0 ? [] : ['## Other relations', relationTable(stray)];
}

function contextBlocks({ context }: Model): Block[] {
  const rows = (['space', 'time', 'subject', 'device'] as const).flatMap((dimension) =>
    context[dimension].map((parameter: ContextParameter) => [
      dimension,
      code(parameter.name),
      parameter.value === undefined ? '' : code(showValue(parameter.value)),
      parameter.from === undefined ? '' : prose(parameter.from),
    ]),
  );
  const shown = table(['Dimension', 'Name', 'Value', 'From'], rows);
  return shown === undefined ? [] : ['## Context', shown];
}

function problemBlocks({ problems }: Model): Block[] {
  if (problems.length === 0) return [];
  const lines = problems.map(
    ({ code: id, message, source }) => `- ${code(id)}: ${prose(message)}${source ? ` (${position(source)})` : ''}`,
  );
  return ['## Problems', lines.join('\n')];
}
