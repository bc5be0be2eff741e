// Children of a value: lists, sets, maps and objects expand; everything else is a line.
import { isTagged, type Value } from '../model/index.ts';
import { kindOf, literalLine, type ValueFormat } from './literals.ts';
import { announced, pagedContainer, type Container, type References, type Variable } from './references.ts';

const READ_ONLY = { attributes: ['readOnly'] } as const;

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
    presentationHint: { kind: 'property', attributes: [...READ_ONLY.attributes] },
    ...announced(references, childrenOf(references, value, format)),
    ...more,
  };
}

export function childrenOf(
  references: References,
  value: Value | undefined,
  format: ValueFormat,
): Container | undefined {
  if (value === undefined || !isTagged(value)) return undefined;
  const child = (name: string, of: Value): Variable => valueVariable(references, name, of, format);
  switch (value.$type) {
    case 'list':
    case 'set': {
      const items = value.value;
      return pagedContainer(
        { total: 0, page: () => [] },
        {
          total: items.length,
          page: (start, count) => items.slice(start, start + count).map((item, i) => child(String(start + i), item)),
        },
      );
    }
    case 'map': {
      const pairs = value.value;
      return pagedContainer(
        { total: 0, page: () => [] },
        {
          total: pairs.length,
          page: (start, count) =>
            pairs.slice(start, start + count).map(([key, item]) => child(literalLine(key), item)),
        },
      );
    }
    case 'object':
    case 'error':
      return fields(value.value, child);
    case 'function':
      return value.variables && fields(value.variables, child);
    case 'promise':
    case 'weakref': {
      const { value: inner } = value;
      return inner === undefined ? undefined : fields({ value: inner }, child);
    }
    default:
      return undefined;
  }
}

function fields(of: { readonly [name: string]: Value }, child: (name: string, value: Value) => Variable): Container {
  const entries = Object.entries(of);
  return pagedContainer({
    total: entries.length,
    page: (start, count) => entries.slice(start, start + count).map(([name, value]) => child(name, value)),
  });
}
