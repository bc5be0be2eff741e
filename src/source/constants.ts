// Values written out in the program, found where a name for them stands: constants, lists, frozen objects, enums.
import ts from 'typescript';
import type { DomainValue } from './domains.ts';
import { bare } from './expressions.ts';
import { givenTo, type Flow } from './flow.ts';

const DEEPEST = 6;
const MOST = 60;

/** The values of a list, of `Object.values(...)`, an enum or a constant object; undefined where not all of them are written out. */
export function listedValues(flow: Flow, given: ts.Expression, depth = 0): DomainValue[] | undefined {
  const node = bare(given);
  if (depth > DEEPEST) return undefined;
  if (ts.isArrayLiteralExpression(node)) {
    const parts = node.elements.map((element) =>
      ts.isSpreadElement(element)
        ? listedValues(flow, element.expression, depth + 1)
        : one(constantValue(flow, element, depth + 1)),
    );
    const values = parts.flatMap((part) => part ?? []);
    return parts.every((part) => part !== undefined) && values.length <= MOST ? values : undefined;
  }
  if (ts.isCallExpression(node)) {
    const [first] = node.arguments;
    return first && /^Object\.(?:values|freeze)$/.test(node.expression.getText())
      ? listedValues(flow, first, depth + 1)
      : undefined;
  }
  if (ts.isObjectLiteralExpression(node)) {
    const values: DomainValue[] = [];
    for (const property of node.properties) {
      if (!ts.isPropertyAssignment(property)) return undefined;
      const value = constantValue(flow, property.initializer, depth + 1);
      if (value === undefined) return undefined;
      values.push({ value, label: property.name.getText().replace(/^['"]|['"]$/g, '') });
    }
    return values.length > 0 && values.length <= MOST ? values : undefined;
  }
  const declaration = declarationOf(flow, node);
  if (!declaration) return undefined;
  if (ts.isEnumDeclaration(declaration)) return enumValues(flow, declaration);
  const value = givenTo(declaration);
  return value && value !== node ? listedValues(flow, value, depth + 1) : undefined;
}

function one(value: string | number | undefined): DomainValue[] | undefined {
  return value === undefined ? undefined : [{ value }];
}

function enumValues(flow: Flow, declaration: ts.EnumDeclaration): DomainValue[] | undefined {
  let next = 0;
  const values: DomainValue[] = [];
  for (const member of declaration.members) {
    const written = member.initializer && constantValue(flow, member.initializer, 1);
    if (member.initializer && written === undefined) return undefined;
    const value = written ?? next;
    if (typeof value === 'number') next = value + 1;
    values.push({ value, label: member.name.getText() });
  }
  return values;
}

/** A text or number written out, or the constant that a name stands for. */
export function constantValue(flow: Flow, given: ts.Expression, depth = 0): string | number | undefined {
  const node = bare(given);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (depth > DEEPEST || !(ts.isIdentifier(node) || ts.isPropertyAccessExpression(node))) return undefined;
  const declaration = declarationOf(flow, node);
  if (!declaration) return undefined;
  if (ts.isEnumMember(declaration))
    return enumValues(flow, declaration.parent)?.find((v) => v.label === declaration.name.getText())?.value as
      string | number | undefined;
  const value = givenTo(declaration);
  return value && value !== node ? constantValue(flow, value, depth + 1) : undefined;
}

function declarationOf(flow: Flow, node: ts.Expression): ts.Node | undefined {
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return undefined;
  const symbol = flow.symbolOf(ts.isPropertyAccessExpression(node) ? node.name : node);
  return symbol?.valueDeclaration;
}
