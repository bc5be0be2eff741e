// Stack frames of a point in time: what happened, the call stack recorded with it, then the request it belongs to.
import type { DebugProtocol } from '@vscode/debugprotocol';
import { showValue, type ContextParameter, type EventPoint, type Point, type SourcePosition } from '../model/index.ts';
import { describeFrame, describePoint } from '../present/index.ts';
import type { ViewThread } from '../session/index.ts';
import type { ClientForm } from './clientForm.ts';
import type { SourceMapper } from './sources.ts';

export interface FrameContext {
  readonly sources: SourceMapper;
  readonly form: ClientForm;
}

/** A frame's id holds its thread and place: any of them can be asked for without a table. */
const FRAMES_PER_THREAD = 1000;

export function frameId(thread: ViewThread, index: number): number {
  return thread.id * FRAMES_PER_THREAD + index;
}

export function threadOfFrame(frame: number): number {
  return Math.floor(frame / FRAMES_PER_THREAD);
}

/** Request, trace and the like: names by which services carry what belongs together. */
const BELONGS = /^(request|trace|correlation|span|job|message)([ _.-]?id)?$/i;

/** @param cause the event before it in its trace that was about another entity */
export function framesOf(
  thread: ViewThread,
  point: Point | undefined,
  context: FrameContext,
  cause?: EventPoint,
): DebugProtocol.StackFrame[] {
  const frames: DebugProtocol.StackFrame[] = [];
  const add = (name: string, source?: SourcePosition, hint?: DebugProtocol.StackFrame['presentationHint']): void => {
    if (frames.length >= FRAMES_PER_THREAD) return;
    frames.push({
      id: frameId(thread, frames.length),
      name,
      ...place(source, context),
      moduleId: thread.id,
      ...(hint && { presentationHint: hint }),
    });
  };
  if (!point) {
    add('Nothing has been observed yet', undefined, 'label');
    return frames;
  }
  add(describeFrame(point), point.kind === 'event' ? point.source : undefined);
  // Editors select a frame, and show its variables, only where it has a source: what no line is known of stands in the model.
  if (frames[0] && !frames[0].source) frames[0] = { ...frames[0], ...placeInModel(point, context) };
  if (point.kind !== 'event') return frames;
  for (const frame of point.stack ?? []) add(frame.name, frame.source, frame.source ? 'normal' : 'subtle');
  if (cause) add(`after, in the same trace: ${describePoint(cause)}`, cause.source, 'label');
  if (point.trace) add(`trace ${point.trace.traceId}`, undefined, 'label');
  if (point.thread !== undefined) add(`thread ${point.thread}`, undefined, 'label');
  const { context: around } = point;
  for (const parameter of around ? [...around.subject, ...around.time, ...around.device, ...around.space] : []) {
    if (BELONGS.test(parameter.name)) add(labelOf(parameter), undefined, 'label');
  }
  return frames;
}

function labelOf({ name, value }: ContextParameter): string {
  return value === undefined ? name : `${name} ${showValue(value)}`;
}

type Place = Pick<DebugProtocol.StackFrame, 'line' | 'column' | 'source'>;

function placeInModel(point: Point, { sources, form }: FrameContext): Place {
  const line = sources.modelLine(point.kind === 'event' ? point.object.entity : undefined);
  return { source: sources.modelDocument(), line: form.line(line), column: form.column(1) };
}

function place(source: SourcePosition | undefined, { sources, form }: FrameContext): Place {
  if (!source) return { line: 0, column: 0 };
  return {
    source: sources.sourceOf(source.file),
    line: form.line(source.line),
    column: form.column(source.column ?? 1),
  };
}
