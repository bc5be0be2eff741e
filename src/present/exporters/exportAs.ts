// The standard forms a timeline can leave in. Reads it page by page, in order.
import { NO_CONTEXT, type Model, type Point } from '../../model/index.ts';
import type { TimelineStore } from '../../timeline/index.ts';
import type { ExportForm } from '../requests.ts';
import { csvOf } from './csv.ts';
import { mermaidOf } from './mermaid.ts';
import { ocelOf } from './ocel.ts';

/** File extensions, without the dot. */
export const EXPORT_EXTENSIONS: { readonly [form in ExportForm]: string } = {
  ocel2: 'json',
  csv: 'csv',
  mermaid: 'md',
};

const PAGE = 1000;
const EMPTY: Model = {
  ...{ document: 'model', version: 1, entities: [], relations: [], transitions: [], context: NO_CONTEXT, problems: [] },
};

export function exportAs(form: ExportForm, store: TimelineStore): string {
  switch (form) {
    case 'ocel2':
      return `${JSON.stringify(ocelOf(store, allPoints(store)), undefined, 2)}\n`;
    case 'csv':
      return csvOf(allPoints(store));
    case 'mermaid':
      return mermaidOf(store.model() ?? EMPTY);
  }
}

/** Every point, companions included: they are events of their own to whoever counts them. */
function* allPoints(store: TimelineStore): Generator<Point, undefined> {
  for (let offset = 0; ; offset += PAGE) {
    const { points } = store.page({ companions: true }, offset, PAGE);
    yield* points;
    if (points.length < PAGE) return undefined;
  }
}
