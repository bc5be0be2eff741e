// The adapter process: DAP on stdin and stdout. Nothing but protocol is written to stdout.
import { createAdapter } from './adapter/index.ts';
import { createApp } from './session/index.ts';

const app = createApp();
createAdapter(process.stdin, process.stdout, {
  openSession: (options, work) => app.openSession(options, work),
  ended() {
    void leave(0);
  },
});

/** Whatever is attached is left as it was, whoever ends this process. */
async function leave(status: number): Promise<void> {
  try {
    await app[Symbol.asyncDispose]();
  } finally {
    process.stdin.destroy();
    process.stdout.end(() => process.exit(status));
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void leave(130));
// A fault in the background must not end a process that holds a target: it is told, and the session goes on.
const tell = (fault: unknown): void => {
  process.stderr.write(
    `semantic adapter: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`,
  );
};
process.on('uncaughtException', tell);
process.on('unhandledRejection', tell);
// The client is gone: its stream's end does the rest.
process.stdout.on('error', () => undefined);
