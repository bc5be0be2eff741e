// The standard forms a timeline and its model can leave in. Reads the timeline page by page, in order.
import { NO_CONTEXT, type Model, type Point } from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import type { ExportForm } from '../requests.ts';
import { cloudEventsOf } from './cloudEvents.ts';
import { csvOf } from './csv.ts';
import { jsonSchemaOf } from './jsonSchema.ts';
import { jsonText } from '../documents/jsonText.ts';
import { mermaidOf } from './mermaid.ts';
import { ocelOf } from './ocel.ts';
import { ocelTables } from './ocelTables.ts';
import { shaclOf } from './shacl.ts';
import { xstateOf } from './xstate.ts';

/** File extensions, without the dot. */
export const EXPORT_EXTENSIONS: { readonly [form in ExportForm]: string } = {
  ocel2: 'json',
  'ocel2-sqlite': 'sqlite',
  csv: 'csv',
  cloudevents: 'json',
  xstate: 'json',
  mermaid: 'md',
  shacl: 'ttl',
  'json-schema': 'json',
};

const PAGE = 1000;
const EMPTY: Model = {
  ...{ document: 'model', version: 1, entities: [], relations: [], transitions: [], context: NO_CONTEXT, problems: [] },
};

/** The whole document; of `ocel2-sqlite` the SQL script that makes it in an empty SQLite file. */
export function exportAs(form: ExportForm, store: TimelineStore): string {
  const model = store.model() ?? EMPTY;
  switch (form) {
    case 'ocel2':
      return jsonText(ocelOf(store, allPoints(store)));
    case 'ocel2-sqlite':
      return ocelTables(ocelOf(store, allPoints(store)));
    case 'csv':
      return csvOf(allPoints(store));
    case 'cloudevents':
      return jsonText([...cloudEventsOf(allPoints(store), store.model())]);
    case 'xstate':
      return jsonText(xstateOf(model));
    case 'mermaid':
      return mermaidOf(model);
    case 'shacl':
      return shaclOf(model);
    case 'json-schema':
      return jsonText(jsonSchemaOf(model));
  }
}

/** True: what `exportAs` gives is no document but the script that makes one. */
export function isDatabase(form: ExportForm): boolean {
  return form === 'ocel2-sqlite';
}

/** Every point, companions included: they are events of their own to whoever counts them. */
function* allPoints(store: TimelineStore): Generator<Point, undefined> {
  for (let offset = 0; ; offset += PAGE) {
    const { points } = store.page({ companions: true }, offset, PAGE);
    yield* points;
    if (points.length < PAGE) return undefined;
  }
}
