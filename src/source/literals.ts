// Which declared type an object literal is written for: what its place wants, or what the parameter it is passed to is declared as.
import ts from 'typescript';
import type { TypeDraft, TypeTable } from './typeTable.ts';

export function typeOfLiteral(
  checker: ts.TypeChecker,
  table: TypeTable,
  literal: ts.ObjectLiteralExpression,
): TypeDraft | undefined {
  const wanted = checker.getContextualType(literal);
  const known = wanted && table.of(checker.getNonNullableType(wanted));
  if (known && known.form !== 'shape') return known;
  return passedAs(checker, table, literal) ?? known ?? table.of(checker.getTypeAtLocation(literal));
}

/** `keep<T extends Claim>(claim: T)`: the compiler sees the literal's own type there, the bound says what is meant. */
function passedAs(checker: ts.TypeChecker, table: TypeTable, literal: ts.Expression): TypeDraft | undefined {
  let argument: ts.Expression = literal;
  while (ts.isParenthesizedExpression(argument.parent) || ts.isAsExpression(argument.parent))
    argument = argument.parent;
  const call = argument.parent;
  if (!ts.isCallExpression(call)) return undefined;
  const parameter = checker.getResolvedSignature(call)?.declaration?.parameters[call.arguments.indexOf(argument)];
  if (!parameter || !ts.isParameter(parameter)) return undefined;
  return table.of(checker.getNonNullableType(checker.getTypeAtLocation(parameter)));
}
