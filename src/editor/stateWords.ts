// A word of source that is a state of an entity: what leads in, what leads out, how many are in it now. Knows text and the model.
import {
  canonicalText,
  showValue,
  type Model,
  type SourcePosition,
  type Transition,
  type Value,
} from '../model/index.ts';
import type { Overview } from '../present/index.ts';

export interface Word {
  /** Columns from 0, the end not included. */
  readonly from: number;
  readonly to: number;
  /** Of a string literal; absent: a member. */
  readonly text?: string;
  /** `OrderStatus.Paid`: [OrderStatus, Paid]. */
  readonly member?: readonly [string, string];
}

const STRING = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\$]|\\.)*)`/g;
const MEMBER = /\b([A-Za-z_$][\w$]*)\s*\.\s*([A-Za-z_$][\w$]*)/g;

/** The string literal, or member of something that is written with a capital, that a column of a line stands in. */
export function wordAt(line: string, column: number): Word | undefined {
  for (const match of line.matchAll(STRING)) {
    const [from, to] = [match.index, match.index + match[0].length];
    if (column < from || column > to) continue;
    return { from, to, text: (match[1] ?? match[2] ?? match[3] ?? '').replace(/\\(.)/g, '$1') };
  }
  for (const match of line.matchAll(MEMBER)) {
    const [from, to] = [match.index, match.index + match[0].length];
    const [owner = '', name = ''] = [match[1], match[2]];
    if (column >= from && column <= to && /^[A-Z]/.test(owner)) return { from, to, member: [owner, name] };
  }
  return undefined;
}

export interface MeantState {
  readonly entity: string;
  readonly attribute: string;
  readonly value: Value;
  readonly status: string;
  readonly into: readonly Transition[];
  readonly out: readonly Transition[];
  /** Absent: nothing is open that could be counted. */
  readonly now?: number;
}

export interface Place {
  /** As the model writes it; absent: a file that the model does not name. */
  readonly file?: string;
  /** The whole text of the document: a word means a state of what the document speaks of. */
  readonly text: string;
}

/** The states that a word can mean where it stands: of entities that are declared or changed in the file, or named in it. */
export function statesMeant(model: Model, word: Word, place: Place, types?: Overview['types']): MeantState[] {
  return model.entities.flatMap((entity) =>
    entity.attributes.flatMap((attribute): MeantState[] => {
      if (attribute.role !== 'state') return [];
      const state = (attribute.states ?? []).find(({ value, label }) => means(word, value, label));
      if (!state || !speaksOf(place, model, entity.name, attribute.name)) return [];
      const key = canonicalText(state.value);
      const own = model.transitions.filter((each) => each.object === entity.name && each.attribute === attribute.name);
      const counted = types?.find((type) => type.entity === entity.name && type.stateAttribute === attribute.name);
      return [
        {
          ...{ entity: entity.name, attribute: attribute.name, value: state.value, status: state.status ?? 'declared' },
          into: own.filter(({ postState }) => canonicalText(postState) === key),
          out: own.filter(({ preState }) => canonicalText(preState) === key || isAny(preState)),
          ...(counted && { now: counted.states.find((each) => each.state === showValue(state.value))?.count ?? 0 }),
        },
      ];
    }),
  );
}

function means({ text, member }: Word, value: Value, label: string | undefined): boolean {
  if (text !== undefined) return value === text;
  if (!member || label === undefined) return false;
  return label === member[1] || label === member.join('.');
}

function speaksOf({ file, text }: Place, model: Model, entity: string, attribute: string): boolean {
  if (file !== undefined && filesOf(model, entity).has(file)) return true;
  return [entity, attribute].some((name) => new RegExp(`(?<![\\w$])${escape(name)}(?![\\w$])`).test(text));
}

function filesOf({ entities, transitions }: Model, name: string): Set<string> {
  const entity = entities.find((each) => each.name === name);
  const evidence = [
    ...(entity?.evidence ?? []),
    ...(entity?.attributes ?? []).flatMap((attribute) => attribute.evidence ?? []),
    ...transitions.filter(({ object }) => object === name).flatMap((transition) => transition.evidence ?? []),
  ];
  return new Set([entity?.source, ...evidence.map(({ source }) => source)].flatMap((at) => (at ? [at.file] : [])));
}

/** In Markdown; `linkTo` gives the target of a link to a line of source, where there is one. */
export function hoverText(state: MeantState, linkTo: (at: SourcePosition) => string | undefined): string {
  const { entity, attribute, value, status, into, out, now } = state;
  const count = now === undefined ? '' : ` · ${now} ${now === 1 ? 'instance is' : 'instances are'} in it now`;
  return [
    `**${code(`${entity}.${attribute}`)}** is ${code(showValue(value))} · ${status}${count}`,
    ...list('Comes from', into, ({ preState }) => endText(preState), linkTo),
    ...list('Goes to', out, ({ postState }) => endText(postState), linkTo),
  ].join('\n\n');
}

function list(
  title: string,
  transitions: readonly Transition[],
  end: (one: Transition) => string,
  linkTo: (at: SourcePosition) => string | undefined,
): string[] {
  if (transitions.length === 0) return [`${title}: nothing that is known.`];
  const lines = transitions.map((one) => {
    const { type, guard, count, status, evidence = [] } = one;
    const at = evidence.find(({ source }) => source)?.source;
    const link = at && linkTo(at);
    const event = type === undefined ? '' : ` on ${code(type)}`;
    const condition = guard === undefined ? '' : ` if ${code(guard)}`;
    const seen = count ? `, seen ${count === 1 ? 'once' : `${count} times`}` : '';
    const source = at && link !== undefined ? ` [${at.file.replace(/[[\]\\]/g, '')}:${at.line}](${link})` : '';
    return `- ${end(one)}${event}${condition} (${status}${seen})${source}`;
  });
  return [`${title}:\n${[...new Set(lines)].join('\n')}`];
}

function endText(end: Transition['preState'] | Transition['postState']): string {
  if (typeof end === 'object' && end !== null) {
    if ('$any' in end) return 'any state';
    if ('$new' in end) return '(created)';
    if ('$gone' in end) return '(removed)';
  }
  return code(showValue(end as Value));
}

function isAny(end: Transition['preState']): boolean {
  return typeof end === 'object' && end !== null && '$any' in end;
}

/** Names of programs are no markup. */
function code(text: string): string {
  return `\`${
    text
      .toWellFormed()
      .replace(/[`\s\p{Cc}]+/gu, ' ')
      .trim() || '(empty)'
  }\``;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
