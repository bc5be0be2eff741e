// Where fields get their values: assignments, initialisers, creating literals, spreads of a former version, Object.assign.
import ts from 'typescript';
import type { Value } from '../model/index.ts';
import type { WriteSite } from './codeModel.ts';
import { domainOf } from './domains.ts';
import { visitAll } from './expressions.ts';
import { functionAround, isInHydration, madeBeside, namedFunctionAround } from './functions.ts';
import type { Project } from './program.ts';
import { distinctValues, type FieldDraft, type TypeDraft, type TypeTable } from './typeTable.ts';
import { isCopied, isNextVersion, isPartOfLiteral } from './versions.ts';

/** What an expression is an instance of; untyped code needs more than the compiler's answer. */
export type TypeOf = (expression: ts.Expression) => TypeDraft | undefined;

export function collectWrites(project: Project, table: TypeTable, typeOf: TypeOf): void {
  const { checker } = project;
  const spread = fieldSpreader(table);

  const record = (
    owner: TypeDraft,
    name: string,
    node: ts.Node,
    value: ts.Expression | undefined,
    phase: WriteSite['phase'],
  ): void => {
    const inFunction = namedFunctionAround(node);
    const values = value && valuesOf(checker, value, owner.fields.get(name));
    const site: WriteSite = {
      source: project.at(node),
      phase,
      ...(values && { values }),
      ...(inFunction !== undefined && { inFunction }),
    };
    spread(owner, name, site);
  };

  const assignment = (target: ts.Expression, node: ts.Node, value: ts.Expression | undefined): void => {
    if (ts.isIdentifier(target)) {
      const declaration = checker.getSymbolAtLocation(target)?.valueDeclaration;
      const kept = declaration && table.variableField(declaration);
      if (kept) record(kept.draft, kept.field, node, value, 'change');
      return;
    }
    const name = accessedName(target);
    if (name === undefined || !(ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target))) return;
    const owner = typeOf(target.expression);
    if (!owner) return;
    const field = fieldNameIn(owner, name);
    const isGiven = owner.fields.get(field)?.given === true && madeBeside(node) !== undefined;
    const phase = phaseOf(node, target.expression, typeOf);
    record(owner, field, node, value, isGiven && phase === 'change' ? 'initial' : phase);
  };

  const literal = (node: ts.ObjectLiteralExpression, owner: TypeDraft): void => {
    if (isPartOfLiteral(node)) return;
    const isOwn = (expression: ts.Expression): boolean => {
      const draft = typeOf(expression);
      return draft !== undefined && table.unionOf(draft) === table.unionOf(owner);
    };
    const former = isNextVersion(checker, table, node, owner, typeOf);
    const phase = isInHydration(node) ? 'hydrate' : former ? 'change' : 'initial';
    if (!former) owner.constructions.push(project.at(node));
    for (const property of node.properties) {
      const name = property.name && accessedPropertyName(property.name);
      if (name === undefined || (former && isCopied(checker, property, isOwn))) continue;
      const value = ts.isPropertyAssignment(property)
        ? property.initializer
        : ts.isShorthandPropertyAssignment(property)
          ? property.name
          : undefined;
      record(owner, fieldNameIn(owner, name), property, value, phase);
    }
  };

  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
      assignment(node.left, node, node.operatorToken.kind === ts.SyntaxKind.EqualsToken ? node.right : undefined);
    } else if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node.operator)) {
      assignment(node.operand as ts.Expression, node, undefined);
    } else if (ts.isPropertyDeclaration(node) && node.initializer && ts.isClassLike(node.parent)) {
      const owner = table.bySymbol((node.parent as ts.Node & { readonly symbol?: ts.Symbol }).symbol);
      const name = ts.isPrivateIdentifier(node.name) ? node.name.text : accessedPropertyName(node.name);
      if (owner && name !== undefined && !ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.StaticKeyword))
        record(owner, name, node, node.initializer, 'initial');
    } else if (
      ts.isParameter(node) &&
      ts.isParameterPropertyDeclaration(node, node.parent) &&
      ts.isIdentifier(node.name)
    ) {
      const owner = table.bySymbol((node.parent.parent as ts.Node & { readonly symbol?: ts.Symbol }).symbol);
      if (owner) record(owner, node.name.text, node, undefined, 'initial');
    } else if (ts.isNewExpression(node)) {
      typeOf(node)?.constructions.push(project.at(node));
    } else if (ts.isObjectLiteralExpression(node)) {
      const owner = typeOf(node);
      if (owner) literal(node, owner);
    } else if (ts.isCallExpression(node) && isObjectAssign(node)) {
      const owner = node.arguments[0] && typeOf(node.arguments[0]);
      const phase = isInHydration(node) ? 'hydrate' : 'change';
      for (const source of node.arguments.slice(1)) {
        if (!owner || !ts.isObjectLiteralExpression(source)) continue;
        for (const property of source.properties) {
          const name = property.name && accessedPropertyName(property.name);
          if (name === undefined) continue;
          const value = ts.isPropertyAssignment(property) ? property.initializer : undefined;
          record(owner, fieldNameIn(owner, name), property, value, phase);
        }
      }
    }
  };
  for (const file of project.files) visitAll(file, visit);
}

export function isObjectAssign(node: ts.CallExpression): boolean {
  return /^Object\.assign$/.test(node.expression.getText());
}

/** Gives a write to every draft that has the field: those it is declared for, those that inherit it, the union and its members. */
function fieldSpreader(table: TypeTable): (owner: TypeDraft, name: string, site: WriteSite) => void {
  const byDeclaration = new Map<ts.Node, FieldDraft[]>();
  for (const draft of table.drafts.values()) {
    for (const field of draft.fields.values()) {
      if (field.declaration)
        byDeclaration.set(field.declaration, [...(byDeclaration.get(field.declaration) ?? []), field]);
    }
  }
  return (owner, name, site) => {
    const fields = new Set<FieldDraft>();
    for (const draft of new Set([owner, table.unionOf(owner)])) {
      const field = draft.fields.get(name);
      if (!field) continue;
      fields.add(field);
      for (const same of (field.declaration && byDeclaration.get(field.declaration)) ?? []) fields.add(same);
    }
    for (const field of fields) if (!field.derived) field.writes.push(site);
  };
}

/** Private fields are kept with their sign, accesses to them too; everything else is the plain name. */
function fieldNameIn(owner: TypeDraft, name: string): string {
  return owner.fields.has(name) ? name : owner.fields.has(`_${name}`) && !name.startsWith('#') ? name : name;
}

export function accessedName(target: ts.Expression): string | undefined {
  if (ts.isPropertyAccessExpression(target)) return target.name.text;
  if (ts.isElementAccessExpression(target)) {
    const key = target.argumentExpression;
    return ts.isStringLiteralLike(key) ? key.text : ts.isIdentifier(key) ? key.text : undefined;
  }
  return undefined;
}

export function accessedPropertyName(name: ts.PropertyName): string | undefined {
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
  return ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression) ? name.expression.text : undefined;
}

function phaseOf(node: ts.Node, receiver: ts.Expression, typeOf: TypeOf): WriteSite['phase'] {
  if (isInHydration(node)) return 'hydrate';
  const around = functionAround(node);
  if (receiver.kind === ts.SyntaxKind.ThisKeyword && around && isConstructor(around, typeOf(receiver)))
    return 'initial';
  return 'change';
}

function isConstructor(node: ts.Node, owner: TypeDraft | undefined): boolean {
  return ts.isConstructorDeclaration(node) || node === owner?.node;
}

export function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isStep(operator: ts.PrefixUnaryOperator): boolean {
  return operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
}

/** The values an expression can give where its type is finite and it does not just pass on anything of its type. */
function valuesOf(
  checker: ts.TypeChecker,
  expression: ts.Expression,
  field: FieldDraft | undefined,
): Value[] | undefined {
  const domain = domainOf(checker.getTypeAtLocation(expression));
  if (!domain) return expression.kind === ts.SyntaxKind.NullKeyword ? [null] : undefined;
  const all = field?.type.domain?.length ?? 0;
  const isPassedOn = !ts.isConditionalExpression(expression) && domain.length > 1 && domain.length >= all;
  return isPassedOn ? undefined : distinctValues(domain.map((d) => d.value));
}
