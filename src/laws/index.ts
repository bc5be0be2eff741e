// Consistency: what must hold in every state and at every step. Pure; knows no heaps.
export { checkState, checkStep, LAWS } from './check.ts';
export type { Broken, Law } from './law.ts';
