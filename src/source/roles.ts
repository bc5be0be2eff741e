// What a type is by how it is named and built: error, event, command, transfer object, service, repository, row, context. Reasons are for people.
import { isClass, visitAll } from './expressions.ts';
import ts from 'typescript';
import type { TypeRole } from './codeModel.ts';
import type { Project } from './program.ts';
import { hasIdentity } from './stores.ts';
import type { TypeDraft, TypeTable } from './typeTable.ts';

const BY_NAME: readonly (readonly [TypeRole, RegExp])[] = [
  ['error', /(?:Error|Exception|Fault|Failure)$/],
  ['event', /(?:Event|Events|DomainEvent|Fact|Notification)$/],
  ['command', /(?:Command|Commands|Query|Action|Intent)$/],
  [
    'dto',
    /(?:Dto|DTO|View|ViewModel|Response|Reply|Body|Payload|Params|Input|Output|Args|Options|Config|Settings|Json|JSON|Summary|Filter|Request(?:Body|Dto|Params|Data))$/,
  ],
  [
    'service',
    /(?:Service|Services|Handler|Controller|UseCase|Usecase|UseCases|Interactor|Manager|Server|Gateway|Client|Factory|Mapper|Bus|Emitter|Dispatcher|Scheduler|Middleware|Router|Validator|Serializer|Presenter|Resolver|Module|Logger|Clock|Publisher|Subscriber|Listener|Adapter|Provider|Projector|Saga|Facade|Engine|Processor|Runner)$/,
  ],
  [
    'repository',
    /(?:Repository|Repo|Store|Storage|Dao|DAO|Registry|Database|UnitOfWork|EventStream|Stream|Table|Collection)$/,
  ],
  ['row', /(?:Row|Record|Tuple|DbModel|Schema|Snapshot|Memento)$/],
  ['context', /(?:Context|Metadata|Meta|RequestInfo|Caller|Principal|Envelope)$/],
];
const LIBRARY_BASE =
  /^(?:EventEmitter|Readable|Writable|Transform|Duplex|Server|Agent|AsyncLocalStorage|AsyncResource|HTMLElement|Component|Controller|Module)$/;

export function collectRoles(project: Project, table: TypeTable): void {
  const { checker } = project;
  for (const draft of table.drafts.values()) {
    for (const [role, pattern] of BY_NAME) {
      if (pattern.test(draft.name) && !(role !== 'error' && weakName(role, draft)))
        mark(draft, role, `named like one: ${draft.name}`);
    }
    const base = libraryBase(draft.node);
    if (base !== undefined) {
      if (/(?:Error|Exception)$/.test(base)) mark(draft, 'error', `extends ${base}`);
      else if (LIBRARY_BASE.test(base)) mark(draft, 'framework', `extends ${base}`);
    }
    if (isErrorFunction(draft)) mark(draft, 'error', 'its prototype is an Error');
    if (isServiceByForm(draft)) mark(draft, 'service', 'has no value of its own, only collaborators');
    if (isValueByForm(draft)) mark(draft, 'value', 'fixed when made and without an identity');
  }
  for (const draft of table.drafts.values()) inherit(table, draft, 0);
  markContexts(project, table, checker);
  markTransferTypes(project, table, checker);
  markThrown(project, table, checker);
}

function mark(draft: TypeDraft, role: TypeRole, reason: string): void {
  if (!draft.roles.has(role)) draft.roles.set(role, reason);
}

/** Names that things of the business have too: an identity speaks for the thing. */
function weakName(role: TypeRole, draft: TypeDraft): boolean {
  if (role === 'event' || role === 'service' || role === 'repository') return false;
  const weak =
    /(?:Action|Notification|Record|Request|Reply|Summary|Schema|Query|Response|Input|Output|Table|Collection)$/.test(
      draft.name,
    );
  return weak && hasIdentity(draft) && role !== 'dto';
}

function libraryBase(node: ts.Node | undefined): string | undefined {
  const clauses = (node as Partial<ts.ClassLikeDeclaration> | undefined)?.heritageClauses ?? [];
  const extended = clauses.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression;
  return extended && (ts.isPropertyAccessExpression(extended) ? extended.name.text : extended.getText());
}

/** `Refusal.prototype = Object.create(Error.prototype)`, `util.inherits(Refusal, Error)` */
function isErrorFunction(draft: TypeDraft): boolean {
  if (!draft.node || isClass(draft.node) || draft.form !== 'class') return false;
  const text = draft.node.getSourceFile().text;
  const name = draft.name.replace(/[^\w]/g, '');
  return (
    new RegExp(`\\b${name}\\.prototype\\s*=\\s*(?:Object\\.create\\(\\s*(?:new\\s+)?Error|new Error)`).test(text) ||
    new RegExp(`inherits\\(\\s*${name}\\s*,\\s*Error`).test(text)
  );
}

function isServiceByForm(draft: TypeDraft): boolean {
  if (draft.form !== 'class' || hasIdentity(draft)) return false;
  const stored = [...draft.fields.values()].filter((f) => !f.derived);
  if (stored.length === 0) return false;
  return stored.every(
    (f) => f.type.kind === 'map' || f.type.kind === 'unknown' || (f.type.kind === 'reference' && !f.type.tag),
  );
}

function isValueByForm(draft: TypeDraft): boolean {
  const stored = [...draft.fields.values()].filter((f) => !f.derived);
  if (stored.length === 0 || hasIdentity(draft) || draft.form === 'union') return false;
  if (draft.stores.some(({ keyField }) => keyField !== undefined)) return false;
  return (
    stored.every((f) => f.writes.every((w) => w.phase !== 'change')) &&
    stored.every((f) => f.type.kind !== 'reference' || f.type.tag)
  );
}

function inherit(table: TypeTable, draft: TypeDraft, depth: number): void {
  if (depth > 8) return;
  for (const key of draft.bases) {
    const base = table.drafts.get(key);
    if (!base) continue;
    inherit(table, base, depth + 1);
    for (const role of ['error', 'event', 'command', 'service', 'repository', 'framework'] as const) {
      if (base.roles.has(role)) mark(draft, role, `extends ${base.name}`);
    }
  }
  for (const key of draft.members) {
    const member = table.drafts.get(key);
    for (const role of ['event', 'command'] as const)
      if (member && draft.roles.has(role)) mark(member, role, `member of ${draft.name}`);
  }
}

/** What an AsyncLocalStorage carries is the context of a request. */
function markContexts(project: Project, table: TypeTable, checker: ts.TypeChecker): void {
  forEachNode(project, (node) => {
    if (!ts.isNewExpression(node) || !/AsyncLocalStorage$/.test(node.expression.getText())) return;
    const argument = node.typeArguments?.[0];
    const draft = argument && table.of(checker.getTypeFromTypeNode(argument));
    if (draft) mark(draft, 'context', 'carried by an AsyncLocalStorage');
  });
}

/** What `toView`, `toJSON` and the like give, and what request bodies are cast to. */
function markTransferTypes(project: Project, table: TypeTable, checker: ts.TypeChecker): void {
  forEachNode(project, (node) => {
    if (!(ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node) || ts.isArrowFunction(node)) || !node.type)
      return;
    const holder =
      node.name ??
      (ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent) ? node.parent.name : undefined);
    const name = holder?.getText() ?? '';
    const role: TypeRole | undefined =
      /^to(?:View|Dto|DTO|JSON|Json|Response|Api|Summary)$|(?:View|Dto|Response)$/.test(name)
        ? 'dto'
        : /^to(?:Row|Record|Persistence|Db|Storage|Snapshot|Primitives|Document)$/.test(name)
          ? 'row'
          : undefined;
    const draft = role && table.of(checker.getTypeFromTypeNode(node.type));
    if (role && draft && draft.form !== 'class') mark(draft, role, `given by ${name}`);
  });
}

function markThrown(project: Project, table: TypeTable, checker: ts.TypeChecker): void {
  forEachNode(project, (node) => {
    if (!ts.isThrowStatement(node) || !ts.isNewExpression(node.expression)) return;
    const draft = table.of(checker.getTypeAtLocation(node.expression));
    if (draft) mark(draft, 'error', 'is thrown');
  });
}

function forEachNode(project: Project, work: (node: ts.Node) => void): void {
  for (const file of project.files) visitAll(file, work);
}
