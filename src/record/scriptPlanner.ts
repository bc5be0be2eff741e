// Where a running script is edited, and what each place then tells. The text is parsed as it runs; the source is only asked which
// entity a place concerns. Every line keeps its number. Pure.
import ts from 'typescript';
import { messageOf } from '../model/index.ts';
import { assignsTo, runsAgain } from './forms.ts';
import type { Nomination } from './nominate.ts';
import type { PlannedScript } from './plan.ts';
import { Planning, type Close } from './planning.ts';
import { shared, sharing } from './planClosures.ts';
import { call, construction, deletion, literal, madeInside } from './planObjects.ts';
import { replacing } from './planRemovals.ts';
import { assignment, step, target } from './planWrites.ts';
import { isIdle } from './relevance.ts';

export interface PlannedSites extends Pick<Planning, 'sites' | 'problems' | 'points' | 'starts' | 'edits'> {
  readonly suspending: readonly number[];
}

/** @param closed zero-based lines that cannot be edited: what stands there is to be watched otherwise */
export function planSites(
  script: PlannedScript,
  file: ts.SourceFile,
  nomination: Nomination,
  firstSite: number,
  closed: ReadonlySet<number> = new Set(),
): PlannedSites {
  const planning = new Planning(script, file, nomination, firstSite);
  const suspending: number[] = [];

  const isClosed = (node: ts.Node): boolean =>
    closed.size > 0 && (closed.has(planning.lineOf(node.getStart())) || closed.has(planning.lineOf(node.end)));

  /** Text before a node is put there on the way down, text after it on the way up: so the edits of nested nodes nest. */
  const visit = (node: ts.Node): void => {
    const { edits, sites } = planning;
    const known = sites.length;
    edits.isMuted = isClosed(node);
    const close = enter(planning, node);
    const [{ site }, { isMuted }] = [edits, edits];
    edits.isMuted = false;
    if (sites.length > known && isSuspending(node)) for (const each of sites.slice(known)) suspending.push(each.id);
    ts.forEachChild(node, visit);
    if (!close || isMuted) return;
    edits.site = site;
    close();
  };
  visit(file);
  return { ...planning, suspending };
}

function enter(planning: Planning, node: ts.Node): Close {
  const known = planning.sites.length;
  try {
    if (ts.isConstructorDeclaration(node)) return madeInside(planning, node);
    // What stands outside of every function has run and does not run again.
    if (!runsAgain(node) || isIdle(node, planning.nomination)) return undefined;
    if (ts.isBinaryExpression(node) && assignsTo(node))
      return (
        assignment(planning, node) ??
        (planning.sites.length > known ? undefined : (shared(planning, node) ?? replacing(planning, node)))
      );
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return step(planning, node);
    if (ts.isObjectLiteralExpression(node))
      return literal(planning, node) ?? (planning.sites.length > known ? undefined : sharing(planning, node));
    if (ts.isNewExpression(node)) return construction(planning, node);
    if (ts.isCallExpression(node)) return call(planning, node);
    if (ts.isDeleteExpression(node)) return deletion(planning, node);
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return target(planning, node);
  } catch (error) {
    planning.refuse(node, messageOf(error));
  }
  return undefined;
}

/** Within a function that can be left and gone on with later. */
function isSuspending(node: ts.Node): boolean {
  const around = ts.findAncestor(node.parent, ts.isFunctionLike);
  if (!around) return false;
  const isAsync =
    ts.canHaveModifiers(around) && ts.getModifiers(around)?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword);
  return isAsync === true || (around as { readonly asteriskToken?: ts.Node }).asteriskToken !== undefined;
}
