// The words of the query form. Never throws: what cannot be read is a token of kind `bad`, so that completion works in unfinished text.

export type TokenKind = 'name' | 'keyword' | 'string' | 'number' | 'bigint' | 'symbol' | 'bad' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** What it means: the name, the string without quotes, the digits, the symbol. */
  readonly text: string;
  /** Offsets into the query, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** A quote that never closes: the text goes on to the end. */
  readonly open?: true;
}

const SYMBOLS = ['===', '!==', '==', '!=', '<>', '<=', '>=', '&&', '||', ...'=<>!~.,()[]@-+'];
const SPACE = /\s+/y;
/** The program's own identifiers; `#` for private members. */
const NAME = /#?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /0[xX][\da-fA-F]+n?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?n?/y;
const ESCAPES: { readonly [letter: string]: string } = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', 0: '\0' };

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Reads a quoted text: `"..."` and `'...'` are strings, backquotes enclose names that are no identifiers. */
function quoted(text: string, start: number): Token {
  const quote = text[start];
  let value = '';
  let at = start + 1;
  while (at < text.length && text[at] !== quote) {
    if (text[at] !== '\\') {
      value += text[at++];
      continue;
    }
    const unicode = match(/u[\da-fA-F]{4}/y, text, at + 1);
    const letter = text[at + 1] ?? '';
    value += unicode ? String.fromCharCode(Number.parseInt(unicode.slice(1), 16)) : (ESCAPES[letter] ?? letter);
    at += unicode ? 6 : 2;
  }
  const kind = quote === '`' ? 'name' : 'string';
  if (at >= text.length) return { kind, text: value, start, end: text.length, open: true };
  return { kind, text: value, start, end: at + 1 };
}

function tokenAt(text: string, start: number): Token {
  const first = text[start] ?? '';
  if (first === '"' || first === "'" || first === '`') return quoted(text, start);
  const name = match(NAME, text, start);
  if (name !== undefined) {
    return { kind: KEYWORDS.has(name) ? 'keyword' : 'name', text: name, start, end: start + name.length };
  }
  const number = match(NUMBER, text, start);
  if (number?.endsWith('n')) return { kind: 'bigint', text: number.slice(0, -1), start, end: start + number.length };
  if (number !== undefined) return { kind: 'number', text: number, start, end: start + number.length };
  const symbol = SYMBOLS.find((one) => text.startsWith(one, start));
  if (symbol !== undefined) return { kind: 'symbol', text: symbol, start, end: start + symbol.length };
  const [bad = first] = text.slice(start, start + 2);
  return { kind: 'bad', text: bad, start, end: start + bad.length };
}

/** All tokens in order, the last of kind `end`. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = match(SPACE, text, 0)?.length ?? 0;
  while (at < text.length) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end + (match(SPACE, text, token.end)?.length ?? 0);
  }
  return [...tokens, { kind: 'end', text: '', start: text.length, end: text.length }];
}

const IDENTIFIER = /^#?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** A name as it has to be written in a query. */
export function writeName(name: string): string {
  return IDENTIFIER.test(name) && !KEYWORDS.has(name) ? name : `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}

/** Words that mean something by themselves; as names they stand in backquotes. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'true',
  'false',
  'null',
  'none',
  'undefined',
]);
