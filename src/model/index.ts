// The vocabulary: entities, relations, events, context, exact values, changes, and the contract's documents.
// It imports nothing and knows no heaps, files, clocks or screens.
export {
  canonicalText,
  isMissing,
  isRedacted,
  isTagged,
  missing,
  redacted,
  sameValue,
  showValue,
  UNDEFINED,
} from './value.ts';
export type { TaggedValue, TruncationReason, Value } from './value.ts';
export { GONE, NEW, NO_CONTEXT } from './documents.ts';
export type {
  AnyState,
  AttachWay,
  Attribute,
  AttributeRole,
  AttributeType,
  Cardinality,
  Context,
  ContextParameter,
  Entity,
  EventDocument,
  Evidence,
  EvidenceKind,
  GoneState,
  Language,
  Model,
  NewState,
  ObjectsDocument,
  Problem,
  Relation,
  RelationKind,
  SnapshotDocument,
  SnapshotMethod,
  SourcePosition,
  StateDocument,
  StateValue,
  Status,
  TargetEntry,
  TargetsDocument,
  Transition,
  Violation,
  ViolationsDocument,
  WrittenLaw,
} from './documents.ts';
export { applyChanges, changedRef, diffStates, invert, refKey, sameRef, showRef } from './state.ts';
export type { Change, EntityInstance, EntityRef, LinkChange, SemanticState } from './state.ts';
export { eventDocument, fromIso, isStop, toIso } from './point.ts';
export type {
  Consistency,
  EventPoint,
  GapPoint,
  Micros,
  NewPoint,
  Point,
  RecordingMethod,
  SnapshotPoint,
  StackFrame,
  TraceContext,
} from './point.ts';
export { cancelled, Failure, isFailure, messageOf } from './failure.ts';
export type { Progress, Work } from './progress.ts';
export { isRevealed, isSecret, looksSecret, looksSecretText, secretRules } from './secrets.ts';
export type { SecretRules } from './secrets.ts';
export type { DriftVerdict, EntityOverride, LawText, WorkspaceFile } from './workspaceFile.ts';
export { singular, wordsOf } from './words.ts';
