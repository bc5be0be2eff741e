// A recording whose every name tries to be something else than text: markup, script, right-to-left, controls, endless.
import { keyOf, record, type Recorded, type Recording } from './recording.ts';

const EVIL = [
  '<img src=x onerror="globalThis.hit=1">',
  '</script><script>globalThis.hit=1</script>',
  '\u202eמחיר גבוה\u202c',
  'هذا اسم طويل',
  'x'.repeat(10_000),
  '__proto__',
  'constructor',
  '" onmouseover="globalThis.hit=1',
  'url(javascript:globalThis.hit=1)',
  '',
];

export function hostile(): Recording {
  return renamed(EVIL);
}

/** Long names that are read from right to left, with numbers and Latin letters among them. */
export function rightToLeft(): Recording {
  return renamed([
    'طلب الشراء رقم ٤٢',
    'תשלום בכרטיס אשראי',
    'قيد الانتظار منذ فترة طويلة جدا ولا أحد يعرف السبب الحقيقي لهذا التأخير',
    'שולם (paid)',
    'العميل-17',
    'مخزون/SKU-3',
    'בוטל על ידי הלקוח',
    'شُحن',
  ]);
}

/** The story with other names: every name of the program is one of the list, with a number once they are used up. */
function renamed(list: readonly string[]): Recording {
  const plain = record(300, 46);
  const names = new Map<string, string>();
  const bad = (name: string): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const other = `${list[names.size % list.length] ?? ''}${names.size >= list.length ? names.size : ''}`;
    names.set(name, other);
    return other;
  };
  const ref = (one: { entity: string; id: string | number }) => ({ entity: bad(one.entity), id: bad(String(one.id)) });
  const types = plain.types.map((type) => ({
    entity: bad(type.entity),
    attribute: bad(type.attribute),
    states: type.states.map(bad),
    final: type.final.map(bad),
    declared: type.declared.map(
      ([from, to, guard]) =>
        [bad(from), bad(to), ...(guard === undefined ? [] : [bad(guard)])] as unknown as readonly [
          string,
          string,
          string?,
        ],
    ),
  }));
  const entities = [...plain.entities.values()].map((one): [string, Recorded] => {
    const turned = {
      ...one,
      ref: ref(one.ref),
      stays: one.stays.map((stay) => ({ ...stay, state: bad(stay.state) })),
      links: one.links.map((link) => ({ ...link, predicate: bad(link.predicate), to: ref(link.to) })),
      values: Object.fromEntries(Object.entries(one.values).map(([name, text]) => [`v ${bad(name)}`, bad(text)])),
      broken: one.broken.map((law) => ({ ...law, law: bad(law.law), message: bad(law.message) })),
    };
    return [keyOf(turned.ref), turned];
  });
  const events = plain.events.map((row) => ({
    ...row,
    text: bad(row.text),
    ...(row.type !== undefined && { type: bad(row.type) }),
    ...(row.ref && { ref: ref(row.ref) }),
    ...(row.subject && { subject: ref(row.subject) }),
    ...(row.before !== undefined && { before: bad(row.before) }),
    ...(row.after !== undefined && { after: bad(row.after) }),
    ...(row.breaks && { breaks: row.breaks.map(bad) }),
    ...(row.source && { source: { file: bad(row.source.file), line: row.source.line } }),
  }));
  return {
    ...plain,
    types,
    entities: new Map(entities),
    events,
    gaps: plain.gaps.map((gap) => ({ ...gap, reason: bad(gap.reason) })),
  };
}
