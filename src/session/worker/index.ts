// The worker's side: holds one heap and one code model, answers one call after the other. Files of source are read here;
// it does not know targets, stores or who asked.
import { isMainThread, parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { cancelled, Failure, isFailure, messageOf, type Progress, type WorkspaceFile } from '../../model/index.ts';
import { changesBetween, extractModel, type ExtractInput, type Extraction } from '../../extract/index.ts';
import { lawProblems } from '../../laws/index.ts';
import { createHeapParser, type HeapGraph } from '../../parse/index.ts';
import { planRecording } from '../../record/index.ts';
import { carriedSource, createSourceJoin, readSources, type CodeModel, type JoinScript } from '../../source/index.ts';
import type { SourceHost } from '../../source/index.ts';
import { createFileHost, type FileHost } from './fileHost.ts';
import { createKeptSource } from './keptSource.ts';
import { readObjects } from './objects.ts';
import type { CallArguments, CallMessage, CallName, CallResult, ReplyMessage, WorkerData } from './protocol.ts';

interface Code {
  readonly roots: readonly string[];
  readonly host: SourceHost;
  readonly model: CodeModel;
  /** Scripts that a join with these files goes by, where these are not the heap's. */
  readonly scripts?: readonly JoinScript[];
}

type Tell = (progress: Progress) => void;
type Handlers = { readonly [N in CallName]: (args: CallArguments<N>, tell: Tell) => CallResult<N> };

/** Starts answering on the port this thread was given. */
export function serveWorker(): void {
  if (isMainThread || !parentPort) throw new Error('worker.js is started by the session, not by hand');
  const port: MessagePort = parentPort;
  const { cancelledUpTo } = workerData as WorkerData;
  const flag = new Int32Array(cancelledUpTo);
  let running = 0;
  const handlers = createHandlers(() => {
    if (Atomics.load(flag, 0) >= running) throw cancelled();
  });
  const reply = (message: ReplyMessage): void => port.postMessage(message);
  port.on('message', ({ id, name, args }: CallMessage) => {
    running = id;
    try {
      reply({ id, result: answer(handlers, name, args, (progress) => reply({ id, progress })) });
    } catch (error) {
      const { code, action } = isFailure(error) ? error : internal(error);
      reply({ id, failure: { code, what: messageOf(error), action } });
    }
  });
}

function answer<N extends CallName>(handlers: Handlers, name: N, args: CallArguments<N>, tell: Tell): CallResult<N> {
  return handlers[name](args, tell);
}

function internal(error: unknown): Failure {
  return new Failure(
    'analysis-failed',
    messageOf(error),
    'This is a fault of the program: please report it with the output of `semstate doctor`.',
    error,
  );
}

function createHandlers(checkCancelled: () => void): Handlers {
  let parser: ReturnType<typeof createHeapParser> | undefined;
  let graph: HeapGraph | undefined;
  let code: (Code & { readonly host: FileHost }) | undefined;
  const kept = createKeptSource();
  let carried: (Code & { readonly fingerprint: string }) | undefined;

  const readCode = (roots: readonly string[], tell: Tell): { code: Code; read: boolean } => {
    const known = code;
    if (known && known.roots.join('\n') === roots.join('\n') && known.host.unchanged())
      return { code: known, read: false };
    tell({ phase: 'source', message: 'Reading the source' });
    const host = createFileHost(checkCancelled);
    code = { roots, host, model: kept.read(roots, host) };
    return { code, read: true };
  };

  /** Where nobody gave a directory: what the running program itself brought. */
  const readCarried = (memory: HeapGraph, tell: Tell): Code | undefined => {
    const scripts = [...memory.scripts.values()];
    const fingerprint = scripts.map((s) => `${s.url} ${s.hash ?? ''} ${s.text?.length ?? ''}`).join('\n');
    if (carried?.fingerprint === fingerprint) return carried;
    const source = carriedSource(scripts, createFileHost(checkCancelled));
    if (!source) return undefined;
    tell({ phase: 'source', message: 'Reading the source that the program carries' });
    carried = { ...source, fingerprint, model: readSources(source.roots, source.host) };
    return carried;
  };

  return {
    source({ roots }, tell) {
      const { code, read } = readCode(roots, tell);
      return { files: code.model.files, lines: code.model.lines, read };
    },
    begin() {
      graph = undefined;
      parser = createHeapParser();
      return null;
    },
    write({ chunk }) {
      checkCancelled();
      parser?.write(chunk);
      return null;
    },
    end() {
      if (!parser) throw new Failure('analysis-failed', 'No snapshot was begun.', 'Take the snapshot again.');
      const result = parser.end();
      parser = undefined;
      graph = result.graph;
      return { nodes: graph?.nodeCount ?? 0, recognised: graph !== undefined, problems: result.problems };
    },
    extract({ roots, heap, before, memoryOnly, ...rest }, tell) {
      const memory = heap ? graph : undefined;
      const known =
        roots.length > 0
          ? readCode(roots, tell).code
          : memory && memoryOnly !== true
            ? readCarried(memory, tell)
            : undefined;
      tell({
        phase: 'extract',
        message: memory ? 'Extracting the model from code and memory' : 'Extracting the model',
      });
      const input: ExtractInput = {
        ...rest,
        ...(known && { code: known.model }),
        ...(memory && { graph: memory }),
        ...(known &&
          memory && { toSource: createSourceJoin(known.scripts ?? memory.scripts.values(), known.roots, known.host) }),
      };
      const first = extractModel(input);
      const changes = before && memory ? changesBetween(before, first.state) : [];
      checkCancelled();
      const { model, state, problems } =
        changes.length === 0 ? first : extractModel({ ...input, events: [...(rest.events ?? []), ...changes] });
      return withLaws({ model, state, problems }, rest.workspaceFile);
    },
    plan({ roots, model, scripts, workspaceFile, firstSite }, tell) {
      const known = roots.length > 0 ? readCode(roots, tell).code.model : undefined;
      return planRecording(model, known, scripts, workspaceFile, firstSite);
    },
    objects(args) {
      if (!graph) throw new Failure('analysis-failed', 'No snapshot was read.', 'Take the snapshot again.');
      return readObjects(graph, args);
    },
    release() {
      graph = undefined;
      parser = undefined;
      return null;
    },
  };
}

/** The laws a person wrote are part of the model, so that whoever opens the timeline later judges by the same. */
function withLaws(extraction: Extraction, file: WorkspaceFile = {}): Extraction {
  const laws = Object.entries(file.laws ?? {}).map(([id, law]) => ({ id, ...law }));
  if (laws.length === 0) return extraction;
  const model = { ...extraction.model, laws };
  const problems = [...extraction.problems, ...lawProblems(model)];
  return { ...extraction, model: { ...model, problems }, problems };
}
