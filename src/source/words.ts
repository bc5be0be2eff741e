// What identifiers say: their words, singular forms, whether they name an identity. English, as identifiers mostly are.
import { singular, wordsOf } from '../model/index.ts';

export { singular, wordsOf };

const PASSING =
  /queue|pending|waiting|batch|buffer|temp|tmp|stack|recent|histor|log$|inbox|outbox|selected|todo|dirty|changed|cache/i;

/** A collection of that name holds things for a while: what leaves it is not gone. */
export function isPassing(name: string): boolean {
  return PASSING.test(name);
}

const IDENTITY = new Set([
  'id',
  '_id',
  'uuid',
  'guid',
  'uid',
  'code',
  'key',
  'no',
  'number',
  'nr',
  'sku',
  'isbn',
  'iban',
  'imo',
  'vin',
  'slug',
  'ref',
  'reference',
  'handle',
  'serial',
  'ean',
  'barcode',
  'plate',
  'tag',
  'callsign',
  'mrn',
  'ticker',
  'symbol',
  'email',
  'username',
  'name',
  'position',
]);
const TAILS = new Set([
  'id',
  'ids',
  'uuid',
  'guid',
  'uid',
  'code',
  'codes',
  'key',
  'keys',
  'no',
  'nr',
  'number',
  'numbers',
  'ref',
  'refs',
  'sku',
  'skus',
  'isbn',
  'slug',
]);

/** Whether a field's name may be the identity of its own type, best first: 0 is `id`; undefined is none. */
export function identityRank(field: string, typeName: string): number | undefined {
  const words = wordsOf(field);
  const name = words.join('');
  if (name === 'id') return 0;
  const type = wordsOf(typeName);
  const owner = words.slice(0, -1);
  if (owner.length > 0 && TAILS.has(words.at(-1) ?? '') && owner.join(' ') === type.slice(-owner.length).join(' '))
    return 1;
  return IDENTITY.has(name) ? 2 + [...IDENTITY].indexOf(name) : undefined;
}

/** The words of a reference by id without its tail: `requestedByUserId` -> ['requested','by','user']; undefined where it has none. */
export function referenceWords(name: string): string[] | undefined {
  const words = wordsOf(name);
  return words.length > 1 && TAILS.has(words.at(-1) ?? '') ? words.slice(0, -1) : undefined;
}
