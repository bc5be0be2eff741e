// Breakpoints as DAP asks for them, as breakpoints over business events. What cannot be placed says why.
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BreakpointRequest, DataTarget, PlacedBreakpoint } from '../session/index.ts';
import {
  fieldsOf,
  listOfFields,
  listOfTexts,
  optionalNumber,
  optionalText,
  textOf,
  wholeNumber,
  type Fields,
} from './arguments.ts';
import { openedOf, type SessionContext } from './context.ts';
import type { Handlers } from './protocol.ts';
import { dataIdOf, dataTargetByName, describeTarget, targetOfDataId } from './dataTargets.ts';

type Breaking = Pick<
  Handlers,
  | 'setBreakpoints'
  | 'breakpointLocations'
  | 'setFunctionBreakpoints'
  | 'dataBreakpointInfo'
  | 'setDataBreakpoints'
  | 'setExceptionBreakpoints'
>;

export function breakingHandlers(context: SessionContext): Breaking {
  return {
    async setBreakpoints(args) {
      const { view, sources } = openedOf(context);
      const source = fieldsOf(args.source, 'source');
      const requests = listOfFields(args.breakpoints, 'breakpoints');
      const lines = requests.map((one) => context.form.fromLine(wholeNumber(one['line'], 'line')));
      const file = sources.fileOf(source);
      if (file === undefined) {
        return { breakpoints: lines.map(() => ({ verified: false, message: 'Not in the source directories.' })) };
      }
      const placed = view.setBreakpoints(
        'source',
        requests.map((one, i) => ({ target: { kind: 'source', file, line: lines[i] ?? 0 }, ...conditionsOf(one) })),
        file,
      );
      await view.armed();
      return {
        breakpoints: placed.map((one, i) => ({ ...told(one), source, line: context.form.line(lines[i] ?? 0) })),
      };
    },

    breakpointLocations(args) {
      const { view, sources } = openedOf(context);
      const file = sources.fileOf(fieldsOf(args.source, 'source'));
      const from = context.form.fromLine(wholeNumber(args.line, 'line'));
      const endLine = optionalNumber(args.endLine, 'endLine');
      const to = endLine === undefined ? from : context.form.fromLine(endLine);
      const lines = file === undefined ? [] : view.writeLines(file);
      return {
        breakpoints: lines
          .filter((line) => line >= from && line <= to)
          .map((line) => ({ line: context.form.line(line) })),
      };
    },

    async setFunctionBreakpoints(args) {
      const requests = listOfFields(args.breakpoints, 'breakpoints').map((one): BreakpointRequest => ({
        target: { kind: 'function', pattern: textOf(one['name'], 'name') },
        ...conditionsOf(one),
      }));
      const { view } = openedOf(context);
      const placed = view.setBreakpoints('function', requests);
      await view.armed();
      return { breakpoints: placed.map(told) };
    },

    dataBreakpointInfo(args) {
      const target = dataTargetOf(args, context);
      if (!target) return { dataId: null, description: 'Only attributes and relations of entities can be watched.' };
      return {
        dataId: dataIdOf(target),
        description: describeTarget(target),
        accessTypes: ['write'],
        // Type and business key find the entity again in every session.
        canPersist: true,
      };
    },

    async setDataBreakpoints(args) {
      const requests = listOfFields(args.breakpoints, 'breakpoints').map((one): BreakpointRequest => ({
        target: targetOfDataId(textOf(one['dataId'], 'dataId')),
        ...conditionsOf(one),
      }));
      const { view } = openedOf(context);
      const placed = view.setBreakpoints('data', requests);
      await view.armed();
      return { breakpoints: placed.map(told) };
    },

    setExceptionBreakpoints(args) {
      const plain = (listOfTexts(args.filters, 'filters') ?? []).map((law): BreakpointRequest => ({
        target: { kind: 'law', law },
      }));
      const optional = listOfFields(args.filterOptions, 'filterOptions').map((one): BreakpointRequest => ({
        target: { kind: 'law', law: textOf(one['filterId'], 'filterId') },
        ...conditionsOf(one),
      }));
      return {
        breakpoints: openedOf(context)
          .view.setBreakpoints('law', [...plain, ...optional])
          .map(told),
      };
    },
  };
}

function conditionsOf(one: Fields): Omit<BreakpointRequest, 'target'> {
  const condition = optionalText(one['condition'], 'condition');
  const hitCondition = optionalText(one['hitCondition'], 'hitCondition');
  const logMessage = optionalText(one['logMessage'], 'logMessage');
  return {
    ...(condition !== undefined && { condition }),
    ...(hitCondition !== undefined && { hitCondition }),
    ...(logMessage !== undefined && { logMessage }),
  };
}

function told({ id, verified, message }: PlacedBreakpoint): DebugProtocol.Breakpoint {
  return {
    id,
    verified,
    ...(message !== undefined && { message }),
    ...(!verified && { reason: 'failed' as const }),
  };
}

/** From the Variables view by its reference and name; by name alone as `Order.status` or `Order["1042"].status`. */
function dataTargetOf(
  args: DebugProtocol.DataBreakpointInfoArguments,
  context: SessionContext,
): DataTarget | undefined {
  const name = textOf(args.name, 'name');
  const reference = optionalNumber(args.variablesReference, 'variablesReference');
  if (reference) return context.references.get(reference).watch?.(name);
  return dataTargetByName(name, openedOf(context).view);
}
