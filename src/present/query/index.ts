// The query form: `Order["1042"].status`, `count(Payment[state="failed"]) @ -1`. Entered through the room's door.
export { completeQuery } from './complete.ts';
export type { Completion } from './complete.ts';
export { evaluateExpression, evaluateQuery } from './evaluate.ts';
export type { Answer, Names, QueryScene } from './evaluate.ts';
export { readTime, resolveMoment } from './moments.ts';
export { parseQuery } from './parser.ts';
export type { Expression, Moment, Parsed, Query, QueryProblem } from './syntax.ts';
export { searchPage } from './search.ts';
export type { SearchPage } from './search.ts';
export { truthOf } from './truth.ts';
export { writeName } from './tokens.ts';
export { instancesByType, queryWorld } from './world.ts';
export type { Found, World } from './world.ts';
