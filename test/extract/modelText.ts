// A model as short text that a reviewer can read: what a test compares, what a golden holds.
import type { Model, StateValue, Transition } from '../../src/model/index.ts';

const STATUS = { confirmed: '=', declared: '-', observed: '+' } as const;

function state(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    if ('$new' in value) return 'new';
    if ('$any' in value) return 'any';
    if ('$gone' in value) return 'gone';
  }
  return JSON.stringify(value);
}

const shown = ({ value, status, label }: StateValue): string =>
  `${STATUS[status ?? 'declared']}${state(value)}${label === undefined ? '' : `(${label})`}`;
const step = (t: Transition): string =>
  `${STATUS[t.status]} ${t.object}.${t.attribute}: ${state(t.preState)} -> ${state(t.postState)}${t.type === undefined ? '' : ` by ${t.type}`}${t.count === undefined ? '' : ` x${t.count}`}`;

/** One line for each entity, attribute, relation and transition. */
export function modelText(model: Model): string {
  const lines: string[] = [];
  for (const entity of model.entities) {
    lines.push(
      `${STATUS[entity.status]} ${entity.name} by ${entity.identity?.join(', ') ?? 'nothing'}${entity.instances === undefined ? '' : ` (${entity.instances})`}`,
    );
    for (const a of entity.attributes) {
      const role = a.role === 'plain' ? '' : ` ${a.role}`;
      lines.push(
        `    ${STATUS[a.status ?? 'declared']} ${a.name}${a.optional ? '?' : ''}: ${a.type}${role}${a.states ? ` [${a.states.map(shown).join(' ')}]` : ''}`,
      );
    }
  }
  for (const r of model.relations)
    lines.push(`${STATUS[r.status]} ${r.subject} --${r.predicate}--> ${r.cardinality} ${r.object} ${r.kind ?? ''}`);
  for (const t of model.transitions) lines.push(step(t));
  for (const [dimension, list] of Object.entries(model.context))
    for (const p of list) lines.push(`@ ${dimension} ${p.name}`);
  for (const p of model.problems) lines.push(`! ${p.code}: ${p.message}`);
  return `${lines.join('\n')}\n`;
}
