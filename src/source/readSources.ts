// From directories to CodeModel: small analyzers one after another over one open program; each adds facts, none takes any away.
import ts from 'typescript';
import { messageOf, NO_CONTEXT } from '../model/index.ts';
import type { CodeModel } from './codeModel.ts';
import { collectDeclarations } from './declarations.ts';
import { openProject, type Project } from './program.ts';
import type { SourceHost } from './sourceHost.ts';
import { collectWrites } from './writes.ts';
import { closeTypes, createTypeTable, type TypeDraft, type TypeTable } from './typeTable.ts';

/** Never throws but for the host's own cancellation; odd input gives problems and fewer facts. */
export function readSources(roots: readonly string[], host: SourceHost): CodeModel {
  const project = openProject(roots, host);
  const table = createTypeTable(project);
  attempt(project, 'declarations', () => collectDeclarations(project, table));
  attempt(project, 'writes', () => collectWrites(project, table, (expression) => typeOf(project, table, expression)));
  return {
    files: project.files.length,
    lines: project.lines,
    types: closeTypes(table),
    transitions: [],
    context: NO_CONTEXT,
    problems: project.problems,
  };
}

/** Programs are odder than any rule foresees: what one analyzer cannot read, the others still do. */
function attempt(project: Project, what: string, work: () => void): void {
  project.host.checkCancelled();
  try {
    work();
  } catch (error) {
    project.host.checkCancelled();
    project.problems.push({
      code: 'analysis-failed',
      message: `The ${what} could not be read whole: ${messageOf(error)}`,
    });
  }
}

function typeOf(project: Project, table: TypeTable, expression: ts.Expression): TypeDraft | undefined {
  const { checker } = project;
  const own = table.of(checker.getTypeAtLocation(expression));
  if (own || !ts.isObjectLiteralExpression(expression)) return own;
  const wanted = checker.getContextualType(expression);
  return wanted && table.of(checker.getNonNullableType(wanted));
}
