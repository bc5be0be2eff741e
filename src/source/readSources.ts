// From directories to CodeModel: small analyzers one after another over one open program; each adds facts, none takes any away.
import type ts from 'typescript';
import { messageOf, NO_CONTEXT, type Context } from '../model/index.ts';
import type { CodeModel, CodeTransition, LiteralForm } from './codeModel.ts';
import { askedOf, type Asked } from './asked.ts';
import { joinCompared } from './compared.ts';
import { fillContents } from './contents.ts';
import { collectContext } from './context.ts';
import { collectDeclarations } from './declarations.ts';
import { readFlow } from './flow.ts';
import { collectGivenFields } from './givenFields.ts';
import { createInference } from './inference.ts';
import { applyFindings } from './interpret/findings.ts';
import { readHistory } from './interpret/history.ts';
import { applyLinks } from './interpret/links.ts';
import { runOperations } from './interpret/run.ts';
import { transitionsOf } from './interpret/transitions.ts';
import { literalsOf } from './madeHere.ts';
import { NO_MODELS } from './models.ts';
import { openProject, type Project } from './program.ts';
import { collectRoles } from './roles.ts';
import { collectShapes } from './shapes.ts';
import type { SourceHost } from './sourceHost.ts';
import { findStateClasses } from './stateClasses.ts';
import { collectSchemas } from './schemas.ts';
import { collectStores } from './stores.ts';
import { closeTypes, createTypeTable, type TypeTable } from './typeTable.ts';
import { collectWrites } from './writes.ts';

/** Never throws but for the host's own cancellation; odd input gives problems and fewer facts. */
export function readSources(roots: readonly string[], host: SourceHost): CodeModel {
  return readProject(openProject(roots, host));
}

export interface SourceReader {
  /**
   * What `readSources` gives. Where no file says anything else than at the last reading that is the model of then; else files whose
   * text is the same are not parsed again, and all that rests on several files is found anew.
   */
  read(roots: readonly string[], host: SourceHost): CodeModel;
}

/** For whoever reads the same directories again and again. */
export function createSourceReader(): SourceReader {
  const parsed = new Map<string, ts.SourceFile>();
  let last: { readonly roots: string; readonly asked: Asked; readonly model: CodeModel } | undefined;
  return {
    read(roots, host) {
      const all = roots.join('\n');
      if (last?.roots === all && last.asked.isSame(host)) return last.model;
      const asked = askedOf(host);
      const model = readProject(openProject(roots, asked.host, parsed));
      last = { roots: all, asked, model };
      return model;
    },
  };
}

function readProject(project: Project): CodeModel {
  const table = createTypeTable(project);
  const found: Found = { transitions: [], context: NO_CONTEXT, literals: [] };
  attempt(project, 'program', () => analyse(project, table, found));
  return {
    files: project.files.length,
    lines: project.lines,
    types: closeTypes(table),
    transitions: found.transitions,
    context: found.context,
    literals: found.literals,
    problems: project.problems,
  };
}

interface Found {
  transitions: readonly CodeTransition[];
  context: Context;
  literals: readonly LiteralForm[];
}

function analyse(project: Project, table: TypeTable, found: Found): void {
  attempt(project, 'declarations', () => collectDeclarations(project, table));
  const flow = readFlow(project);
  attempt(project, 'given fields', () => collectGivenFields(project, table, flow));
  attempt(project, 'shapes', () => collectShapes(project, table, flow));
  let models = NO_MODELS;
  attempt(project, 'schemas', () => {
    models = collectSchemas(project, table, flow);
  });
  const inference = createInference(project, table, flow, models);
  attempt(project, 'writes', () => collectWrites(project, table, inference.typeOf));
  attempt(project, 'stores', () => collectStores(project, table, flow, inference));
  attempt(project, 'roles', () => collectRoles(project, table));
  attempt(project, 'state classes', () => findStateClasses(table));
  attempt(project, 'operations', () => {
    const { operations, entered, links } = runOperations(project, table, flow, inference, models);
    applyLinks(table, links);
    joinCompared(project, table, inference);
    fillContents(table, flow, inference);
    const history = readHistory(operations, entered);
    applyFindings(project, table, flow, history);
    found.transitions = transitionsOf(project, table, history);
  });
  attempt(project, 'literals', () => {
    found.literals = literalsOf(project);
  });
  attempt(project, 'context', () => {
    found.context = collectContext(project, flow);
  });
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
