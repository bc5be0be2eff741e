// The use-cases: attach, snapshot, record, browse, compare, export. Wires the rooms; knows no DAP and no VS Code.
export { createApp } from './app.ts';
export type {
  App,
  Recording,
  RecordingPreview,
  AppOptions,
  LentInspector,
  Session,
  SessionEvents,
  SessionOptions,
  SessionTarget,
  SnapshotOptions,
} from './session.ts';
export { beginLive, recordBySnapshots, TIERS } from './recording.ts';
export type { RecordingOptions, Tier } from './recording.ts';
export { SOURCE_METHODS } from './snapshotSource.ts';
export type { SourceMethod } from './snapshotSource.ts';
export { leftoversIn } from './leftovers.ts';
export type { Leftovers } from './leftovers.ts';
export { diagnoseTarget, extractOnce, listTargets, readObjects, snapshotToFile } from './tools.ts';
export type { ExtractOptions } from './tools.ts';
export { bisect, describeBad } from './bisect.ts';
export type { BisectOptions, FirstBad } from './bisect.ts';
export { lawsFor, pointOf, readState, readViolations, withTimeline } from './storedTimeline.ts';
export type { EntityChoice } from './storedTimeline.ts';
export { takeCheckpoint } from './returning/checkpointing.ts';
export type { CheckpointOptions, TakenCheckpoint } from './returning/checkpointing.ts';
export { returnTo, verifyState } from './returning/returning.ts';
export type { Returned, ReturnOptions, VerifyOptions } from './returning/returning.ts';
export { writeBack } from './returning/writingBack.ts';
export type { WriteBackOptions, WroteBack } from './returning/writingBack.ts';
export { describePreflight, LAST_CONSISTENT } from '../restore/index.ts';
export type { Preflight, Verdict, WritePlan } from '../restore/index.ts';
export { decidedText, decideLaws, listLaws } from './decidedLaws.ts';
export { proposeLaws } from './proposedLaws.ts';
export { dataDirectory } from './storePaths.ts';
export { findWorkspaceFile, readWorkspaceFile } from './workspaceSettings.ts';
export type { WorkspaceSettings } from './workspaceSettings.ts';
export { createView } from './view/view.ts';
export type {
  BreakpointKind,
  BreakpointRequest,
  BreakpointTarget,
  DataTarget,
  PlacedBreakpoint,
} from './view/breakpoints.ts';
export type { Evaluation, LawFilter, Stop, StopReason, View, ViewEvents, ViewThread } from './view/contract.ts';
export { lawFilters } from './view/laws.ts';
export type { StepKind } from './view/stepping.ts';
export type { TimelineStore } from '../timeline/index.ts';
