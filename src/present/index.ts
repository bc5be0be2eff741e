// Model and timeline as plain data: pages for screens, documents, exporters, and the contract of the messages.
// Does not know who is looking.
export type {
  Arguments,
  Cursor,
  Details,
  DiffPage,
  EventRow,
  Events,
  ExportForm,
  GapMark,
  Goto,
  GraphPage,
  Lane,
  Mark,
  Overview,
  RecordingPlanPage,
  RecordingState,
  PanelHost,
  PanelMessage,
  RequestName,
  Requests,
  Result,
  SearchHit,
  Segment,
  Shared,
  SnapshotMark,
  StatesPage,
  TypeSummary,
  ValueRow,
} from './requests.ts';
export { LAUNCH_ATTRIBUTES, launchSchema, launchTable } from './launch.ts';
export type { LaunchConfiguration } from './launch.ts';
export {
  completeQuery,
  evaluateExpression,
  evaluateQuery,
  instancesByType,
  parseQuery,
  queryWorld,
  readTime,
  resolveMoment,
  searchPage,
  truthOf,
  writeName,
} from './query/index.ts';
export type {
  Answer,
  Completion,
  Expression,
  Found,
  Moment,
  Parsed,
  Query,
  QueryProblem,
  QueryScene,
} from './query/index.ts';
export { MODEL_FILE, meaningOf, modelFile } from './documents/modelFile.ts';
export { modelDocument } from './documents/modelDocument.ts';
export { readModel } from './documents/modelReading.ts';
export type { ReadModel } from './documents/modelReading.ts';
export { stateDocument, violationsDocument } from './documents/stateDocument.ts';
export { storyDocument } from './documents/storyDocument.ts';
export { EXTENSION_ID, readTimelineLink, readTimelinePlace, writeTimelineLink } from './timelineLink.ts';
export type { TimelinePlace } from './timelineLink.ts';
export { EXPORT_EXTENSIONS, exportAs, isDatabase } from './exporters/exportAs.ts';
export { diffModels } from './modelDiff.ts';
export type { BreakingRule, ModelChange, ModelDiff, ModelElement } from './modelDiff.ts';
export { modelDiffText } from './modelDiffText.ts';
export { assignColours } from './pages/colours.ts';
export { cursorOf, describeFrame, describePoint, eventRow } from './pages/describe.ts';
export { detailsPage } from './pages/details.ts';
export { diffPage } from './pages/diff.ts';
export { eventsPage } from './pages/events.ts';
export { graphPage } from './pages/graph.ts';
export { lanesPage } from './pages/lanes.ts';
export { overviewPage, snapshotMark } from './pages/overview.ts';
export { statesPage } from './pages/states.ts';
export type { Scene } from './pages/scene.ts';
export { traceMatesOf } from './pages/traces.ts';
export type { TraceMates } from './pages/traces.ts';
export { causesOf } from './why/steps.ts';
export { situationOf } from './why/situation.ts';
