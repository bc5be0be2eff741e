// Return in time: checkpoints of containers with what they mean, restored as copies that stand still until they are proved equal, and
// values written back into a running program. Knows engines, timelines and laws; no screens, and not how a state is read from memory.
export { chooseCheckpoint, LAST_CONSISTENT } from './choosing.ts';
export type { Choice } from './choosing.ts';
export { compareStates, describeChange } from './comparing.ts';
export type { Kept, Verdict } from './comparing.ts';
export { openCheckpointTarget, outsideNow, threadsNow } from './engine.ts';
export type { CheckpointEngine, CheckpointTarget, CopyOptions, MadeCheckpoint, RestoredCopy } from './engine.ts';
export { checkpointsOf, listCheckpoints, mustBeWhole, writeManifest } from './manifest.ts';
export type { Manifest, OutsideThing, StoredCheckpoint } from './manifest.ts';
export { describePreflight, preflight } from './preflight.ts';
export type { Preflight } from './preflight.ts';
export { archiveIn } from './places.ts';
export { letGo } from './lettingGo.ts';
export { thisMachine } from './thisMachine.ts';
export { inverse, planWrites, writeInto } from './writeBack.ts';
export type { Write, WritePlan, Written } from './writeBack.ts';
export { patiently } from './patience.ts';
