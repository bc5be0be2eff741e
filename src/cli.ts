#!/usr/bin/env node
// `semstate`: gives the command line its process - streams, signals, exit status.
import { run, type Io } from './cli/index.ts';

const listeners = new Set<() => void>();
const interrupt = (): void => {
  for (const listener of listeners) listener();
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
for (const stream of [process.stdout, process.stderr]) {
  // The reader went away (`semstate ps | head -1`): whatever runs is asked to end, and nothing is written any more.
  stream.on('error', () => interrupt());
}

const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

const status = await run(process.argv.slice(2), io);
// What is still on its way to a pipe goes out first; what keeps the process alive after that is not waited for.
process.stdout.write('', () => process.stderr.write('', () => process.exit(status)));
