// Heap and code to the model and the state: stages of small rules, each fact with evidence.
// Does not know where a heap came from, files, or the clock.
export type { ExtractInput, Extraction, ObservedTransition } from './extraction.ts';
export type { RuleOrder } from './gather.ts';
export { driftOf, withDrift } from './drift.ts';
export { withConfidence } from './confidence.ts';
export { changesBetween } from './betweenStates.ts';
export { extractModel } from './extractModel.ts';
