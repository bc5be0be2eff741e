// A stored timeline of the shop in which the data do what the code does not say: an order that was delivered and is placed again,
// one in a state that no code declares.
import { extractOnce } from '../../src/session/index.ts';
import { withDrift } from '../../src/extract/index.ts';
import { fromIso, refKey, type EntityInstance, type EntityRef, type Model, type Value } from '../../src/model/index.ts';
import { openTimeline } from '../../src/timeline/index.ts';

const order = (id: string, status: Value): EntityInstance => ({
  ...{ entity: 'Order', id, attributes: { id, status }, links: {} },
});

export async function recordDrift(file: string, source: string): Promise<void> {
  const declared = await extractOnce({ source: [source], snapshots: [] }, {});
  const model = withDrift(seen(declared));
  const store = openTimeline(file);
  store.saveModel(model);
  const time = fromIso('2026-03-02T10:30:00Z');
  const start = [order('o1', 'delivered'), order('o2', 'lost'), order('o3', 'placed')];
  store.append(
    [
      {
        ...{ kind: 'snapshot', time, id: '1', method: 'memory', bytes: 1, pauseMs: 1, target: 'docker:shop' },
        ...{ consistency: 'consistent', entities: 3, problems: 0 },
      },
    ],
    new Map(start.map((each) => [refKey(each), each])),
  );
  const ref: EntityRef = { entity: 'Order', id: 'o1' };
  store.append([
    {
      ...{ kind: 'event', time: time + 5e6, object: ref, attribute: 'status', observed: 'recorded', type: 'reopen' },
      ...{ preState: 'delivered', postState: 'placed', source: { file: 'order.ts', line: 71 } },
      change: { kind: 'attribute', ref, attribute: 'status', before: 'delivered', after: 'placed' },
    },
  ]);
  store.dispose();
}

function seen(model: Model): Model {
  return {
    ...model,
    entities: model.entities.map((entity) =>
      entity.name !== 'Order'
        ? entity
        : {
            ...entity,
            instances: 3,
            status: 'confirmed',
            evidence: [...(entity.evidence ?? []), { by: 'instance', count: 3, snapshot: '1' }],
            attributes: entity.attributes.map((attribute) =>
              attribute.name !== 'status'
                ? attribute
                : {
                    ...attribute,
                    status: 'confirmed',
                    states: [...(attribute.states ?? []), { value: 'lost', status: 'observed' }],
                  },
            ),
          },
    ),
    transitions: [
      ...model.transitions,
      {
        ...{
          object: 'Order',
          attribute: 'status',
          preState: 'delivered',
          postState: 'placed',
          type: 'reopen',
          count: 1,
        },
        ...{ status: 'observed', evidence: [{ by: 'event', count: 1, source: { file: 'order.ts', line: 71 } }] },
      },
    ],
  };
}
