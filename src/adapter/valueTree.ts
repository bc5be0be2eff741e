// Children of a value: lists, sets, maps and objects expand; everything else is a line.
import { isTagged, type Value } from '../model/index.ts';
import { kindOf, literalLine, type ValueFormat } from './literals.ts';
import {
  announced,
  listOf,
  NOTHING,
  pagedContainer,
  type Container,
  type References,
  type Variable,
} from './references.ts';

const READ_ONLY = ['readOnly'] as const;

export function valueVariable(
  references: References,
  name: string,
  value: Value | undefined,
  format: ValueFormat,
  more: Partial<Variable> = {},
): Variable {
  return {
    name,
    value: literalLine(value, format),
    type: kindOf(value),
    presentationHint: { kind: 'property', attributes: [...READ_ONLY] },
    ...announced(references, childrenOf(references, value)),
    ...more,
  };
}

/** Undefined: the value is a leaf. */
export function childrenOf(references: References, value: Value | undefined): Container | undefined {
  if (value === undefined || !isTagged(value)) return undefined;
  const { $type } = value;
  if ($type === 'list' || $type === 'set') {
    const items = value.value;
    return pagedContainer(NOTHING, {
      total: items.length,
      page: (start, count, format) =>
        items.slice(start, start + count).map((item, i) => valueVariable(references, String(start + i), item, format)),
    });
  }
  if ($type === 'map') {
    const pairs = value.value;
    return pagedContainer(NOTHING, {
      total: pairs.length,
      page: (start, count, format) =>
        pairs
          .slice(start, start + count)
          .map(([key, item]) => valueVariable(references, literalLine(key, format), item, format)),
    });
  }
  if ($type === 'object' || $type === 'error') return fields(references, value.value);
  if ($type === 'function') return value.variables && fields(references, value.variables);
  if ($type === 'promise' || $type === 'weakref') {
    return value.value === undefined ? undefined : fields(references, { value: value.value });
  }
  return undefined;
}

function fields(references: References, of: { readonly [name: string]: Value }): Container {
  return pagedContainer(
    listOf(
      Object.entries(of).map(
        ([name, value]) =>
          (format) =>
            valueVariable(references, name, value, format),
      ),
    ),
  );
}
