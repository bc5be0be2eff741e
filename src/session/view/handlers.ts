// Every `semantic/...` request: pages are built by the presentation, effects are the view's. Nothing that comes in is trusted.
import { resolve } from 'node:path';
import { Failure, refKey, type EntityRef, type Work } from '../../model/index.ts';
import {
  detailsPage,
  diffPage,
  eventsPage,
  EXPORT_EXTENSIONS,
  exportAs,
  graphPage,
  lanesPage,
  modelDocument,
  overviewPage,
  searchPage,
  snapshotMark,
  statesPage,
  storyDocument,
  writeTimelineLink,
  type Arguments,
  type Overview,
  type RecordingState,
  type RequestName,
  type Result,
  type Scene,
} from '../../present/index.ts';
import type { Recording } from '../session.ts';
import type { View } from './contract.ts';
import * as read from './requestArguments.ts';

type Fields = ReturnType<typeof read.fieldsOf>;
type Handlers = { readonly [N in RequestName]: (args: Fields, work: Work) => Result<N> | Promise<Result<N>> };
export type Handle = <N extends RequestName>(name: N, args: Arguments<N>, work: Work) => Promise<Result<N>>;

export interface HandlingHost {
  readonly view: View;
  scene(): Scene;
  /** The target was there and is gone. */
  lost(): boolean;
  /** Ends snapshots that are being taken. */
  cancel(): void;
}

function stateOf({ sites, notRecorded, complete }: Recording): RecordingState {
  return { sites, notRecorded: notRecorded.map(({ message }) => message), complete };
}

function notRecordable(): Failure {
  return new Failure('no-target', 'There is no running process here to record.', 'Attach to the running service.');
}

export function createHandlers({ view, scene, lost, cancel }: HandlingHost): Handle {
  const overview = (): Overview => {
    const { session } = view;
    const page = overviewPage(scene());
    const attached = session.targets.map(({ name, image, pid }) => ({
      name,
      ...(image !== undefined && { image }),
      ...(pid !== undefined && { pid }),
    }));
    return {
      ...page,
      ...(session.recording && { recording: stateOf(session.recording) }),
      ...(lost() ? { phase: 'disconnected' } : !session.connected && { stored: true }),
      targets: attached.length > 0 ? attached : page.targets.length > 0 ? page.targets : [{ name: session.name }],
    };
  };
  const brokenRefs = (): ((ref: EntityRef) => boolean) => {
    const keys = new Set(view.violations().flatMap(({ subjects = [] }) => subjects.map(refKey)));
    return (ref) => keys.has(refKey(ref));
  };

  /** To where the view stands, and what it looks at. */
  const link = (args: Fields, focus = view.focus): string => {
    const { seq } = view.cursor();
    const store = resolve(view.session.store.file);
    return writeTimelineLink({ store, seq, ...(focus && { focus }) }, read.optionalText(args, 'scheme'));
  };

  const handlers: Handlers = {
    'semantic/overview': overview,
    'semantic/goto'(args) {
      view.goto(read.place(args));
      return view.cursor();
    },
    'semantic/focus'(args) {
      view.setFocus(read.optionalRef(args, 'ref'));
      return overview();
    },
    'semantic/lanes': (args) =>
      lanesPage(
        scene(),
        read.given({
          all: read.optionalFlag(args, 'all'),
          from: read.optionalNumber(args, 'from'),
          to: read.optionalNumber(args, 'to'),
          offset: read.optionalNumber(args, 'offset'),
          limit: read.optionalNumber(args, 'limit'),
          entity: read.optionalText(args, 'entity'),
        }),
      ),
    'semantic/events': (args) =>
      eventsPage(scene(), {
        offset: read.number(args, 'offset'),
        limit: read.number(args, 'limit'),
        ...read.given({
          entity: read.optionalText(args, 'entity'),
          ref: read.optionalRef(args, 'ref'),
          around: read.optionalNumber(args, 'around'),
        }),
      }),
    'semantic/details': (args) => detailsPage(scene(), { ref: read.ref(args, 'ref') }),
    'semantic/graph': () => graphPage(scene()),
    'semantic/states': (args) =>
      statesPage(scene(), {
        entity: read.text(args, 'entity'),
        ...read.given({ attribute: read.optionalText(args, 'attribute') }),
      }),
    'semantic/diff': (args) =>
      diffPage(
        scene(),
        read.given({
          from: read.optionalNumber(args, 'from'),
          to: read.optionalNumber(args, 'to'),
          offset: read.optionalNumber(args, 'offset'),
          limit: read.optionalNumber(args, 'limit'),
        }),
      ),
    'semantic/search': (args) =>
      searchPage(
        scene(),
        { query: read.text(args, 'query'), ...read.given({ limit: read.optionalNumber(args, 'limit') }) },
        brokenRefs(),
      ),
    async 'semantic/recordingPlan'(_args, work) {
      const { session } = view;
      if (!session.previewRecording || !session.connected) throw notRecordable();
      const { files, children, notRecorded } = await session.previewRecording(work);
      return {
        files,
        children,
        sites: files.reduce((sum, { sites }) => sum + sites, 0),
        notRecorded: notRecorded.map(({ message }) => message),
        recording: session.recording !== undefined,
      };
    },
    async 'semantic/startRecording'(_args, work) {
      const { session } = view;
      if (!session.record || !session.connected) throw notRecordable();
      return stateOf(await session.record(work));
    },
    async 'semantic/stopRecording'() {
      await view.session.recording?.stop();
      return {};
    },
    async 'semantic/takeSnapshot'(args, work) {
      const options = read.given({ force: read.optionalFlag(args, 'force') });
      return snapshotMark(await view.takeSnapshot(options, work));
    },
    // The adapter answers it, whose client can start debuggers.
    'semantic/debugJavaScript'() {
      throw new Failure('no-debugger', 'There is no editor here to start a debugger in.', 'Do it from the editor.');
    },
    'semantic/cancel'() {
      cancel();
      return {};
    },
    'semantic/model': () => view.session.model(),
    'semantic/document': () => ({ markdown: modelDocument(view.session.model()) }),
    'semantic/export'(args) {
      const form = read.exportForm(args);
      return { text: exportAs(form, view.session.store), extension: EXPORT_EXTENSIONS[form] };
    },
    'semantic/story'(args) {
      const ref = read.ref(args, 'ref');
      return { markdown: storyDocument(scene(), ref, link(args, ref)) };
    },
    'semantic/link': (args) => ({ link: link(args) }),
    // Whatever hosts the panel has a clipboard and files; without it the panel helps itself.
    'semantic/share': () => ({ done: false }),
    // Whatever hosts the panel opens files itself; here there is no editor to open them in.
    'semantic/open'(args) {
      read.sourcePosition(args, 'source');
      return { opened: false };
    },
    'semantic/attach'() {
      throw new Failure('already-open', 'A timeline is open already.', 'Disconnect first, then attach.');
    },
  };

  return async (name, args, work) => {
    if (!Object.hasOwn(handlers, name)) {
      throw new Failure('unknown-request', `Request ${JSON.stringify(name)} is not known here.`, '');
    }
    return handlers[name](read.fieldsOf(args), work);
  };
}
