// The use-cases: attach, snapshot, record, browse, compare, export. Wires the rooms; knows no DAP and no VS Code.
export type { Session, SessionEvents, SessionOptions } from './session.ts';
