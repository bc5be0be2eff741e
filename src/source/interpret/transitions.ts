// Happenings to the seam's transitions: which state led to which, where it stands, what it is called.
import type ts from 'typescript';
import type { SourcePosition, Value } from '../../model/index.ts';
import type { CodeTransition } from '../codeModel.ts';
import { guardOf } from '../guards.ts';
import type { Project } from '../program.ts';
import type { FieldDraft, TypeDraft, TypeTable } from '../typeTable.ts';
import { functionNameOf, type Happening, type History } from './history.ts';
import type { Before } from './trace.ts';
import { isNothing, type Const } from './values.ts';

export function transitionsOf(project: Project, table: TypeTable, history: History): CodeTransition[] {
  const found = new Map<string, CodeTransition>();
  const add = (
    draft: TypeDraft,
    field: FieldDraft,
    from: CodeTransition['from'],
    to: CodeTransition['to'],
    name: string | undefined,
    source: SourcePosition,
    guard?: string,
  ): void => {
    const attribute = field.name.replace(/^#/, '');
    const key = JSON.stringify([draft.key, attribute, from, to, name]);
    const known = found.get(key);
    if (known) {
      // Two places lead there, each under a condition of its own: none of them must hold.
      const { guard: other, ...rest } = known;
      if (other !== guard) found.set(key, rest);
      return;
    }
    const more = { ...(name !== undefined && { name }), ...(guard !== undefined && { guard }) };
    found.set(key, { type: draft.key, attribute, from, to, source, ...more, by: 'write' });
  };
  const inContext = givenInContext(history);
  for (const entry of history.happenings) {
    const draft = table.unionOf(entry.draft);
    const source = project.at(entry.node);
    for (const field of draft.fields.values()) {
      const domain = field.type.domain?.map((d) => d.value);
      if (!domain || domain.length < 2 || field.derived) continue;
      if (entry.kind === 'create') {
        const values = entry.fields.get(field.name) ?? [];
        for (const value of values.filter((v) => domain.includes(v.value)))
          for (const name of namesOf(history, entry, value, field.name))
            add(draft, field, 'new', [value.value], name, source);
      } else if (entry.kind === 'remove') {
        const before = entry.fields.get(field.name);
        if (before)
          for (const name of namesOf(history, entry, undefined))
            add(draft, field, statesBefore(before, domain), 'gone', name, source);
      } else if (entry.field === field.name) {
        const guard = guardOf(entry.node, field.name.replace(/^#/, ''));
        const after = entry.after
          ? entry.after.filter((v) => !isNothing(v) && domain.includes(v.value))
          : domain.map((value): Const => ({ kind: 'const', value }));
        for (const value of after) {
          const from = statesBefore(entry.before, domain);
          // Its callers say from which states, and the event.
          if (history.isOutOfContext(entry) && inContext.get(entry.node)?.has(value.value)) continue;
          const others = from === 'any' ? from : from.filter((v) => v !== value.value);
          if (others.length === 0) continue;
          for (const name of namesOf(history, entry, value))
            add(draft, field, others, [value.value], name, source, guard);
        }
      }
    }
  }
  return [...found.values()];
}

/** The values that each writing place gives where it is run as part of what its callers do. */
function givenInContext(history: History): Map<ts.Node, Set<Value>> {
  const given = new Map<ts.Node, Set<Value>>();
  for (const entry of history.happenings) {
    if (entry.kind !== 'write' || history.isOutOfContext(entry)) continue;
    const values = given.get(entry.node) ?? new Set<Value>();
    for (const value of entry.after ?? []) values.add(value.value);
    given.set(entry.node, values);
  }
  return given;
}

function namesOf(history: History, entry: Happening, value: Const | undefined, field?: string): (string | undefined)[] {
  if (entry.kind !== 'remove' && entry.event !== undefined) return [entry.event];
  const events = history.eventsOf(entry, field);
  return events.length > 0 ? [...events] : [functionNameOf(entry, value)];
}

function statesBefore(before: Before, domain: readonly Value[]): readonly Value[] | 'any' {
  if ('in' in before) {
    const states = before.in.map((v) => v.value).filter((v) => domain.includes(v));
    return states.length >= domain.length ? 'any' : states;
  }
  const excluded = before.not.map((v) => v.value).filter((v) => domain.includes(v));
  return excluded.length === 0 ? 'any' : domain.filter((v) => !excluded.includes(v));
}
