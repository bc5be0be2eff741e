// Deciders and reducers: functions (state, event) => state. Each is run once for every event it tells apart; the effect is kept by event.
import ts from 'typescript';
import { bare } from '../expressions.ts';
import { givenTo, type Flow } from '../flow.ts';
import { isFunctionNode, plainName, type FunctionNode } from '../functions.ts';
import type { Project } from '../program.ts';
import type { TypeDraft, TypeTable } from '../typeTable.ts';
import type { Application, Machine } from './machine.ts';
import { makeObject } from './objects.ts';
import { runFunction, type Operation } from './run.ts';
import type { State, Trace } from './state.ts';
import type { Before } from './trace.ts';
import { constant, type Abs, type Const } from './values.ts';

const EVENT_NAME = /^(?:_?(?:event|evt|ev|e|action|act|fact|msg|message|change))$/i;
const MOST_EVENTS = 80;

interface Evolver {
  readonly fn: FunctionNode;
  readonly index: number;
  readonly tag: string;
  readonly names: readonly string[];
  readonly draft?: TypeDraft;
  readonly classes: readonly TypeDraft[];
}

export function findEvolvers(project: Project, table: TypeTable, flow: Flow): Set<FunctionNode> {
  return new Set(flow.functions.filter((fn) => evolverOf(project, table, flow, fn) !== undefined));
}

function evolverOf(project: Project, table: TypeTable, flow: Flow, fn: FunctionNode): Evolver | undefined {
  if (!fn.body || fn.parameters.length < 2 || fn.parameters.length > 3 || flow.returnsOf(fn).length === 0)
    return undefined;
  const index = fn.parameters.slice(0, 2).findIndex((p) => {
    const draft = table.of(project.checker.getTypeAtLocation(p));
    return draft
      ? draft.roles.has('event') || (EVENT_NAME.test(p.name.getText()) && draft.form === 'union')
      : EVENT_NAME.test(p.name.getText());
  });
  const parameter = fn.parameters[index];
  if (!parameter || !ts.isIdentifier(parameter.name)) return undefined;
  const told = eventsTold(project, table, flow, fn, parameter.name.text);
  if (told.names.size + told.classes.size < 1 || !(told.byTable || returnsLiterals(flow, fn))) return undefined;
  const draft = table.of(project.checker.getTypeAtLocation(parameter));
  return { fn, index, tag: told.tag, names: [...told.names], classes: [...told.classes], ...(draft && { draft }) };
}

/** The names by which the function tells events apart: cases, comparisons, instanceof. */
function eventsTold(
  project: Project,
  table: TypeTable,
  flow: Flow,
  fn: FunctionNode,
  name: string,
): { tag: string; names: Set<string>; classes: Set<TypeDraft>; byTable: boolean } {
  const names = new Set<string>();
  const classes = new Set<TypeDraft>();
  let tag = 'type';
  let byTable = false;
  const tagged = (node: ts.Expression): boolean => {
    if (!ts.isPropertyAccessExpression(node) || node.expression.getText() !== name) return false;
    tag = node.name.text;
    return true;
  };
  const text = (node: ts.Expression): void => {
    const type = project.checker.getTypeAtLocation(node);
    if (ts.isStringLiteralLike(node)) names.add(node.text);
    else if (type.isStringLiteral()) names.add(type.value);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isSwitchStatement(node) && tagged(node.expression)) {
      for (const clause of node.caseBlock.clauses) if (ts.isCaseClause(clause)) text(clause.expression);
    } else if (ts.isElementAccessExpression(node)) {
      // `return evolutions[event.type](state, event)`
      const handlers = handlersIn(flow, node.expression);
      if (handlers.length > 0 && tagged(node.argumentExpression)) {
        for (const key of handlers) names.add(key);
        byTable = true;
      }
    } else if (ts.isBinaryExpression(node)) {
      if (/^[=!]==?$/.test(node.operatorToken.getText()) && tagged(node.left)) text(node.right);
      else if (node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword && node.left.getText() === name) {
        const draft = table.of(
          project.checker.getTypeAtLocation(node.right).getConstructSignatures()[0]?.getReturnType(),
        );
        if (draft) classes.add(draft);
      }
    }
    ts.forEachChild(node, visit);
  };
  if (fn.body) visit(fn.body);
  return { tag, names, classes, byTable };
}

/** Keys of a table of functions. */
function handlersIn(flow: Flow, given: ts.Expression): string[] {
  const node = bare(given);
  const declaration = ts.isIdentifier(node) ? flow.symbolOf(node)?.valueDeclaration : undefined;
  const held = declaration && givenTo(declaration);
  const literal = held && ts.isCallExpression(held) && held.arguments[0] ? bare(held.arguments[0]) : held;
  if (!literal || !ts.isObjectLiteralExpression(literal)) return [];
  return literal.properties.flatMap((property) => {
    const isHandler =
      ts.isMethodDeclaration(property) ||
      (ts.isPropertyAssignment(property) && isFunctionNode(bare(property.initializer)));
    return (isHandler && plainName(property.name)) || [];
  });
}

function returnsLiterals(flow: Flow, fn: FunctionNode): boolean {
  return flow.returnsOf(fn).some((value) => {
    let found = false;
    const look = (node: ts.Node): void => {
      if (ts.isObjectLiteralExpression(node) || ts.isNewExpression(node)) found = true;
      else ts.forEachChild(node, look);
    };
    look(value);
    return found;
  });
}

export function runEvolvers(m: Machine, operate: (run: () => Operation) => void): void {
  const applications = m.applications as Map<string, Application[]>;
  for (const fn of m.evolvers) {
    const evolver = evolverOf(m.project, m.table, m.flow, fn);
    if (!evolver) continue;
    const events = [
      ...evolver.names.map((name) => ({ name, draft: evolver.draft })),
      ...evolver.classes.map((draft) => ({ name: draft.name, draft })),
    ];
    for (const { name, draft } of events.slice(0, MOST_EVENTS)) {
      operate(() => {
        m.applying = name;
        const operation = runFunction(m, fn, (state) => {
          const args: (Abs | undefined)[] = [];
          const type = m.checker.getTypeAtLocation(fn.parameters[evolver.index] as ts.ParameterDeclaration);
          const isClass = draft !== undefined && evolver.classes.includes(draft);
          args[evolver.index] = eventOf(m, state, draft, isClass ? undefined : evolver.tag, name, type);
          return args as Abs[];
        });
        m.applying = undefined;
        const found = applicationsIn(operation);
        if (found.length > 0) applications.set(name, [...(applications.get(name) ?? []), ...found]);
        return { ...operation, applies: name };
      });
    }
  }
}

function eventOf(
  m: Machine,
  state: State,
  draft: TypeDraft | undefined,
  tag: string | undefined,
  name: string,
  type: ts.Type,
): Abs {
  const member = type.isUnion()
    ? type.types.find((part) => {
        const property = tag === undefined ? undefined : m.checker.getPropertyOfType(part, tag);
        const own = property && m.checker.getTypeOfSymbol(property);
        return own?.isStringLiteral() && own.value === name;
      })
    : type;
  const fields = new Map<string, Abs>(tag === undefined ? [] : [[tag, constant(name)]]);
  return makeObject(m, state, { fresh: false, fields, type: member ?? type, ...(draft && { draft }) });
}

function applicationsIn(operation: Operation): Application[] {
  const found: Application[] = [];
  const seen = new Set<Trace>();
  const walk = (trace: Trace): void => {
    if (seen.has(trace)) return;
    seen.add(trace);
    const { entry } = trace;
    if (entry?.kind === 'write' && !entry.draft.roles.has('event'))
      found.push({
        draftKey: entry.draft.key,
        field: entry.field,
        creates: false,
        before: entry.before,
        after: entry.after,
        node: entry.node,
      });
    else if (entry?.kind === 'create' && !entry.draft.roles.has('event') && !entry.draft.roles.has('value')) {
      for (const [field, after] of entry.fields)
        found.push({ draftKey: entry.draft.key, field, creates: true, before: { in: [] }, after, node: entry.node });
    }
    for (const before of trace.before) walk(before);
  };
  for (const trace of operation.traces) walk(trace);
  const distinct = new Map(
    found.map((f) => [
      `${f.draftKey} ${f.field} ${String(f.creates)} ${beforeText(f.before)} ${valuesText(f.after)}`,
      f,
    ]),
  );

  return [...distinct.values()];
}

function valuesText(values: readonly Const[] | undefined): string {
  return values ? values.map((v) => JSON.stringify(v.value)).join() : '?';
}

function beforeText(before: Before): string {
  return 'in' in before ? `in ${valuesText(before.in)}` : `not ${valuesText(before.not)}`;
}
