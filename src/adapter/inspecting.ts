// Requests that look: threads, frames, scopes, variables, expressions, sources. None of them moves the view.
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Failure, isFailure } from '../model/index.ts';
import { traceMatesOf } from '../present/index.ts';
import type { Evaluation } from '../session/index.ts';
import { fieldsOf, optionalNumber, optionalText, textOf, wholeNumber } from './arguments.ts';
import { openedOf, threadOf, type SessionContext } from './context.ts';
import {
  entitiesContainer,
  entitiesLine,
  entityVariable,
  instancesContainer,
  typeLine,
  valuesContainer,
  type Tree,
} from './entityTree.ts';
import { framesOf, threadOfFrame } from './frames.ts';
import { literalLine, wholeText, kindOf, type ValueFormat } from './literals.ts';
import { HELP } from './help.ts';
import type { Handlers } from './protocol.ts';
import { announced, type Container, type VariableFilter } from './references.ts';
import { scopesOf } from './scopes.ts';
import { childrenOf } from './valueTree.ts';

type Inspecting = Pick<
  Handlers,
  | 'threads'
  | 'stackTrace'
  | 'scopes'
  | 'variables'
  | 'evaluate'
  | 'completions'
  | 'source'
  | 'loadedSources'
  | 'modules'
>;

/** A client that asks for everything at once gets this many; the rest is paged. */
const MOST_AT_ONCE = 5000;

export function inspectingHandlers(context: SessionContext): Inspecting {
  const treeAt = (seq?: number): Tree => {
    const { view } = openedOf(context);
    return { view, references: context.references, seq: seq ?? view.cursor().seq };
  };

  return {
    threads: () => ({
      threads: openedOf(context)
        .view.threads()
        .map(({ id, name }) => ({ id, name })),
    }),

    stackTrace(args) {
      const { view, sources } = openedOf(context);
      const thread = threadOf(view, optionalNumber(args.threadId, 'threadId'));
      const point = view.point(thread);
      const cause = point?.kind === 'event' ? traceMatesOf(view.session.store, point).cause : undefined;
      const frames = framesOf(thread, point, { sources, form: context.form }, cause);
      const start = Math.max(0, optionalNumber(args.startFrame, 'startFrame') ?? 0);
      const levels = optionalNumber(args.levels, 'levels') ?? 0;
      return {
        stackFrames: frames.slice(start, levels > 0 ? start + levels : undefined),
        totalFrames: frames.length,
      };
    },

    scopes(args) {
      const { view } = openedOf(context);
      const thread = threadOf(view, threadOfFrame(wholeNumber(args.frameId, 'frameId')));
      return { scopes: scopesOf(treeAt(), view.point(thread)) };
    },

    variables(args) {
      const container = context.references.get(wholeNumber(args.variablesReference, 'variablesReference'));
      const start = optionalNumber(args.start, 'start') ?? 0;
      const count = optionalNumber(args.count, 'count');
      const filter = filterOf(args.filter);
      const variables = container.list(filter, start, count || MOST_AT_ONCE, formatOf(args.format));
      if (count) return { variables: [...variables] };
      return { variables: [...variables, ...restOf(container, filter, start + variables.length)] };
    },

    evaluate(args) {
      const { view } = openedOf(context);
      const expression = textOf(args.expression, 'expression');
      const where = optionalText(args.context, 'context');
      const format = formatOf(args.format);
      if (where === 'repl' && /^\s*(help|\?)\s*$/i.test(expression)) return { result: HELP, variablesReference: 0 };
      try {
        const evaluation = view.evaluate(expression);
        return resultOf(evaluation, treeAt(evaluation.seq), where === 'clipboard' ? 'whole' : format);
      } catch (error) {
        // Only the console has room to point at the place in the text.
        if (isFailure(error, 'query') && where !== 'repl') {
          throw new Failure(where === 'hover' ? 'hover' : 'query', error.message.split('\n', 1)[0] ?? '', error.action);
        }
        throw error;
      }
    },

    completions(args) {
      const { view } = openedOf(context);
      const { form } = context;
      const lines = textOf(args.text, 'text').split('\n');
      const line = form.fromLine(optionalNumber(args.line, 'line') ?? form.line(1));
      const text = lines[Math.max(0, line - 1)] ?? '';
      const offset = form.fromColumn(wholeNumber(args.column, 'column')) - 1;
      const targets = view
        .complete(text, offset)
        .map(({ text: insert, label, kind, start, length, detail }, index): DebugProtocol.CompletionItem => ({
          label,
          text: insert,
          type: COMPLETION_TYPES[kind],
          start: form.column(start + 1),
          length,
          sortText: String(index).padStart(4, '0'),
          ...(detail !== undefined && { detail }),
        }));
      return { targets };
    },

    source(args) {
      const { sources } = openedOf(context);
      const named = args.source === undefined ? undefined : fieldsOf(args.source, 'source')['sourceReference'];
      return sources.content(wholeNumber(named ?? args.sourceReference, 'sourceReference'));
    },

    loadedSources() {
      const { view, sources } = openedOf(context);
      return { sources: [...sources.loaded(view.session.model())] };
    },

    modules() {
      const { view } = openedOf(context);
      // Threads begin with the attached services, in their order.
      const { targets } = view.session;
      const modules = view.threads().map(({ id, name }, n): DebugProtocol.Module => {
        const target = targets[n];
        return {
          id,
          name,
          ...(target?.image !== undefined && { path: target.image }),
          symbolStatus: target?.connected ? 'attached' : 'recorded',
        };
      });
      return { modules, totalModules: modules.length };
    },
  };
}

const COMPLETION_TYPES = {
  type: 'class',
  attribute: 'field',
  relation: 'reference',
  state: 'enum',
  id: 'value',
  function: 'function',
  keyword: 'keyword',
} as const satisfies Record<string, DebugProtocol.CompletionItemType>;

/** A client that does not page is told what it does not see. */
function restOf(container: Container, filter: VariableFilter | undefined, shown: number): DebugProtocol.Variable[] {
  const total = (filter === 'indexed' ? 0 : container.named) + (filter === 'named' ? 0 : container.indexed);
  if (shown >= total) return [];
  const value = `${total - shown} more: ask for fewer, as in Order[status="paid"]`;
  return [{ name: '…', value, variablesReference: 0 }];
}

function filterOf(filter: unknown): VariableFilter | undefined {
  return filter === 'named' || filter === 'indexed' ? filter : undefined;
}

function formatOf(format: unknown): ValueFormat {
  return typeof format === 'object' && format !== null && 'hex' in format && format.hex === true ? { hex: true } : {};
}

type Body = DebugProtocol.EvaluateResponse['body'];

function resultOf(evaluation: Evaluation, tree: Tree, format: ValueFormat | 'whole'): Body {
  const { references } = tree;
  const body = (result: string, type: string, container: Container | undefined): Body => ({
    result,
    type,
    presentationHint: { attributes: ['readOnly'] },
    ...announced(references, container),
  });
  switch (evaluation.kind) {
    case 'value': {
      const { value } = evaluation;
      const text = format === 'whole' ? wholeText(value) : literalLine(value, format);
      return body(text, kindOf(value), childrenOf(references, value));
    }
    case 'entity': {
      const { name: _, value, ...rest } = entityVariable(tree, '', evaluation.ref);
      return { result: value, ...rest };
    }
    case 'entities':
      return body(entitiesLine(evaluation.refs), 'entities', entitiesContainer(tree, evaluation.refs));
    case 'values': {
      const { values } = evaluation;
      const shown = format === 'whole' ? {} : format;
      const first = values.slice(0, 3).map((value) => literalLine(value, shown));
      const line =
        values.length === 0 ? 'none' : `(${values.length}) ${first.join(', ')}${values.length > 3 ? ', …' : ''}`;
      return body(line, 'values', valuesContainer(references, values));
    }
    case 'type': {
      const container = instancesContainer(tree, evaluation.entity);
      return body(`${evaluation.entity}: ${typeLine(container.indexed)}`, 'entity', container);
    }
  }
}
