// Consistency: what must hold in every state and at every step. Pure; knows no heaps.
export { checkState, checkStep, LAWS, lawsOf } from './check.ts';
export { lawFault, lawProblems } from './writtenLaw.ts';
export { mineLaws } from './mining/mine.ts';
export type { MiningInput } from './mining/evidence.ts';
export type { Proposal, Template } from './mining/proposal.ts';
export type { ExpressionFault } from './expression.ts';
export { evaluateGuard } from './guard/evaluate.ts';
export type { GuardAnswer, Reading } from './guard/evaluate.ts';
export type { Broken, Law } from './law.ts';
