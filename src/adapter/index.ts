// The debug adapter: DAP requests to session calls, DAP events from what the view does. Knows no VS Code; any DAP client will do.
export { createAdapter } from './adapter.ts';
export type { Adapter, AdapterOptions } from './adapter.ts';
export { capabilities } from './capabilities.ts';
