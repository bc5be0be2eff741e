// The requests this adapter answers, as data: command -> [arguments, body]. A handler table typed by it cannot misspell one.
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Work } from '../model/index.ts';

/** The body of a response, without what every response has. */
type Body<R extends DebugProtocol.Response> = R['body'];

export interface DapRequests {
  initialize: [Partial<DebugProtocol.InitializeRequestArguments>, DebugProtocol.Capabilities];
  attach: [DebugProtocol.AttachRequestArguments & Record<string, unknown>, void];
  launch: [DebugProtocol.LaunchRequestArguments & Record<string, unknown>, void];
  configurationDone: [DebugProtocol.ConfigurationDoneArguments, void];
  disconnect: [DebugProtocol.DisconnectArguments, void];
  terminate: [DebugProtocol.TerminateArguments, void];
  cancel: [DebugProtocol.CancelArguments, void];
  threads: [Record<string, never>, Body<DebugProtocol.ThreadsResponse>];
  stackTrace: [DebugProtocol.StackTraceArguments, Body<DebugProtocol.StackTraceResponse>];
  scopes: [DebugProtocol.ScopesArguments, Body<DebugProtocol.ScopesResponse>];
  variables: [DebugProtocol.VariablesArguments, Body<DebugProtocol.VariablesResponse>];
  evaluate: [DebugProtocol.EvaluateArguments, Body<DebugProtocol.EvaluateResponse>];
  completions: [DebugProtocol.CompletionsArguments, Body<DebugProtocol.CompletionsResponse>];
  setBreakpoints: [DebugProtocol.SetBreakpointsArguments, Body<DebugProtocol.SetBreakpointsResponse>];
  breakpointLocations: [DebugProtocol.BreakpointLocationsArguments, Body<DebugProtocol.BreakpointLocationsResponse>];
  setFunctionBreakpoints: [
    DebugProtocol.SetFunctionBreakpointsArguments,
    Body<DebugProtocol.SetFunctionBreakpointsResponse>,
  ];
  dataBreakpointInfo: [DebugProtocol.DataBreakpointInfoArguments, Body<DebugProtocol.DataBreakpointInfoResponse>];
  setDataBreakpoints: [DebugProtocol.SetDataBreakpointsArguments, Body<DebugProtocol.SetDataBreakpointsResponse>];
  setExceptionBreakpoints: [
    DebugProtocol.SetExceptionBreakpointsArguments,
    Body<DebugProtocol.SetExceptionBreakpointsResponse>,
  ];
  exceptionInfo: [DebugProtocol.ExceptionInfoArguments, Body<DebugProtocol.ExceptionInfoResponse>];
  next: [DebugProtocol.NextArguments, void];
  stepBack: [DebugProtocol.StepBackArguments, void];
  stepIn: [DebugProtocol.StepInArguments, void];
  stepOut: [DebugProtocol.StepOutArguments, void];
  continue: [DebugProtocol.ContinueArguments, Body<DebugProtocol.ContinueResponse>];
  reverseContinue: [DebugProtocol.ReverseContinueArguments, void];
  pause: [DebugProtocol.PauseArguments, void];
  goto: [DebugProtocol.GotoArguments, void];
  gotoTargets: [DebugProtocol.GotoTargetsArguments, Body<DebugProtocol.GotoTargetsResponse>];
  source: [DebugProtocol.SourceArguments, Body<DebugProtocol.SourceResponse>];
  loadedSources: [DebugProtocol.LoadedSourcesArguments, Body<DebugProtocol.LoadedSourcesResponse>];
  modules: [DebugProtocol.ModulesArguments, Body<DebugProtocol.ModulesResponse>];
  setVariable: [DebugProtocol.SetVariableArguments, never];
  setExpression: [DebugProtocol.SetExpressionArguments, never];
  restartFrame: [DebugProtocol.RestartFrameArguments, never];
  readMemory: [DebugProtocol.ReadMemoryArguments, never];
}

export type Command = keyof DapRequests;

/** What a handler is given besides its arguments: how to be stopped, and how to say how far it is. */
export type Handler<N extends Command> = (
  args: DapRequests[N][0],
  work: Work,
) => DapRequests[N][1] | Promise<DapRequests[N][1]>;

export type Handlers = { readonly [N in Command]: Handler<N> };

/** The events this adapter sends by itself, with their bodies. */
export interface DapEvents {
  initialized: undefined;
  stopped: DebugProtocol.StoppedEvent['body'];
  continued: DebugProtocol.ContinuedEvent['body'];
  terminated: DebugProtocol.TerminatedEvent['body'];
  output: DebugProtocol.OutputEvent['body'];
  thread: DebugProtocol.ThreadEvent['body'];
  breakpoint: DebugProtocol.BreakpointEvent['body'];
  capabilities: DebugProtocol.CapabilitiesEvent['body'];
  invalidated: DebugProtocol.InvalidatedEvent['body'];
  loadedSource: DebugProtocol.LoadedSourceEvent['body'];
  progressStart: DebugProtocol.ProgressStartEvent['body'];
  progressUpdate: DebugProtocol.ProgressUpdateEvent['body'];
  progressEnd: DebugProtocol.ProgressEndEvent['body'];
}
