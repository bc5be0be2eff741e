// What the planners of single forms share: the script, whom a place concerns, and where sites, edits and watch points are collected.
import ts from 'typescript';
import type { Problem } from '../model/index.ts';
import { isStrictAt } from './forms.ts';
import type { Nomination } from './nominate.ts';
import { createPlaces, type Places } from './places.ts';
import type { PlannedScript, Site, SiteKind, SitePhase } from './plan.ts';
import { Edits } from './textEdits.ts';
import type { WatchPoint } from './watchPoint.ts';

/** Where a site begins, and the function or class around it as V8 gives its text. */
export interface Stretch {
  readonly at: number;
  readonly within: readonly [start: number, end: number];
}

function bodyOf(node: ts.Node): Stretch['within'] {
  const around = ts.findAncestor(node, (each) => ts.isFunctionLike(each) || ts.isClassStaticBlockDeclaration(each));
  const whole = around && ts.isConstructorDeclaration(around) ? around.parent : (around ?? node.getSourceFile());
  return [whole.getStart(), whole.end];
}

/** Text after a node is put there when all of it has been visited. */
export type Close = (() => void) | undefined;

export class Planning {
  readonly sites: Site[] = [];
  readonly problems: Problem[] = [];
  readonly points = new Map<number, WatchPoint>();
  /** Offsets at which sites begin. */
  readonly starts = new Map<number, Stretch>();
  readonly edits: Edits;
  readonly nomination: Nomination;
  readonly places: Places;
  readonly states: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
  readonly #file: ts.SourceFile;
  readonly #script: PlannedScript;
  #next: number;

  constructor(script: PlannedScript, file: ts.SourceFile, nomination: Nomination, firstSite: number) {
    this.#file = file;
    this.#script = script;
    this.nomination = nomination;
    this.places = createPlaces(script, file, nomination);
    this.states = new Set(nomination.entities.flatMap((entity) => entity.states));
    this.names = new Set(nomination.entities.map((entity) => entity.name));
    this.#next = firstSite;
    this.edits = new Edits(script.text);
  }

  site(kind: SiteKind, node: ts.Node, entities: readonly number[], phase: SitePhase, property?: string): number {
    const id = this.#next++;
    const source = this.places.positionOf(node);
    this.edits.site = id;
    this.starts.set(id, { at: node.getStart(), within: bodyOf(node) });
    this.sites.push({
      id,
      kind,
      entities,
      phase,
      ...(property !== undefined && { property }),
      ...(source && { source }),
    });
    return id;
  }

  /** How the site is seen where it cannot be edited. */
  watch(point: WatchPoint): void {
    this.points.set(point.site, point);
  }

  refuse(node: ts.Node, what: string): void {
    const { line } = this.#file.getLineAndCharacterOfPosition(node.getStart());
    const source = this.places.positionOf(node);
    const message = `${this.#script.url}:${line + 1} is not recorded: ${what}.`;
    this.problems.push({ code: 'not-recorded', message, ...(source && { source }) });
  }

  /** A place of the program's own source; without any source every script counts. */
  isOwn(node: ts.Node): boolean {
    return !this.nomination.hasCode || this.places.positionOf(node) !== undefined;
  }

  isStrict(node: ts.Node): boolean {
    return this.#script.isModule || isStrictAt(node);
  }

  /** Zero-based. */
  lineOf(offset: number): number {
    return this.#file.getLineAndCharacterOfPosition(offset).line;
  }
}
