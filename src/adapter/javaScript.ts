// The editor's own JavaScript debugger on a service that is attached here: the two look at the same process side by side.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure, type Work } from '../model/index.ts';
import type { Result } from '../present/index.ts';
import { fieldsOf, optionalText } from './arguments.ts';
import { openedOf, type SessionContext } from './context.ts';

/** Arguments of DAP's reverse request `startDebugging`. */
export interface StartDebugging {
  readonly request: 'attach';
  readonly configuration: { readonly [attribute: string]: unknown };
}

/** @throws Failure `no-start-debugging`, `no-target`, `target-gone`, `client-refused` */
export async function debugJavaScript(
  args: unknown,
  work: Work,
  context: SessionContext,
  start: (request: StartDebugging) => Promise<void>,
): Promise<Result<'semantic/debugJavaScript'>> {
  const { session } = openedOf(context).view;
  if (!context.form.startDebugging) {
    throw new Failure(
      'no-start-debugging',
      'This client does not start debug sessions when asked to.',
      'Use an editor that supports the request startDebugging, such as VS Code.',
    );
  }
  const target = optionalText(fieldsOf(args, 'arguments')['target'], 'target');
  const { name, url, remoteRoot } = await session.lendInspector(target, work);
  const localRoot = packageRoot(session.source[0]);
  await start({
    request: 'attach',
    configuration: {
      type: 'pwa-node',
      name: `JavaScript of ${name}`,
      websocketAddress: url,
      // The service runs already, and leaving it must not end it.
      continueOnAttach: true,
      autoAttachChildProcesses: false,
      ...(remoteRoot !== undefined && localRoot !== undefined && { localRoot, remoteRoot }),
    },
  });
  return { name, url };
}

/** What a service's working directory holds: the directory with its package.json, in or above its source. */
function packageRoot(source: string | undefined): string | undefined {
  if (source === undefined) return undefined;
  for (let at = source; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at;
    if (dirname(at) === at) return source;
  }
}
