// Methods and accessors of an object's class, along its bases: written in the class, put on a prototype, kept in a literal.
import ts from 'typescript';
import { isClass } from '../expressions.ts';
import { plainName, type FunctionNode } from '../functions.ts';
import { memberFunction } from '../shapes.ts';
import type { TypeDraft } from '../typeTable.ts';
import type { Machine } from './machine.ts';
import type { Obj } from './state.ts';

/** Types do not change while operations run: what was found of one is found at once the next time. */
interface Found {
  readonly members: Map<TypeDraft, Map<string, FunctionNode | undefined>>;
  readonly heirs: Map<TypeDraft, TypeDraft[]>;
}

const found = new WeakMap<Machine, Found>();

function foundIn(m: Machine): Found {
  const known = found.get(m);
  if (known) return known;
  const fresh: Found = { members: new Map(), heirs: heirsIn(m) };
  found.set(m, fresh);
  return fresh;
}

/** Method or accessor of an object's class, along its bases. */
export function memberOf(m: Machine, obj: Obj, name: string): FunctionNode | undefined {
  const { draft } = obj;
  if (!draft) return undefined;
  const { members } = foundIn(m);
  const ofDraft = members.get(draft) ?? new Map<string, FunctionNode | undefined>();
  members.set(draft, ofDraft);
  if (!ofDraft.has(name)) ofDraft.set(name, memberOfDraft(m, draft, name, 0));
  return ofDraft.get(name);
}

/** Classes that stand for the type where it is asked for. */
export function heirsOf(m: Machine, draft: TypeDraft): readonly TypeDraft[] {
  return foundIn(m).heirs.get(draft) ?? [];
}

function heirsIn(m: Machine): Map<TypeDraft, TypeDraft[]> {
  const heirs = new Map<TypeDraft, TypeDraft[]>();
  for (const heir of m.table.drafts.values()) {
    if (heir.form !== 'class' || !isClass(heir.node)) continue;
    for (const base of basesOf(m, heir, new Set(), 0)) {
      if (base === heir) continue;
      const known = heirs.get(base);
      if (known) known.push(heir);
      else heirs.set(base, [heir]);
    }
  }
  return heirs;
}

/** The type, what it is a form of, and the same of its bases. */
function basesOf(m: Machine, draft: TypeDraft, into: Set<TypeDraft>, depth: number): Set<TypeDraft> {
  into.add(draft);
  into.add(m.table.unionOf(draft));
  if (depth > 6) return into;
  for (const key of draft.bases) {
    const base = m.table.drafts.get(key);
    if (base) basesOf(m, base, into, depth + 1);
  }
  return into;
}

function memberOfDraft(m: Machine, draft: TypeDraft, name: string, depth: number): FunctionNode | undefined {
  if (isClass(draft.node)) {
    for (const member of draft.node.members) {
      const isStatic =
        ts.canHaveModifiers(member) && ts.getModifiers(member)?.some((x) => x.kind === ts.SyntaxKind.StaticKeyword);
      if (isStatic || !member.name || memberName(member.name) !== name) continue;
      if ((ts.isMethodDeclaration(member) || ts.isGetAccessor(member)) && member.body) return member;
      if (ts.isPropertyDeclaration(member) && member.initializer && ts.isArrowFunction(member.initializer))
        return member.initializer;
    }
  }
  if (draft.form === 'shape' && draft.node && ts.isObjectLiteralExpression(draft.node)) {
    const property = draft.node.properties.find((p) => p.name && plainName(p.name) === name);
    const written = property && memberFunction(m.checker, property);
    if (written) return written;
  }
  if (!name.startsWith('#') && (!isClass(draft.node) || m.models.isRecord(draft))) {
    const put = m.flow.methodsNamed(name).find((fn) => isPutOn(m, fn, draft));
    if (put) return put;
  }
  const defined = definedAccessor(m, draft, name, 'get');
  if (defined) return defined;
  if (depth > 6) return undefined;
  for (const key of draft.bases) {
    const base = m.table.drafts.get(key);
    const found = base && memberOfDraft(m, base, name, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function isPutOn(m: Machine, fn: FunctionNode, draft: TypeDraft): boolean {
  const owner = m.models.ownerOf(fn);
  return owner?.draft === draft && !owner.isStatic;
}

function memberName(name: ts.PropertyName): string | undefined {
  return ts.isPrivateIdentifier(name) ? name.text : plainName(name);
}

/** What runs when the field is given a value. */
export function setterOf(m: Machine, obj: Obj, name: string): FunctionNode | undefined {
  return obj.draft && !obj.fields.has(name) ? setterOfDraft(m, obj.draft, name, 0) : undefined;
}

function setterOfDraft(m: Machine, draft: TypeDraft, name: string, depth: number): FunctionNode | undefined {
  if (isClass(draft.node)) {
    for (const member of draft.node.members)
      if (ts.isSetAccessor(member) && member.body && memberName(member.name) === name) return member;
  }
  const defined = definedAccessor(m, draft, name, 'set');
  if (defined) return defined;
  if (depth > 6) return undefined;
  for (const key of draft.bases) {
    const base = m.table.drafts.get(key);
    const found = base && setterOfDraft(m, base, name, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** `Object.defineProperty(Craft.prototype, 'phase', { get: fn, set: fn })` */
export function definedAccessor(
  m: Machine,
  draft: TypeDraft,
  name: string,
  kind: 'get' | 'set',
): FunctionNode | undefined {
  if (isClass(draft.node) || !draft.node) return undefined;
  return m.flow.methodsNamed(kind).find((fn) => {
    const literal = ts.isMethodDeclaration(fn) ? fn.parent : fn.parent.parent;
    const call = literal.parent as ts.Node | undefined;
    if (!call || !ts.isCallExpression(call) || !/^(?:Object|Reflect)\.defineProperty$/.test(call.expression.getText()))
      return false;
    const [target, key] = call.arguments;
    return (
      target !== undefined &&
      ts.isPropertyAccessExpression(target) &&
      m.table.bySymbol(m.flow.symbolOf(target.expression)) === draft &&
      key !== undefined &&
      ts.isStringLiteralLike(key) &&
      key.text === name
    );
  });
}
