// Compiled TypeScript: a `.js` whose types stand in the `.d.ts` beside it. Reads both as what they were: the parameters of methods and
// functions get the types that were written for them, in comments the compiler understands, on the line they belong to.
import ts from 'typescript';
import type { Project } from './program.ts';
import type { TypeDraft, TypeTable } from './typeTable.ts';

/** Text put into a file: positions behind it have to be moved back. */
export interface Inserted {
  /** Offset in the original. */
  readonly at: number;
  readonly text: string;
}

const COMPILED = /\.([cm]?)js$/;

/** Where the types of a compiled file stand; undefined: it is none that could have been compiled. */
export function declarationsOf(path: string): string | undefined {
  return COMPILED.test(path) ? path.replace(COMPILED, '.d.$1ts') : undefined;
}

/** The class that runs, of one that is declared beside it. */
export function compiledFrom(project: Project, table: TypeTable, node: ts.Node, name: string): TypeDraft | undefined {
  if (!node.getSourceFile().isDeclarationFile) return undefined;
  const file = project.at(node).file.replace(/\.d\.([cm]?)ts$/, '.$1js');
  return table.byName(name).find((draft) => draft.form === 'class' && draft.source.file === file);
}

/** What to put into a compiled file so that its functions have the types that its declarations say. In order. */
export function annotationsFor(path: string, text: string, declarations: string): Inserted[] {
  const typed = typedNames(ts.createSourceFile('x.d.ts', declarations, ts.ScriptTarget.ESNext, false));
  if (typed.size === 0) return [];
  const file = ts.createSourceFile('x.js', text, ts.ScriptTarget.ESNext, true);
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(COMPILED, '');
  const module = `import(${JSON.stringify(`./${stem}`)})`;
  const inserted: Inserted[] = [];
  const say = (node: ts.Node, type: string): void => {
    inserted.push({ at: node.getStart(file), text: `/** @type {${type}} */ ` });
  };
  const visit = (node: ts.Node): void => {
    const parent = node.parent as ts.Node | undefined;
    if (ts.isMethodDeclaration(node) && parent && ts.isClassLike(parent) && parent.name && ts.isIdentifier(node.name)) {
      const isStatic = ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
      const member = `${parent.name.text}${isStatic ? '::' : '.'}${node.name.text}`;
      const owner = `${module}.${parent.name.text}`;
      const name = JSON.stringify(node.name.text);
      if (node.parameters.length > 0 && typed.has(member))
        say(node, isStatic ? `(typeof ${owner})[${name}]` : `${owner}[${name}]`);
    } else if (ts.isFunctionDeclaration(node) && node.name && parent === file) {
      if (node.parameters.length > 0 && typed.has(node.name.text)) say(node, `typeof ${module}.${node.name.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return inserted.sort((a, b) => a.at - b.at);
}

/** `Class.method`, `Class::static` and functions that are exported, written once and with types. */
function typedNames(file: ts.SourceFile): ReadonlySet<string> {
  const times = new Map<string, number>();
  const count = (name: string): void => void times.set(name, (times.get(name) ?? 0) + 1);
  for (const statement of file.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    if (ts.isFunctionDeclaration(statement) && statement.name) count(statement.name.text);
    if (!ts.isClassDeclaration(statement) || !statement.name) continue;
    for (const member of statement.members) {
      if (!ts.isMethodDeclaration(member) || !ts.isIdentifier(member.name)) continue;
      const kinds = (ts.getModifiers(member) ?? []).map(({ kind }) => kind);
      const isStatic = kinds.includes(ts.SyntaxKind.StaticKeyword);
      // A protected member cannot be named from outside.
      if (kinds.includes(ts.SyntaxKind.PrivateKeyword) || kinds.includes(ts.SyntaxKind.ProtectedKeyword)) continue;
      count(`${statement.name.text}${isStatic ? '::' : '.'}${member.name.text}`);
    }
  }
  return new Set([...times].flatMap(([name, n]) => (n === 1 ? [name] : [])));
}

export function withInserted(text: string, inserted: readonly Inserted[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { at, text: put } of inserted) {
    parts.push(text.slice(from, at), put);
    from = at;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

/** The offset in the original of an offset in the text that was read. */
export function originalOffset(inserted: readonly Inserted[], offset: number): number {
  let moved = 0;
  for (const { at, text } of inserted) {
    if (offset < at + moved + text.length) return Math.min(offset - moved, at);
    moved += text.length;
  }
  return offset - moved;
}
