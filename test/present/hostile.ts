// A recording of a program all of whose names and values try to break the form they are written in.
import { missing, redacted, refKey, type EntityInstance, type Value } from '../../src/model/index.ts';
import type { TimelineStore } from '../../src/timeline/index.ts';
import { born, changed, clock, order } from './recording.ts';
import { SHOP } from './shopModel.ts';

export const HOSTILE = [
  '=cmd|calc',
  '"; x',
  'a\r\nb',
  '</script><img onerror=x>',
  '`',
  '\u0000',
  '\ud800',
  '__proto__',
  '%%{init}%%',
  'a:b',
  '',
];

/** Every name and value of the program is an attack. */
export function hostile(store: TimelineStore): void {
  const values: Value[] = [...HOSTILE, -0, -5.5, 1e21, true, null, { $type: 'bigint', value: '12345678901234567890' }];
  const instances = HOSTILE.flatMap((entity) =>
    ([1, '1', entity] as const).map((id): EntityInstance => ({
      ...{ entity, id },
      attributes: Object.fromEntries(values.map((value, at) => [HOSTILE[at] ?? `n${at}`, value])),
      links: Object.fromEntries([
        [
          entity,
          [
            { entity: 'Nowhere', id: entity },
            { entity, id: 1 },
          ],
        ],
      ]),
    })),
  );
  store.saveModel({
    ...SHOP,
    entities: HOSTILE.map((name) => ({
      ...{ name, status: 'declared', identity: [name] },
      attributes: HOSTILE.map((attribute) => ({
        name: attribute,
        type: 'enum',
        role: 'state',
        states: HOSTILE.map((value) => ({ value })),
      })),
    })),
    relations: HOSTILE.map((name) => ({
      subject: name,
      predicate: name,
      object: name,
      cardinality: '*',
      status: 'declared',
    })),
    transitions: HOSTILE.map((name) => ({
      ...{ object: name, attribute: name, preState: name, postState: '`', type: name, guard: name, status: 'declared' },
    })),
    problems: HOSTILE.map((message) => ({ code: message, message })),
  });
  const time = clock('10:30:00.000');
  const start = new Map(instances.slice(0, 3).map((each) => [refKey(each), each]));
  store.append(
    [
      {
        kind: 'snapshot',
        time,
        id: '\u0000',
        method: 'heap',
        bytes: 1,
        pauseMs: 1,
        consistency: 'unknown',
        entities: 3,
        problems: 0,
      },
    ],
    start,
  );
  store.append(
    instances.slice(3).map((each, at) => born(time + at, each, HOSTILE[0] ?? '', { type: HOSTILE[at % 11] ?? '' })),
  );
  store.append([changed(time + 99, order(1), '=a', missing(), redacted())]);
}
