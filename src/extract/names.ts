// What names of programs say: words, stems, singular forms. English, as identifiers mostly are.
import { singular, wordsOf } from '../model/index.ts';

export { singular, wordsOf };

/** Attribute name of a field: a leading `#` is not part of it, nor the `@@` of a symbol; a leading `_` is. */
export function bareName(name: string): string {
  return name.replace(/^(#|@@)/, '');
}

const VARIANT =
  /(Entity|Model|Schema|Props|Properties|Row|Record|Document|Doc|Dto|DTO|View|ViewModel|Json|JSON|Data|State|Snapshot|Summary|Details|Response|Body|Payload|Input)$/;

/** The concept's name in that of a row, view or transfer object of it: `OrderRow` -> `Order`; the name itself where there is none. */
export function stemOf(name: string): string {
  let stem = name.replace(/^_+/, '');
  for (let i = 0; i < 2; i += 1) {
    const shorter = stem.replace(VARIANT, '');
    if (shorter.length < 2) break;
    stem = shorter;
  }
  return stem;
}

const ID_NAMES = [
  'id',
  '_id',
  'uuid',
  'guid',
  'uid',
  'sku',
  'isbn',
  'code',
  'key',
  'number',
  'no',
  'slug',
  'reference',
  'ref',
];
const ID_TAILS = new Set(['id', 'uuid', 'guid', 'code', 'key', 'no', 'number', 'sku', 'ref']);
/** Identity names that say nothing of what they identify. */
const GENERIC = new Set([
  'id',
  'uuid',
  'guid',
  'uid',
  'code',
  'key',
  'number',
  'no',
  'name',
  'slug',
  'ref',
  'reference',
  'position',
  'index',
]);

/** How much a field's name looks like the identity of its type: 0 is best; undefined is not at all. */
export function identityRank(field: string, typeName: string): number | undefined {
  const name = bareName(field).toLowerCase();
  const plain = ID_NAMES.indexOf(name);
  const words = wordsOf(field);
  const last = words.at(-1) ?? '';
  const type = wordsOf(stemOf(typeName));
  const owner = words.slice(0, -1);
  // `orderId` in Order, `requestNo` in LeaveRequest
  const own = owner.length > 0 && ID_TAILS.has(last) && owner.join(' ') === type.slice(-owner.length).join(' ');
  if (name === 'id' || name === '_id') return 0;
  if (own) return 1;
  return plain < 0 ? undefined : 1 + plain;
}

export function isGenericIdentity(name: string): boolean {
  return GENERIC.has(wordsOf(name).join(''));
}

export function isIdTail(word: string): boolean {
  return ID_TAILS.has(word) || word === 'ids' || word === 'refs' || word === 'keys' || word === 'codes';
}

/** Last words of names of things that do, not things that are. */
const DOERS = new Set(
  `service services handler handlers controller repository repositories repo store stores manager factory builder mapper adapter
  gateway client server router middleware provider registry bus dispatcher listener subscriber publisher emitter logger validator
  serializer parser resolver guard strategy policy scheduler worker queue cache pool connection module plugin helper util utils
  config configuration options settings context command query error exception failure result outcome response request
  dto event envelope message metadata meta journal log counter counters metrics stats statistics health projection view
  specification test mock stub fixture params args input output payload body props`.split(/\s+/),
);
/** Words that also name things of business: alone they decide nothing against an identity in a store. */
const BOTH = new Set(
  'request message queue event view log policy strategy test module client order worker result query'.split(' '),
);

/** Whether a type's name says that it does things: surely, or perhaps (`Request` may be a thing of business). */
export function doerByName(name: string): 'surely' | 'perhaps' | undefined {
  const last = wordsOf(name).at(-1) ?? '';
  if (!DOERS.has(last)) return undefined;
  return BOTH.has(last) ? 'perhaps' : 'surely';
}

export function isDoer(name: string): boolean {
  return doerByName(name) === 'surely';
}

/** `OrderPaid`, `ShipmentSent`: two words or more, the last a past participle. */
export function isEventName(name: string): boolean {
  const words = wordsOf(name);
  return (
    words.length > 1 &&
    /(?:[^e]ed|(?:^|re|under|over|up|out|with)(?:sent|paid|left|lost|found|sold|bought|held|begun|taken|given|chosen|withdrawn|written|broken|drawn|put|set|cut|made|met|won|kept|shut))$/.test(
      words.at(-1) ?? '',
    )
  );
}

const MACHINERY = new Set(
  'cache cached lru memo memoized throttle ratelimit debounce mutex semaphore socket packet'.split(' '),
);
const KEEPERS = new Set(
  'cache limiter pool queue buffer throttle throttler breaker scheduler dispatcher balancer logger tracer profiler watcher outbox'.split(
    ' ',
  ),
);

/** Words for what every program is made of: a literal called so, or a schema, is no thing of any business. */
const MADE_OF = new Set(
  `object field attribute property value key entry element type symbol token function argument parameter option info data
  result state item schema model frame scope target source context`.split(/\s+/),
);

/** `CacheEntry`, `SocketState`: parts of the machine by name. */
export function isTechnical(name: string): boolean {
  return wordsOf(name).some((word) => MACHINERY.has(word));
}

const MOMENTARY = new Set('stack stacks visited seen memo scratch worklist todo frames scopes'.split(' '));

/** `scopeStack`, `visited`: what is kept there is of the work in hand. */
export function isMomentary(store: string): boolean {
  return MOMENTARY.has(wordsOf(store).at(-1) ?? '');
}

/** `object`, `field`, `Schema`: nothing but such a word. */
export function saysNothing(name: string): boolean {
  return MADE_OF.has(wordsOf(name).join(' '));
}

/** `WorkerPool`, `RateLimiter`. */
export function isTechnicalKeeper(name: string): boolean {
  return KEEPERS.has(wordsOf(name).at(-1) ?? '');
}
