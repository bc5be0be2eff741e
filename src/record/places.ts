// Which entity a place of a running script concerns: by the writes and constructions that the source has at the position it maps to.
import ts from 'typescript';
import type { SourcePosition } from '../model/index.ts';
import type { Nominated, Nomination } from './nominate.ts';
import type { PlannedScript, SitePhase } from './plan.ts';
import { joinSource } from './sourceJoin.ts';

export interface Place {
  /** False: nothing in the source says so; the name alone does. */
  readonly nominated: boolean;
  readonly entities: readonly number[];
  readonly phase: SitePhase;
}

export interface Places {
  /** `other`: a script or place that is not of the program's source. `marks`: nodes whose starts may be mapped. */
  of(node: ts.Node, property: string | undefined, marks: readonly ts.Node[]): Place | 'other';
  positionOf(node: ts.Node): SourcePosition | undefined;
  isHydration(node: ts.Node): boolean;
}

const HYDRATING =
  /^(?:re)?hydrate|^restore|^reconstitute|^rebuild|^revive|^from(?:Row|Json|JSON|Record|Db|DB|Snapshot|Persistence|Document|Primitives)|^to(?:Domain|Entity|Model)$|^deserialize|^map(?:Row|ToDomain|ToEntity)|^load/;

export function createPlaces(script: PlannedScript, file: ts.SourceFile, nomination: Nomination): Places {
  const join = joinSource(script, nomination.files);
  const positionAt = (offset: number): SourcePosition | undefined => {
    const { line, character } = file.getLineAndCharacterOfPosition(offset);
    return join(line, character);
  };
  return {
    of(_node, property, marks) {
      const positions = marks.flatMap((mark) => positionAt(mark.getStart()) ?? []);
      if (positions.length === 0 && nomination.hasCode) return 'other';
      const found = nearest(positions, property, nomination);
      return {
        nominated: found.length > 0,
        entities: [...new Set(found.map((each) => each.entity))],
        phase: found[0]?.phase ?? 'change',
      };
    },
    positionOf: (node) => positionAt(node.getStart()),
    isHydration(node) {
      for (let at: ts.Node | undefined = node.parent; at; at = at.parent as ts.Node | undefined)
        if (ts.isFunctionLike(at) && HYDRATING.test(functionName(at))) return true;
      return false;
    },
  };
}

/** Columns by which a map may be off; farther away is another statement of a long line. */
const FARTHEST = 80;

/** Of one line the nearest column: a map has no segment for some tokens. */
function nearest(
  positions: readonly SourcePosition[],
  property: string | undefined,
  { places }: Nomination,
): readonly Nominated[] {
  let best: readonly Nominated[] = [];
  let distance = FARTHEST;
  for (const position of positions) {
    const there = (places.get(position.file)?.get(position.line) ?? []).filter((each) => each.property === property);
    for (const each of there) {
      const apart = Math.abs((each.at.column ?? 1) - (position.column ?? 1));
      // Several things may be made on one line; only the very place says which.
      if (apart >= distance || (property === undefined && apart > 0)) continue;
      distance = apart;
      best = there.filter((other) => other.at.column === each.at.column);
    }
  }
  return best;
}

function functionName(node: ts.SignatureDeclaration): string {
  if (node.name) return node.name.getText();
  const { parent } = node;
  if (
    (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) &&
    parent.name
  )
    return parent.name.getText();
  if (ts.isBinaryExpression(parent) && ts.isPropertyAccessExpression(parent.left)) return parent.left.name.text;
  return '';
}
