// Object literals of a program by the fields they have: what memory holds of such a form was made here, whatever it flows into.
import ts from 'typescript';
import type { LiteralForm } from './codeModel.ts';
import type { Project } from './program.ts';
import { accessedPropertyName } from './writes.ts';

const FEWEST_FIELDS = 3;

export function literalsOf(project: Project): LiteralForm[] {
  const found = new Map<string, LiteralForm>();
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node) && node.properties.length >= FEWEST_FIELDS) {
      const fields = node.properties.flatMap((property) =>
        property.name && !ts.isMethodDeclaration(property) ? (accessedPropertyName(property.name) ?? []) : [],
      );
      const key = fields.join();
      if (fields.length >= FEWEST_FIELDS && !found.has(key)) found.set(key, { fields, source: project.at(node) });
    }
    ts.forEachChild(node, visit);
  };
  for (const file of project.files) visit(file);
  return [...found.values()];
}
