// The order of snapshots and events in a store, and the state at any point of it. Knows SQLite; no heaps, no DAP.
export type { PointFilter, PointPage, StoreSummary, TimelineStore } from './store.ts';
export { openTimeline } from './sqliteStore.ts';
