// Recording in a live process: plans edits from the code model, applies and reverts them, drains what they tell. Knows no store.
export { createStackReader } from './stacks.ts';
export { nominate } from './nominate.ts';
export { planRecording } from './planRecording.ts';
export { isOwnScript, runningScripts, startRecorder } from './recorder.ts';
export type { Recorder, RecorderOptions } from './recorder.ts';
export { claimTarget } from './claim.ts';
export type { Claim } from './claim.ts';
export { findLeftovers, restoreLeftovers } from './leftovers.ts';
export { Ledger } from './ledger.ts';
export type { LedgerOptions, RecordedEvent } from './ledger.ts';
export type { ProbeAnswer } from './probeAnswer.ts';
export type { PlannedScript, RecordingPlan, ScriptPlan, Site, WatchedEntity } from './plan.ts';
export { RecorderGroup } from './recorderGroup.ts';
export { evaluate } from './door.ts';
export type { Door } from './door.ts';
export { changedFiles } from './freshness.ts';
export { MOST_EVENTS } from './probeOptions.ts';
export { eventsThatFit } from './room.ts';
