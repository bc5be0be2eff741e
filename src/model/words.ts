// The words of identifiers and their singular forms. English, as identifiers mostly are.

/** A program has few names, each of which is asked for again with every instance. */
const known = new Map<string, readonly string[]>();
const MOST_KNOWN = 20_000;

/** `#securesLoanId`, `secures_loan_id` -> ['secures', 'loan', 'id']. */
export function wordsOf(name: string): string[] {
  let words = known.get(name);
  if (!words) {
    words = split(name);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(name, words);
  }
  return [...words];
}

function split(name: string): string[] {
  return name
    .replace(/^[#_@$]+/, '')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim()
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '');
}

export function singular(word: string): string {
  if (/[^aeiou]ies$/i.test(word)) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/i.test(word)) return word.slice(0, -2);
  if (/[^s]s$/i.test(word) && !/(?:us|is)$/i.test(word)) return word.slice(0, -1);
  return word;
}
