// Untyped code's objects that are filled after they were made: `var boat = new Boat(); boat.sail = 'furled'`. What is given so to what
// a constructor function has just made is a field of its kind.
import ts from 'typescript';
import { visitAll } from './expressions.ts';
import { fieldTypeOf } from './fieldTypes.ts';
import { givenTo, type Flow } from './flow.ts';
import { isFunctionNode } from './functions.ts';
import type { Project } from './program.ts';
import type { TypeDraft, TypeTable } from './typeTable.ts';

export function collectGivenFields(project: Project, table: TypeTable, flow: Flow): void {
  const { checker } = project;
  const visit = (node: ts.Node): void => {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
    const { left, right } = node;
    if (!ts.isPropertyAccessExpression(left) || !ts.isIdentifier(left.expression)) return;
    const draft = justMade(table, flow, left.expression);
    if (!draft || isFunctionNode(right)) return;
    const name = left.name.text;
    const type = fieldTypeOf(checker, table, checker.getBaseTypeOfLiteralType(checker.getTypeAtLocation(right)), node);
    const isEmpty = type.kind === 'unknown' && type.nullable;
    const known = draft.fields.get(name);
    if (known) {
      known.optional ||= isEmpty;
      if (known.type.kind === 'unknown' && type.kind !== 'unknown') known.type = { ...type, nullable: known.optional };
      return;
    }
    draft.fields.set(name, {
      name,
      source: project.at(left.name),
      type,
      optional: isEmpty,
      readonly: false,
      derived: false,
      writes: [],
      declaration: node,
      given: true,
    });
  };
  for (const file of project.files) if (/\.[cm]?jsx?$/.test(file.fileName)) visitAll(file, visit);
}

/** The kind of a variable that holds what a constructor function has made; constructors that fill `this` say their fields themselves. */
function justMade(table: TypeTable, flow: Flow, name: ts.Identifier): TypeDraft | undefined {
  const declaration = flow.symbolOf(name)?.valueDeclaration;
  const made = declaration && ts.isVariableDeclaration(declaration) ? givenTo(declaration) : undefined;
  if (!made || !ts.isNewExpression(made)) return undefined;
  const draft = table.bySymbol(flow.symbolOf(made.expression));
  return draft?.node && isFunctionNode(draft.node) ? draft : undefined;
}
