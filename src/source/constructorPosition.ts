// Where V8 says an instance's constructor stands: at the parenthesis of the written constructor or function, else at the word `class`.
import ts from 'typescript';

export type ClassNode = ts.ClassLikeDeclaration | ts.FunctionDeclaration | ts.FunctionExpression;

/** Offset in the file's text. */
export function constructorOffset(node: ClassNode): number {
  const file = node.getSourceFile();
  if (!ts.isClassLike(node)) return openingParenthesis(node, file);
  const written = node.members.find((m): m is ts.ConstructorDeclaration => ts.isConstructorDeclaration(m) && !!m.body);
  if (written) return openingParenthesis(written, file);
  const keyword = node.getChildren(file).find((child) => child.kind === ts.SyntaxKind.ClassKeyword);
  return keyword?.getStart(file) ?? node.getStart(file);
}

function openingParenthesis(node: ts.FunctionLikeDeclaration, file: ts.SourceFile): number {
  const token = node.getChildren(file).find((child) => child.kind === ts.SyntaxKind.OpenParenToken);
  return token?.getStart(file) ?? node.getStart(file);
}

/** The class or function whose constructor an approximate position in the file points to. */
export function constructorAround(file: ts.SourceFile, offset: number): ClassNode | undefined {
  let best: ClassNode | undefined;
  const visit = (node: ts.Node): void => {
    if (offset < node.getStart(file) || offset > node.getEnd()) return;
    if (ts.isClassLike(node) || ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) {
      const isMethodOfClass = best && ts.isClassLike(best) && !ts.isClassLike(node);
      if (!isMethodOfClass) best = node;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return best;
}
