// One held attach. It keeps one session from beginning to end, watches whether V8's object ids still mean the same, and on leaving puts
// back what it changed: its objects released, the debugger domain off, the session ended.
import type { Protocol } from 'devtools-protocol';
import { isFailure, NO_CONTEXT } from '../model/index.ts';
import type { Context, Work } from '../model/index.ts';
import type { Attachment, InspectorForward, RunningScript } from './attachment.ts';
import type { HeapCapture, MemoryReading } from './capture.ts';
import { connectTarget } from './chain.ts';
import type { Connection } from './chain.ts';
import { checkCancelled } from './deadline.ts';
import { inspectorPortTaken, targetGone } from './failures.ts';
import { forwardInspector } from './forward.ts';
import { SessionHeapCapture } from './heapCapture.ts';
import { HeapIdSentinels, HELD_OBJECTS } from './heapIdSentinels.ts';
import type { InspectorSession } from './inspectorSession.ts';
import { memoryReading, type MemoryTarget } from './memory/index.ts';
import { ObjectsCapture } from './objects/index.ts';
import { ScriptNotes } from './sourceMaps.ts';
import type { AttachOptions } from './attachment.ts';
import type { TargetAddress } from './target.ts';

const LEAVE_MS = 3000;
// Measured: a relay whose attach is gone closes the inspector within 300 ms; a busy target takes longer.
const CLOSING_MS = 4000;
const TRY_AGAIN_MS = 200;
/** The longest that a process which wants to end is kept from it. */
const LAST_WORDS_MS = 1000;
const SETTLE_MS = 400;
const SETTLE_STEP_MS = 50;

interface Identity {
  readonly pid: number;
  readonly node: string;
  readonly v8: string;
}

/** @throws Failure, any of the catalogue; the target is then as it was */
export async function attach(address: TargetAddress, options: AttachOptions, work: Work): Promise<Attachment> {
  const until = Date.now() + CLOSING_MS;
  let first: unknown;
  for (;;) {
    try {
      return await attachOnce(address, options, work);
    } catch (error) {
      first ??= error;
      if (address.runtime === 'inspect' || !mayBeClosing(error) || Date.now() > until) throw first;
      await pause(TRY_AGAIN_MS, work);
    }
  }
}

/**
 * An inspector that was opened for an earlier attach is closed a moment after that has ended, also under a session that came
 * meanwhile. One that listens for no reason of its own is watched over that moment before it is relied on.
 */
async function attachOnce(address: TargetAddress, options: AttachOptions, work: Work): Promise<Attachment> {
  const connection = await connectTarget(address, options, work);
  const { inspector, process, session } = connection;
  const attachment = await hold(connection, work, options.inside);
  if (inspector.opened || address.runtime === 'inspect' || process.command.includes('--inspect')) return attachment;
  try {
    for (let waited = 0; waited < SETTLE_MS; waited += SETTLE_STEP_MS) {
      await pause(SETTLE_STEP_MS, work);
      if (session.gone) throw targetGone(connection.address, 'its inspector was closed');
    }
    return attachment;
  } catch (error) {
    await attachment[Symbol.asyncDispose]();
    throw error;
  }
}

function mayBeClosing(error: unknown): boolean {
  return isFailure(error, 'inspector-refused') || isFailure(error, 'target-gone');
}

/** @throws Failure `cancelled` */
async function pause(ms: number, work: Work): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  checkCancelled(work);
}

/** Makes a connection an attachment. @throws Failure; the connection is closed then */
export async function hold(connection: Connection, work: Work, inside = false): Promise<Attachment> {
  try {
    const identity = await identify(connection.session, work);
    const { pid } = connection.process;
    if (pid !== 0 && identity.pid !== pid) throw inspectorPortTaken(connection.inspector.port, connection.address);
    const described = await connection.runtime.describe(work);
    const attachment = new HeldAttachment(connection, identity, described, inside);
    await attachment.begin(work);
    return attachment;
  } catch (error) {
    await leave(connection);
    throw error;
  }
}

async function identify(session: InspectorSession, work: Work): Promise<Identity> {
  const expression = 'JSON.stringify({pid:process.pid,node:process.version,v8:process.versions.v8})';
  const { result } = await session.send<Protocol.Runtime.EvaluateResponse>(
    'Runtime.evaluate',
    { expression, returnByValue: true, silent: true },
    work,
  );
  return JSON.parse(String(result.value)) as Identity;
}

class HeldAttachment implements Attachment {
  readonly address: string;
  readonly name: string;
  readonly image?: string;
  readonly process: Attachment['process'];
  readonly otherDebuggers: number;
  readonly versions: Attachment['versions'];
  readonly context: Context;
  readonly heap: HeapCapture;
  readonly memory: MemoryReading;
  readonly objects: HeapCapture;
  readonly #connection: Connection;
  readonly #session: InspectorSession;
  readonly #scripts = new Map<number, RunningScript>();
  readonly #sentinels: HeapIdSentinels;
  readonly #ending = new Set<() => Promise<void>>();
  #forward: Promise<InspectorForward> | undefined;
  #left: Promise<void> | undefined;

  constructor(
    connection: Connection,
    identity: Identity,
    described: { readonly [name: string]: string },
    inside: boolean,
  ) {
    const { address, name, process, inspector, session, runtime } = connection;
    this.#connection = connection;
    this.#session = session;
    this.#sentinels = new HeapIdSentinels(session);
    this.address = address;
    this.name = described['container'] ?? name;
    if (described['image'] !== undefined) this.image = described['image'];
    this.process = { ...process, pid: identity.pid, inspector };
    this.otherDebuggers = inspector.sessions;
    this.versions = { node: identity.node, v8: identity.v8 };
    const facts = { ...described, pid: String(identity.pid), node: identity.node, v8: identity.v8 };
    this.context = {
      ...NO_CONTEXT,
      space: Object.entries(facts).map(([parameter, value]) => ({ name: parameter, value, from: runtime.kind })),
    };
    const target = { target: address, name: this.name, ...facts };
    const maps = new ScriptNotes(runtime);
    const notes: MemoryTarget['notes'] = async (work) => ({
      target,
      scripts: await maps.collect(this.scripts(), work),
    });
    const scripts = (): readonly RunningScript[] => this.scripts();
    const asked = { name: address, pid: identity.pid, runtime, session, scripts };
    this.memory = memoryReading({ name: address, pid: identity.pid, runtime, notes }, inside);
    this.objects = new ObjectsCapture({ ...asked, notes });
    this.heap = new SessionHeapCapture({ ...asked, node: identity.node, notes: target });
  }

  async begin(work: Work): Promise<void> {
    this.#session.on('Debugger.scriptParsed', (params) => {
      const script = params as Protocol.Debugger.ScriptParsedEvent;
      this.#scripts.set(Number(script.scriptId), {
        id: Number(script.scriptId),
        url: script.url,
        hash: script.hash,
        isModule: script.isModule ?? false,
        ...(script.sourceMapURL && { sourceMapUrl: script.sourceMapURL }),
      });
    });
    // Node does not let a process end while a session is open, unless that one leaves when it is told.
    this.#session.on('NodeRuntime.waitingForDisconnect', () => void this.#letEnd());
    await this.send('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true }, work);
    await this.send('Debugger.enable', {}, work);
    // Enabled domains do not pause: a `debugger` statement or another client's breakpoint must not stop the service for us.
    await this.send('Debugger.setSkipAllPauses', { skip: true }, work);
    await this.#sentinels.place(work);
  }

  scripts(): readonly RunningScript[] {
    return [...this.#scripts.values()];
  }

  send<T>(method: string, params?: object, work?: Work & { readonly timeoutMs?: number }): Promise<T> {
    return this.#session.send<T>(method, params, work);
  }

  on(method: string, listener: (params: unknown) => void): () => void {
    return this.#session.on(method, listener);
  }

  onClosed(listener: (reason: string) => void): () => void {
    return this.#session.onClosed((reason) => {
      void this.#connection.runtime.whyGone().then((why) => listener(why ?? reason));
    });
  }

  onEnding(listener: () => Promise<void>): () => void {
    this.#ending.add(listener);
    return () => this.#ending.delete(listener);
  }

  async heapIdsHold(work?: Work): Promise<boolean> {
    return this.#sentinels.hold(work);
  }

  forward(): Promise<InspectorForward> {
    const { runtime, inspector } = this.#connection;
    this.#forward ??= forwardInspector(runtime, inspector);
    return this.#forward;
  }

  readFile(path: string, limit: number, work?: Work): Promise<Buffer | undefined> {
    return this.#connection.runtime.readFile(path, limit, work);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }

  async #letEnd(): Promise<void> {
    const enough = new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS).unref());
    await Promise.race([enough, Promise.allSettled([...this.#ending].map((listener) => listener()))]);
    this.#session.hangUp('the process ended');
  }

  async #leave(): Promise<void> {
    await (await this.#forward?.catch(() => undefined))?.[Symbol.asyncDispose]();
    await leave(this.#connection);
  }
}

/** Ends the session; the relay then closes the inspector where it was opened for us. Never throws. */
async function leave({ session }: Connection): Promise<void> {
  const quickly = { timeoutMs: LEAVE_MS };
  try {
    if (!session.gone) {
      await session.send('Runtime.releaseObjectGroup', { objectGroup: HELD_OBJECTS }, quickly);
      await session.send('Debugger.disable', {}, quickly);
    }
  } catch {
    // The target is gone or too busy to answer; the session ends all the same.
  } finally {
    await session[Symbol.asyncDispose]();
  }
}
