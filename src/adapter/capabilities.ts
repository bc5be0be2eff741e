// What this adapter can do, as it tells the client; and what is asked of it that a timeline read from snapshots cannot do.
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Failure } from '../model/index.ts';
import { lawFilters, type LawFilter } from '../session/index.ts';
import type { Handlers } from './protocol.ts';

export function capabilities(): DebugProtocol.Capabilities {
  return {
    supportsConfigurationDoneRequest: true,
    supportsStepBack: true,
    supportsGotoTargetsRequest: true,
    supportsFunctionBreakpoints: true,
    supportsDataBreakpoints: true,
    supportsConditionalBreakpoints: true,
    supportsHitConditionalBreakpoints: true,
    supportsLogPoints: true,
    supportsBreakpointLocationsRequest: true,
    supportsEvaluateForHovers: true,
    supportsClipboardContext: true,
    supportsCompletionsRequest: true,
    completionTriggerCharacters: ['.', '[', '"', '=', '@'],
    supportsExceptionFilterOptions: true,
    supportsExceptionInfoRequest: true,
    exceptionBreakpointFilters: filtersOf(lawFilters()),
    supportsDelayedStackTraceLoading: true,
    supportsLoadedSourcesRequest: true,
    supportsModulesRequest: true,
    supportsValueFormattingOptions: true,
    supportsCancelRequest: true,
    supportTerminateDebuggee: false,
    supportsTerminateRequest: false,
    supportsSetVariable: false,
    supportsSetExpression: false,
    supportsRestartFrame: false,
    supportsReadMemoryRequest: false,
  };
}

/** What the client has to be told once a model is known: laws of this service beside those of every one. */
export function lawCapabilities(laws: readonly LawFilter[]): DebugProtocol.Capabilities | undefined {
  if (laws.length <= lawFilters().length) return undefined;
  return { exceptionBreakpointFilters: filtersOf(laws) };
}

function filtersOf(laws: readonly LawFilter[]): DebugProtocol.ExceptionBreakpointsFilter[] {
  return laws.map(({ law, title, description }) => ({
    filter: law,
    label: law === 'all' || law === 'new' ? title : `Law: ${title}`,
    description,
    default: false,
    supportsCondition: true,
    conditionDescription: 'Over the event, for instance object.total > 100',
  }));
}

const READ_ONLY = 'The service is only read: its values are not changed.';

/** Requests that are known, and why they are refused. */
export function refusedHandlers(): Pick<Handlers, 'setVariable' | 'setExpression' | 'restartFrame' | 'readMemory'> {
  const refuse = (what: string, action: string) => (): never => {
    throw new Failure('not-possible', what, action);
  };
  return {
    setVariable: refuse(READ_ONLY, 'Change it in the service itself, then take a snapshot.'),
    setExpression: refuse(READ_ONLY, 'Change it in the service itself, then take a snapshot.'),
    restartFrame: refuse(
      'The recording has no copy of the service that could be brought back to this point.',
      'Step back to see the state as it was; a copy to return to needs a checkpoint of the container.',
    ),
    readMemory: refuse(
      'Heap snapshots hold values, not bytes.',
      'Reading bytes needs a snapshot of the raw process memory.',
    ),
  };
}
