// From the text of an answer to its records, with contexts in the model's terms. Pure.
import { NO_CONTEXT, type Context, type ContextParameter, type TraceContext, type Value } from '../model/index.ts';
import {
  ROW,
  type AnswerText,
  type ProbeAnswer,
  type ProbeRecord,
  type RecordContext,
  type ToldContext,
} from './probeAnswer.ts';
import { valueOf } from './told.ts';

export function readAnswer(text: string): ProbeAnswer {
  const { records: rows, objects, values, rest, ...answer } = JSON.parse(text) as AnswerText;
  const contexts = answer.contexts.map(contextOf);
  const records: ProbeRecord[] = [];
  let t = 0;
  for (let at = 0; at < rows.length; at += ROW) {
    const of = objects[rows[at + 2] ?? -1];
    t += rows[at + 1] ?? 0;
    const sent = rest[at / ROW];
    if (sent?.n !== undefined) records.push({ s: rows[at] ?? -1, t, o: -1, e: -1, n: sent.n, m: sent.m ?? [] });
    if (!of) continue;
    const [o, e, k, w] = of;
    const p = rows[at + 3] ?? -1;
    const record: { -readonly [name in keyof ProbeRecord]: ProbeRecord[name] } = { s: rows[at] ?? -1, t, o, e };
    if (k !== null) record.k = k;
    if (p >= 0) {
      record.p = values[p] as string;
      record.a = values[rows[at + 4] ?? -1];
      record.b = values[rows[at + 5] ?? -1];
    }
    if (w !== null) record.w = w;
    const more = rest[at / ROW];
    if (more) {
      const { x, ...others } = more;
      Object.assign(record, others);
      const around = x === undefined ? undefined : contexts[x];
      if (around) record.around = around;
      if (more.r) delete record.w;
    }
    records.push(record);
  }
  return { ...answer, records };
}

type Dimension = keyof Context;

function contextOf({ parameters, trace }: ToldContext): RecordContext {
  const context: { [dimension in Dimension]: ContextParameter[] } = { space: [], time: [], subject: [], device: [] };
  for (const [dimension, name, told] of parameters) {
    const value: Value | undefined = valueOf(told);
    if (!(dimension in NO_CONTEXT) || value === undefined) continue;
    context[dimension as Dimension].push({ name, value, from: 'request' });
  }
  const [traceId, spanId] = trace ?? [];
  const traced: TraceContext | undefined =
    traceId === undefined ? undefined : { traceId, ...(spanId !== undefined && { spanId }) };
  return { ...(parameters.length > 0 && { context }), ...(traced && { trace: traced }) };
}
