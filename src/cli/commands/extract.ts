// semstate extract: code, memory or both to the model.
import { showValue, type Model, type Transition } from '../../model/index.ts';
import { extractOnce } from '../../session/index.ts';
import { FORCE_FLAG, JSON_FLAG, UsageError, type Command } from '../command.ts';
import { exactJson } from '../exactJson.ts';
import { print, STATUS } from '../io.ts';
import { harmless, plural, table } from '../text.ts';

export const extract: Command = {
  name: 'extract',
  usage: '--source DIR ... [--snapshot FILE ...] [--target TARGET] [--store FILE]',
  about:
    'Reverse extraction: from code, memory or both to the model.\nWithout --source from memory alone; without --snapshot and --target from code alone.',
  takes: [0, 0],
  flags: {
    source: { value: 'DIR', many: true, about: 'A directory with source of the service.' },
    snapshot: { value: 'FILE', many: true, about: 'A snapshot file; several in the order in which they were taken.' },
    target: { value: 'TARGET', about: 'Takes a snapshot of a running service and reads that.' },
    store: { value: 'FILE', about: 'A timeline: what was seen to happen counts as evidence.' },
    force: FORCE_FLAG,
    json: JSON_FLAG,
  },
  async run({ io, work, progress, has, one, all }) {
    const [source, snapshots, target, store] = [all('source'), all('snapshot'), one('target'), one('store')];
    if (source.length + snapshots.length === 0 && target === undefined)
      throw new UsageError('There is nothing to read: give --source, --snapshot or --target.');
    const model = await extractOnce(
      {
        source,
        snapshots,
        force: has('force'),
        ...(target !== undefined && { target }),
        ...(store !== undefined && { store }),
      },
      work,
    );
    progress.clear();
    await print(io.stdout, has('json') ? `${exactJson(model)}\n` : describe(model));
    if (!has('json')) for (const { message } of model.problems.slice(0, 20)) progress.say(`note: ${harmless(message)}`);
    return STATUS.done;
  },
};

function describe(model: Model): string {
  if (model.entities.length === 0) return 'No business entity was found.\n';
  const entities = model.entities.map(({ name, identity, attributes, instances, status, source }) => [
    name,
    (identity ?? []).join(', '),
    attributes
      .filter((a) => a.role === 'state')
      .map((a) => `${a.name}: ${(a.states ?? []).map((s) => showValue(s.value, 24)).join(' | ')}`)
      .join('; '),
    instances === undefined ? '' : String(instances),
    status,
    source ? `${source.file}:${source.line}` : '',
  ]);
  const relations = model.relations.map((r) => [r.subject, r.predicate, r.object, r.cardinality, r.status]);
  const transitions = model.transitions.map((t) => [
    t.object,
    `${t.attribute}: ${edge(t.preState)} -> ${edge(t.postState)}`,
    t.type ?? '',
    t.count === undefined ? '' : String(t.count),
    t.status,
  ]);
  return [
    `${plural(model.entities.length, 'entity', 'entities')}, ${plural(model.relations.length, 'relation')}, ${plural(model.transitions.length, 'transition')}\n`,
    table(['ENTITY', 'IDENTITY', 'STATES', 'INSTANCES', 'STATUS', 'SOURCE'], entities),
    ...(relations.length > 0 ? [table(['SUBJECT', 'PREDICATE', 'OBJECT', 'CARDINALITY', 'STATUS'], relations)] : []),
    ...(transitions.length > 0 ? [table(['OBJECT', 'TRANSITION', 'EVENT', 'SEEN', 'STATUS'], transitions)] : []),
  ].join('\n');
}

function edge(state: Transition['preState'] | Transition['postState']): string {
  if (typeof state === 'object' && state !== null) {
    if ('$any' in state) return '*';
    if ('$new' in state) return '(new)';
    if ('$gone' in state) return '(gone)';
  }
  return showValue(state);
}
