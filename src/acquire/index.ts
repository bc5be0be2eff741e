// Reaching a running service: container engines, processes, byte tunnels, inspector sessions, captures.
// Knows engines and protocols; does not know what is in the bytes.
export { parseTarget, showTarget } from './address.ts';
export { attachChild, childrenOf } from './childProcesses.ts';
export type { ChildProcess } from './childProcesses.ts';
export { ChildWatch } from './childWatch.ts';
export type { ChildListener } from './childWatch.ts';
export { attach } from './heldAttachment.ts';
export { captureToFile } from './captureFile.ts';
export { diagnose } from './diagnose.ts';
export { listTargets } from './listing.ts';
export { asStopped, isCoreImage, threadOf } from './memory/checkpoint/restoredTasks.ts';
export type { ThreadPosition } from './memory/checkpoint/restoredTasks.ts';
export { findContainer } from './engine/find.ts';
export type { FoundContainer } from './engine/find.ts';
export { hostPids } from './engine/hostView.ts';
export { isIdle } from './memory/stopping.ts';
export { binaryOfCore, isCheckpoint, isCoreFile, openCheckpoint, openMemory, readCoreFile } from './memory/index.ts';
export type { MemoryTargetOpened } from './memory/index.ts';
export { watchPauses } from './engine/pauses.ts';
export type { PauseState } from './engine/pauses.ts';
export { inlineMap, mapPath } from './sourceMaps.ts';
export type { Attachment, AttachOptions, CostEstimate, InspectorForward, RunningScript } from './attachment.ts';
export type {
  ByteSink,
  CaptureOptions,
  CaptureResult,
  HeapCapture,
  MemoryBinary,
  MemoryReading,
  SnapshotNotes,
} from './capture.ts';
export type { DiagnosedLink, Diagnosis } from './diagnose.ts';
export type { LinkName } from './chain.ts';
export type {
  Channel,
  CommandResult,
  ContainerRuntime,
  InspectorEndpoint,
  TargetAddress,
  TargetList,
  TargetProcess,
  TargetResources,
} from './target.ts';
export { watchWorkers } from './workerThreads.ts';
export type { WorkerThread } from './workerThreads.ts';
