// How the client at the other end counts and what it can show, as it said in `initialize`.
import type { DebugProtocol } from '@vscode/debugprotocol';

export interface ClientForm {
  /** From the model's count (from 1) to the client's, and back. */
  line(line: number): number;
  column(column: number): number;
  fromLine(line: number): number;
  fromColumn(column: number): number;
  readonly paths: 'path' | 'uri';
  readonly progress: boolean;
  readonly invalidated: boolean;
  readonly variableTypes: boolean;
  readonly paging: boolean;
  /** It starts another debug session when asked to. */
  readonly startDebugging: boolean;
}

export function clientForm(args: Partial<DebugProtocol.InitializeRequestArguments>): ClientForm {
  const lines = args.linesStartAt1 === false ? 1 : 0;
  const columns = args.columnsStartAt1 === false ? 1 : 0;
  return {
    line: (line) => line - lines,
    column: (column) => column - columns,
    fromLine: (line) => line + lines,
    fromColumn: (column) => column + columns,
    paths: args.pathFormat === 'uri' ? 'uri' : 'path',
    progress: args.supportsProgressReporting === true,
    invalidated: args.supportsInvalidatedEvent === true,
    variableTypes: args.supportsVariableType === true,
    paging: args.supportsVariablePaging === true,
    startDebugging: args.supportsStartDebuggingRequest === true,
  };
}
