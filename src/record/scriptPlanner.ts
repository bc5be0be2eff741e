// Where a running script is edited, and what each place then tells. The text is parsed as it runs; the source is only asked which
// entity a place concerns. Every operand is evaluated once and in its order, and every line keeps its number. Pure.
import ts from 'typescript';
import { PROBE, type PlannedScript, type Site, type SiteKind, type SitePhase } from './plan.ts';
import { messageOf, type Problem } from '../model/index.ts';
import type { Nomination } from './nominate.ts';
import { createPlaces, type Places } from './places.ts';
import { Edits } from './textEdits.ts';
import { plainWrite, replaceKey } from './writeForms.ts';
import {
  assignsTo,
  namedProperties,
  privateFields,
  isOptional,
  nameNode,
  skipOut,
  runsAgain,
  enclosingClass,
  isFreshLocal,
  isInPattern,
  isPlainReceiver,
  isStrictAt,
  keyOf,
  propertyOf,
  type Access,
} from './forms.ts';

export class ScriptPlanner {
  readonly sites: Site[] = [];
  readonly problems: Problem[] = [];
  readonly edits: Edits;
  readonly #file: ts.SourceFile;
  readonly #nomination: Nomination;
  readonly #places: Places;
  readonly #states: ReadonlySet<string>;
  readonly #names: ReadonlySet<string>;
  readonly #isModule: boolean;
  readonly #url: string;
  readonly #closed: ReadonlySet<number>;
  #next: number;

  /** @param closed zero-based lines that cannot be edited */
  constructor(
    script: PlannedScript,
    file: ts.SourceFile,
    nomination: Nomination,
    firstSite: number,
    closed: ReadonlySet<number> = new Set(),
  ) {
    this.#closed = closed;
    this.#file = file;
    this.#nomination = nomination;
    this.#places = createPlaces(script, file, nomination);
    this.#states = new Set(nomination.entities.flatMap((entity) => entity.states));
    this.#names = new Set(nomination.entities.map((entity) => entity.name));
    this.#isModule = script.isModule;
    this.#url = script.url;
    this.#next = firstSite;
    this.edits = new Edits(script.text);
  }

  run(): void {
    this.#visit(this.#file);
    if (this.#closed.size === 0) return;
    const message = `${this.#url} has lines too long for V8 to edit (${this.#closed.size}); what they change is seen by snapshots only.`;
    this.problems.push({ code: 'not-recorded', message });
  }

  /** Text before a node is put there on the way down, text after it on the way up: so the edits of nested nodes nest. */
  #visit(node: ts.Node): void {
    const close = this.#enter(node);
    ts.forEachChild(node, (child) => this.#visit(child));
    close?.();
  }

  #enter(node: ts.Node): (() => void) | undefined {
    try {
      if (ts.isConstructorDeclaration(node)) return this.#isClosed(node) ? undefined : this.#madeInside(node);
      // What stands outside of every function has run and does not run again.
      if (!runsAgain(node) || this.#isClosed(node)) return undefined;
      if (ts.isBinaryExpression(node) && assignsTo(node)) return this.#assignment(node);
      if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return this.#step(node);
      if (ts.isObjectLiteralExpression(node)) return this.#literal(node);
      if (ts.isNewExpression(node)) return this.#construction(node);
      if (ts.isCallExpression(node)) return this.#call(node);
      if (ts.isDeleteExpression(node)) return this.#deletion(node);
      if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return this.#target(node);
    } catch (error) {
      this.#refuse(node, messageOf(error));
    }
    return undefined;
  }

  #assignment(node: ts.BinaryExpression): (() => void) | undefined {
    const target = node.left;
    if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target)) return undefined;
    if (target.expression.kind === ts.SyntaxKind.SuperKeyword) return undefined;
    const property = propertyOf(target);
    if (property === undefined) return this.#keyed(node, target as ts.ElementAccessExpression);
    if (!this.#states.has(property)) return undefined;
    const place = this.#places.of(target, property, [node, nameNode(target), node.right]);
    if (place === 'other') return undefined;
    // What a constructor assigns is read when it is done.
    if (place.phase === 'initial') return undefined;
    const phase = isFreshLocal(target.expression) && place.phase === 'change' ? 'initial' : place.phase;
    const id = this.#site('write', node, place.entities, phase, property);
    const operator = node.operatorToken;
    if (property.startsWith('#') && !isPlainReceiver(target.expression)) return this.#privateWrite(node, id);
    if (isPlainReceiver(target.expression)) return plainWrite(this.edits, node, target, id, property);
    if (operator.kind !== ts.SyntaxKind.EqualsToken) {
      this.#refuse(node, `\`${operator.getText()}\` on the result of an expression`);
      return undefined;
    }
    return this.#wholeWrite(node, target, id);
  }

  /** `f().status = v` becomes `probe.s(1, f(), "status", v)`, where the probe assigns. */
  #wholeWrite(node: ts.BinaryExpression, target: Access, id: number): () => void {
    this.edits.open(node.getStart(), `${PROBE}.${this.#strict(node) ? 's' : 'z'}(${id},`);
    replaceKey(this.edits, target, node.right.getStart());
    return () => this.edits.close(node.right.end, ')');
  }

  #privateWrite(node: ts.BinaryExpression, id: number): (() => void) | undefined {
    if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) {
      this.#refuse(node, 'a compound assignment to a private member of the result of an expression');
      return undefined;
    }
    const target = node.left as ts.PropertyAccessExpression;
    const name = target.name.text;
    this.edits.open(node.getStart(), `${PROBE}.p(${id},`);
    this.edits.replace(target.expression.end, node.right.getStart(), `,(o)=>o.${name},(o,v)=>o.${name}=v,`);
    return () => this.edits.close(node.right.end, ')');
  }

  /** A key that is known when the program runs: recorded where it then is a state attribute's. */
  #keyed(node: ts.BinaryExpression, target: ts.ElementAccessExpression): (() => void) | undefined {
    if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
    if (!keyOf(target.argumentExpression) || !this.#isOwn(node)) return undefined;
    return this.#wholeWrite(node, target, this.#site('keyed', node, [], 'change'));
  }

  #step(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): (() => void) | undefined {
    const { operand, operator } = node;
    if (operator !== ts.SyntaxKind.PlusPlusToken && operator !== ts.SyntaxKind.MinusMinusToken) return undefined;
    if (!ts.isPropertyAccessExpression(operand)) return undefined;
    const property = operand.name.text;
    if (!this.#states.has(property)) return undefined;
    const place = this.#places.of(operand, property, [node, operand.name]);
    if (place === 'other') return undefined;
    if (property.startsWith('#')) {
      this.#refuse(node, 'a step of a private member');
      return undefined;
    }
    const id = this.#site('write', node, place.entities, place.phase, property);
    const by = operator === ts.SyntaxKind.PlusPlusToken ? 1 : -1;
    const isPrefix = ts.isPrefixUnaryExpression(node);
    const call = `${PROBE}.${this.#strict(node) ? 'u' : 'v'}(${id},`;
    if (isPrefix) this.edits.replace(node.getStart(), operand.getStart(), call);
    else this.edits.open(node.getStart(), call);
    this.edits.replace(operand.expression.end, node.end, `,${JSON.stringify(property)},${by},${isPrefix})`);
    return undefined;
  }

  /** `({ status: a.status } = x)`: the target becomes a setter that assigns and tells. */
  #target(node: Access): (() => void) | undefined {
    if (!isInPattern(node)) return undefined;
    const property = propertyOf(node);
    if (property === undefined || !this.#states.has(property)) return undefined;
    const place = this.#places.of(node, property, [node, nameNode(node)]);
    if (place === 'other') return undefined;
    if (property.startsWith('#')) {
      this.#refuse(node, 'destructuring into a private member');
      return undefined;
    }
    const id = this.#site('write', node, place.entities, place.phase, property);
    this.edits.open(node.getStart(), `${PROBE}.t(${id},`);
    this.edits.replace(node.expression.end, node.end, `,${JSON.stringify(property)},${this.#strict(node)}).v`);
    return undefined;
  }

  #literal(node: ts.ObjectLiteralExpression): (() => void) | undefined {
    if (isInPattern(node) || ts.isSpreadAssignment(skipOut(node))) return undefined;
    const named = namedProperties(node).filter(({ property }) => this.#states.has(property));
    const spreads = node.properties.filter(ts.isSpreadAssignment);
    const places = named.map(({ property, each }) => this.#places.of(each, property, [each]));
    const known = places.filter((place) => place !== 'other' && place.nominated);
    const byName = !this.#nomination.hasCode || spreads.length > 0;
    if (known.length === 0 && !(byName && named.length > 0 && places.some((p) => p !== 'other'))) return undefined;
    const all = known.flatMap((place) => (place === 'other' ? [] : place.entities));
    const phases = known.flatMap((place) => (place === 'other' ? [] : place.phase));
    const phase = phases.includes('hydrate') ? 'hydrate' : phases.includes('initial') ? 'initial' : 'change';
    const isVersion = known.length > 0 ? phase === 'change' : spreads.length > 0;
    const kind: SiteKind = isVersion ? 'version' : 'create';
    const id = this.#site(
      kind,
      named[0]?.each ?? node,
      [...new Set(all)],
      known.length > 0 ? phase : isVersion ? 'change' : 'initial',
    );
    const former = spreads
      .map((each) => each.expression)
      .find((each) => ts.isIdentifier(each) || each.kind === ts.SyntaxKind.ThisKeyword);
    this.edits.open(node.getStart(), `${PROBE}.n(${id},`);
    return () => this.edits.close(node.end, former ? `,${former.getText()})` : ')');
  }

  #construction(node: ts.NewExpression): (() => void) | undefined {
    const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText();
    const place = this.#places.of(node, undefined, [node]);
    if (place === 'other') return undefined;
    const isOwn = name === 'this' && this.#names.has(enclosingClass(node)?.name?.text ?? '');
    if (!place.nominated && !this.#names.has(name) && !isOwn) return undefined;
    const phase = this.#places.isHydration(node) ? 'hydrate' : 'initial';
    const id = this.#site('create', node, place.nominated ? place.entities : [], phase);
    this.edits.open(node.getStart(), `${PROBE}.n(${id},`);
    return () => this.edits.close(node.end, ')');
  }

  /** What is private can only be read within the class: at the end of its constructor. */
  #madeInside(node: ts.ConstructorDeclaration): (() => void) | undefined {
    const { body, parent } = node;
    if (!body || !ts.isClassLike(parent)) return undefined;
    const watched = new Set(this.#nomination.entities.flatMap((e) => [...e.states, ...e.identity, ...e.properties]));
    const wanted = privateFields(parent).filter((name) => watched.has(name));
    if (wanted.length === 0) return undefined;
    const id = this.#site('private', node, [], 'initial');
    // No braces: V8 compares texts by tokens, and would take one of them for the end of the constructor.
    const pairs = wanted.map((name) => `${JSON.stringify(name)},this.${name}`).join();
    return () => this.edits.close(body.end - 1, `;${PROBE}.c(${id},this,${pairs});`);
  }

  #call(node: ts.CallExpression): (() => void) | undefined {
    const callee = node.expression;
    if (!ts.isPropertyAccessExpression(callee) || callee.questionDotToken || node.questionDotToken) return undefined;
    if (callee.getText() === 'Object.assign') {
      if (node.arguments.length < 2 || !this.#isOwn(node)) return undefined;
      const id = this.#site('assign', node, [], this.#places.isHydration(node) ? 'hydrate' : 'change');
      this.edits.open(node.getStart(), `${PROBE}.g(${id},`);
      this.edits.close(callee.end, ')');
      return undefined;
    }
    const isRemoval = callee.name.text === 'delete' && node.arguments.length > 0;
    if (!isRemoval || callee.expression.kind === ts.SyntaxKind.SuperKeyword || isOptional(callee) || !this.#isOwn(node))
      return undefined;
    const id = this.#site('remove', node, [], 'change');
    const [first] = node.arguments;
    if (!first) return undefined;
    this.edits.open(node.getStart(), `${PROBE}.d(${id},`);
    this.edits.replace(callee.expression.end, first.getStart(), ',');
    return undefined;
  }

  #deletion(node: ts.DeleteExpression): (() => void) | undefined {
    const target = node.expression;
    if (!ts.isElementAccessExpression(target) || isOptional(target) || !this.#isOwn(node)) return undefined;
    if (target.expression.kind === ts.SyntaxKind.SuperKeyword) return undefined;
    const id = this.#site('remove', node, [], 'change');
    this.edits.replace(node.getStart(), target.getStart(), `${PROBE}.${this.#strict(node) ? 'x' : 'y'}(${id},`);
    this.edits.replace(target.expression.end, target.argumentExpression.getStart(), ',');
    this.edits.replace(target.argumentExpression.end, target.end, ')');
    return undefined;
  }

  #isClosed(node: ts.Node): boolean {
    if (this.#closed.size === 0) return false;
    const line = (offset: number): number => this.#file.getLineAndCharacterOfPosition(offset).line;
    return this.#closed.has(line(node.getStart())) || this.#closed.has(line(node.end));
  }

  #site(kind: SiteKind, node: ts.Node, entities: readonly number[], phase: SitePhase, property?: string): number {
    const id = this.#next++;
    const source = this.#places.positionOf(node);
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

  #refuse(node: ts.Node, what: string): void {
    const { line } = this.#file.getLineAndCharacterOfPosition(node.getStart());
    const source = this.#places.positionOf(node);
    const message = `${this.#url}:${line + 1} is not recorded: ${what}.`;
    this.problems.push({ code: 'not-recorded', message, ...(source && { source }) });
  }

  /** A place of the program's own source; without any source every script counts. */
  #isOwn(node: ts.Node): boolean {
    return !this.#nomination.hasCode || this.#places.positionOf(node) !== undefined;
  }

  #strict(node: ts.Node): boolean {
    return this.#isModule || isStrictAt(node);
  }
}
