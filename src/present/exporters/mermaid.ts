// The model as Mermaid diagrams: entities with their relations, and a state machine for each state attribute.
// Names are hostile input: they stand only in quoted labels, with every character that could end one encoded.
import {
  canonicalText,
  showValue,
  type Attribute,
  type Entity,
  type Model,
  type Transition,
  type Value,
} from '../../model/index.ts';

const LONGEST_LABEL = 60;

/** Text for any label. Mermaid decodes `#NN;` after it has read the diagram, so nothing encoded can be syntax. */
export function labelText(text: string): string {
  const clean =
    text
      .toWellFormed()
      .replace(/[\s\p{C}]+/gu, ' ')
      .trim() || '(empty)';
  const cut = clean.length > LONGEST_LABEL ? `${clean.slice(0, LONGEST_LABEL - 1)}…` : clean;
  return cut.toWellFormed().replace(/[^\p{L}\p{N}\p{M} _.…]/gu, (char) => `#${char.codePointAt(0)};`);
}

const MANY = { '1': '||', '0..1': 'o|', '*': 'o{' } as const;

/** `erDiagram`; undefined where the model has no entity. */
export function entityDiagram(model: Model): string | undefined {
  if (model.entities.length === 0) return undefined;
  const ids = new Map<string, string>();
  const idOf = (entity: string): string => {
    const id = ids.get(entity) ?? `E${ids.size}`;
    ids.set(entity, id);
    return id;
  };
  const lines = ['erDiagram'];
  for (const entity of model.entities) {
    lines.push(`  ${idOf(entity.name)}["${labelText(entity.name)}"] {`);
    for (const attribute of entity.attributes) lines.push(`    ${attributeLine(attribute, entity)}`);
    lines.push('  }');
  }
  for (const { subject, predicate, object, cardinality } of model.relations) {
    for (const name of [subject, object]) {
      if (!ids.has(name)) lines.push(`  ${idOf(name)}["${labelText(name)}"] {`, '  }');
    }
    lines.push(`  ${idOf(subject)} ||--${MANY[cardinality]} ${idOf(object)} : "${labelText(predicate)}"`);
  }
  return lines.join('\n');
}

/** The grammar of attributes takes plain words only: any other name stands in the comment. */
function attributeLine({ name, type, role }: Attribute, entity: Entity): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  const word = plain
    ? name
    : `_${[...name]
        .map((char) => (/[A-Za-z0-9]/.test(char) ? char : '_'))
        .join('')
        .slice(0, 30)}`;
  const key = role === 'identity' || entity.identity?.includes(name) ? ' PK' : '';
  const notes = [...(plain ? [] : [labelText(name)]), ...(role === 'state' ? ['state'] : [])];
  return `${type} ${word}${key}${notes.length > 0 ? ` "${notes.join(' ')}"` : ''}`;
}

/** `stateDiagram-v2` of one state attribute; undefined where nothing is known of its states. */
export function stateDiagram(model: Model, entity: string, attribute: string): string | undefined {
  const transitions = model.transitions.filter((each) => each.object === entity && each.attribute === attribute);
  const declared = model.entities
    .find(({ name }) => name === entity)
    ?.attributes.find(({ name }) => name === attribute);
  const ids = new Map<string, string>();
  const lines = ['stateDiagram-v2', '  direction LR'];
  const idOf = (value: Value, label = showValue(value)): string => {
    const key = canonicalText(value);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = `s${ids.size}`;
    ids.set(key, id);
    lines.push(`  state "${labelText(label)}" as ${id}`);
    return id;
  };
  for (const { value, label } of declared?.states ?? []) idOf(value, label);
  let any: string | undefined;
  const endOf = (end: Transition['preState'] | Transition['postState']): string => {
    if (typeof end === 'object' && end !== null) {
      if ('$new' in end || '$gone' in end) return '[*]';
      if ('$any' in end) {
        if (any === undefined) lines.push(`  state "any state" as ${(any = 'any')}`);
        return any;
      }
    }
    return idOf(end as Value);
  };
  const arrows = transitions.map((each) => `  ${endOf(each.preState)} --> ${endOf(each.postState)}${arrowText(each)}`);
  if (ids.size === 0) return undefined;
  return [...lines, ...new Set(arrows)].join('\n');
}

function arrowText({ type, guard, count }: Transition): string {
  const parts = [
    ...(type === undefined ? [] : [labelText(type)]),
    ...(guard === undefined ? [] : [`if ${labelText(guard)}`]),
    ...(count === undefined || count === 0 ? [] : [`${count}x`]),
  ];
  return parts.length === 0 ? '' : ` : ${parts.join(' ')}`;
}

/** State attributes of the model, in order: `[entity, attribute]`. */
export function stateMachines(model: Model): [string, string][] {
  return model.entities.flatMap(({ name, attributes }) =>
    attributes
      .filter(({ role }) => role === 'state')
      .map((attribute) => [name, attribute.name] satisfies [string, string]),
  );
}

/** All diagrams in Markdown fences, the form that editors, code hosts and Mermaid's command line read. */
export function mermaidOf(model: Model): string {
  const diagrams = [
    entityDiagram(model) ?? 'erDiagram',
    ...stateMachines(model).map(([entity, attribute]) => {
      const diagram = stateDiagram(model, entity, attribute);
      return diagram && `---\ntitle: "${labelText(`${entity}.${attribute}`)}"\n---\n${diagram}`;
    }),
  ];
  return diagrams
    .filter((diagram) => diagram !== undefined)
    .map((diagram) => `\`\`\`mermaid\n${diagram}\n\`\`\`\n`)
    .join('\n');
}
