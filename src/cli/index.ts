// The `semstate` commands: arguments in, documents and tables out. Knows the use-cases of the session; no VS Code, no heaps.
export { run } from './run.ts';
export { STATUS } from './io.ts';
export type { Io } from './io.ts';
export { describeLife } from './life.ts';
export { describeModel } from './describeModel.ts';
export { servePanel } from './panelPage.ts';
export type { PageServer } from './pageServer.ts';
