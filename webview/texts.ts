// The panel's own words. The English sentence is the key; whoever hosts the panel hands over a dictionary before it is mounted.
// A sentence is one unit with numbered places, since languages order them differently. Names of the program are never looked up.

/** English sentence to the same sentence in another language, with the same places `{0}`, `{1}`... */
export type Texts = { readonly [english: string]: string };

const PLACE = /\{(\d)\}/;
let known: Texts = {};

export function useTexts(texts: Texts): void {
  known = texts;
}

/** Whatever is no dictionary counts as an empty one: the panel then speaks English. */
export function readTexts(json: unknown): Texts {
  if (typeof json !== 'object' || json === null) return {};
  return Object.fromEntries(Object.entries(json).filter((one): one is [string, string] => typeof one[1] === 'string'));
}

function sentence(english: string): string {
  return Object.hasOwn(known, english) ? (known[english] ?? english) : english;
}

/** What the language says between the places, and at odd indices the numbers of the places. */
export function piecesOf(english: string): readonly string[] {
  return sentence(english).split(PLACE);
}

/** `t('{0} of {1}', 3, 12)` */
export function t(english: string, ...values: readonly (string | number)[]): string {
  return piecesOf(english)
    .map((piece, at) => (at % 2 === 0 ? piece : String(values[Number(piece)] ?? '')))
    .join('');
}

/** `plural(n, '{0} event', '{0} events', count(n))` */
export function plural(n: number, one: string, many: string, ...values: readonly (string | number)[]): string {
  return n === 1 ? t(one, ...values) : t(many, ...values);
}

/** One after the other, as the language separates them; what is empty is left out. */
export function list(values: readonly (string | undefined | false)[]): string {
  const said = values.filter((one): one is string => typeof one === 'string' && one !== '');
  return said.length === 0 ? '' : said.reduce((all, one) => t('{0}, {1}', all, one));
}

/** A sentence that came from the host in English, told in the panel's language where it has one of the forms. */
export function retold(text: string, ...forms: readonly string[]): string {
  for (const form of forms) {
    if (sentence(form) === form) continue;
    const found = text.match(patternOf(form));
    if (found) return t(form, ...found.slice(1));
  }
  return text;
}

const patterns = new Map<string, RegExp>();

/** The places of a form in the order `{0}`, `{1}`... as groups of a pattern. */
function patternOf(form: string): RegExp {
  let pattern = patterns.get(form);
  if (!pattern) {
    const source = form
      .split(PLACE)
      .map((piece, at) => (at % 2 === 0 ? piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : '(.+)'))
      .join('');
    patterns.set(form, (pattern = new RegExp(`^${source}$`, 's')));
  }
  return pattern;
}
