// The forms of what the panel holds. Everything from the host is replaced as a whole, never changed in place.
import type {
  Cursor,
  Details,
  DiffPage,
  EntityRef,
  EventRow,
  GraphPage,
  Lane,
  Micros,
  Overview,
  StatesPage,
} from './contract.ts';
import type { Findings } from './findings.ts';

export type Shape = 'panel' | 'tab' | 'sidebar';

export interface Window {
  readonly from: Micros;
  readonly to: Micros;
}

export interface EventPage {
  readonly rows: readonly EventRow[];
  readonly offset: number;
  readonly total: number;
}

/** Everything that came from the host; replaced, never changed in place, so that a drawing can tell what is new. */
export interface Data {
  overview?: Overview;
  cursor?: Cursor;
  focus?: EntityRef | undefined;
  lanes: readonly Lane[];
  laneOffset: number;
  laneTotal: number;
  details?: Details | undefined;
  /** Events of the focus around the cursor: for the story, and for the lines between lanes. */
  focusEvents?: EventPage | undefined;
  graph?: GraphPage;
  states?: StatesPage;
  diff?: DiffPage;
  /** State intervals at both ends of the diff, where there are few enough to count. */
  diffLanes?: readonly Lane[] | undefined;
  findings?: Findings;
}
