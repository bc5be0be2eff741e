// Values of attributes written back into a running program through its inspector: the way without checkpoints, and for single entities.
// What cannot be written is named; what was written is listed and can be undone.
import type { Attachment } from '../acquire/index.ts';
import {
  diffStates,
  Failure,
  isTagged,
  showRef,
  type Change,
  type EntityRef,
  type Model,
  type SemanticState,
  type Value,
  type Work,
} from '../model/index.ts';
import { describeChange } from './comparing.ts';
import { WRITE_PROGRAM } from './writeProgram.ts';

/** One attribute of one entity, from the value it has to the value it gets; absent: undefined. */
export interface Write {
  readonly ref: EntityRef;
  /** The attribute that holds the entity's id, and the names of its attributes. */
  readonly key: string;
  readonly shape: readonly string[];
  readonly attribute: string;
  readonly before: Value;
  readonly after: Value;
}

export interface Written extends Write {
  /** Objects of the program that hold it: an entity may be several. */
  readonly objects: number;
}

export interface WritePlan {
  readonly writes: readonly Write[];
  /** In words: what differs and cannot be written. */
  readonly notWritten: readonly string[];
}

const GROUP = 'semstate-write-back';
const SCALARS = new Set(['bigint', 'date', 'undefined', 'nan', 'infinity', '-infinity']);

/** What leads from the one state to the other. @param only an entity type, or one entity */
export function planWrites(
  now: SemanticState,
  then: SemanticState,
  model: Model,
  only?: { readonly entity: string; readonly id?: string },
): WritePlan {
  const writes: Write[] = [];
  const notWritten: string[] = [];
  for (const change of diffStates(now, then)) {
    const ref = 'instance' in change ? change.instance : change.ref;
    if (only && (ref.entity !== only.entity || (only.id !== undefined && String(ref.id) !== only.id))) continue;
    const planned = planOne(change, now, model);
    if (typeof planned === 'string') notWritten.push(planned);
    else writes.push(planned);
  }
  return { writes, notWritten };
}

function planOne(change: Change, now: SemanticState, model: Model): Write | string {
  // Said of what is there, from the point gone back to: created and removed change places.
  if (change.kind === 'created') return `${showRef(change.instance)} is gone and is not made again`;
  if (change.kind === 'removed') return `${showRef(change.instance)} was not there yet and is not removed`;
  const why = (reason: string): string => `${describeChange(change)}: ${reason}`;
  if (change.kind === 'link' || change.link) return why('a reference is not written');
  const { ref, attribute, before = { $type: 'undefined' }, after = { $type: 'undefined' } } = change;
  const [key, ...more] = model.entities.find(({ name }) => name === ref.entity)?.identity ?? [];
  const instance = [...now.values()].find((each) => each.entity === ref.entity && each.id === ref.id);
  if (key === undefined || more.length > 0 || !instance || !Object.hasOwn(instance.attributes, key))
    return why('no attribute of its own says which one it is');
  if (attribute.startsWith('#')) return why('a private member is out of reach');
  if (!isScalar(before) || !isScalar(after)) return why('only single values are written');
  const shape = Object.keys(instance.attributes).filter((name) => !name.startsWith('#') && !name.startsWith('@@'));
  return { ref: { entity: ref.entity, id: ref.id }, key, shape, attribute, before, after };
}

function isScalar(value: Value): boolean {
  return !isTagged(value) || SCALARS.has(value.$type);
}

/** The other way round. */
export function inverse({ before, after, ...write }: Write): Write {
  return { ...write, before: after, after: before };
}

/**
 * All of them in one turn of the program, or none where one cannot be written.
 * @throws Failure `not-written`, of the connection, `cancelled`
 */
export async function writeInto(
  attachment: Pick<Attachment, 'send'>,
  writes: readonly Write[],
  work: Work,
): Promise<readonly Written[]> {
  if (writes.length === 0) return [];
  try {
    const objects = await allObjects(attachment, work);
    const told = await ask(attachment, objects, writes, work);
    const faults = told.flatMap(({ written, differs, refused }, n) => {
      const write = writes[n] as Write;
      const name = `${showRef(write.ref)}.${write.attribute}`;
      if (differs > 0) return [`${name} has another value by now`];
      if (refused > 0) return [`${name} is read only`];
      return written === 0 ? [`${name} was not found in the program`] : [];
    });
    if (faults.length > 0)
      throw new Failure(
        'not-written',
        `Nothing was written: ${faults.slice(0, 5).join('; ')}${faults.length > 5 ? `; and ${faults.length - 5} more` : ''}.`,
        'Try again when the service is less busy, or name single entities with --entity.',
      );
    return writes.map((write, n) => ({ ...write, objects: told[n]?.written ?? 0 }));
  } finally {
    await attachment.send('Runtime.releaseObjectGroup', { objectGroup: GROUP }).catch(() => undefined);
  }
}

interface Remote {
  readonly result: { readonly objectId?: string; readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string };
}

async function allObjects(attachment: Pick<Attachment, 'send'>, work: Work): Promise<string> {
  const { result } = await attachment.send<Remote>(
    'Runtime.evaluate',
    { expression: 'Object.prototype', objectGroup: GROUP, silent: true },
    work,
  );
  const { objects } = await attachment.send<{ readonly objects: { readonly objectId?: string } }>(
    'Runtime.queryObjects',
    { prototypeObjectId: result.objectId, objectGroup: GROUP },
    work,
  );
  return objects.objectId ?? '';
}

async function ask(
  attachment: Pick<Attachment, 'send'>,
  objectId: string,
  writes: readonly Write[],
  work: Work,
): Promise<readonly { readonly written: number; readonly differs: number; readonly refused: number }[]> {
  const asked = writes.map(({ ref, key, shape, attribute, before, after }) => ({
    ...{ entity: ref.entity, id: ref.id, key, shape, attribute },
    ...{ before: forJson(before), after: forJson(after) },
  }));
  const { result, exceptionDetails } = await attachment.send<Remote>(
    'Runtime.callFunctionOn',
    {
      objectId,
      functionDeclaration: WRITE_PROGRAM,
      arguments: [{ value: JSON.stringify(asked) }],
      returnByValue: true,
      silent: true,
    },
    work,
  );
  if (exceptionDetails || typeof result.value !== 'string')
    throw new Failure(
      'not-written',
      `The program answered with an error: ${exceptionDetails?.text ?? 'nothing'}.`,
      'Attach again; the state shows what was written.',
    );
  return JSON.parse(result.value) as Awaited<ReturnType<typeof ask>>;
}

/** JSON has no minus zero. */
function forJson(value: Value): unknown {
  return Object.is(value, -0) ? { $type: '-0' } : value;
}
