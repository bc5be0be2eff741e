// Text to query, by recursive descent. Pure; the first thing that is wrong is the answer, with its place.
import type { Value } from '../../model/index.ts';
import { AGGREGATES, type Aggregate, type Comparison, type Expression, type Moment, type Parsed } from './syntax.ts';
import { tokensOf, type Token } from './tokens.ts';

/** Far beyond what a person writes; keeps hostile text from costing anything. */
const LONGEST = 10_000;
const DEEPEST = 64;

const COMPARISONS: { readonly [symbol: string]: Comparison } = {
  '=': '=',
  '==': '=',
  '===': '=',
  '!=': '!=',
  '!==': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '~': '~',
  in: 'in',
};

/** Carries a problem out of the descent; never leaves this file. */
class Refusal {
  readonly message: string;
  readonly token: Token;
  constructor(message: string, token: Token) {
    this.message = message;
    this.token = token;
  }
}

/** Reads a whole query: an expression, perhaps with `@` and a moment. */
export function parseQuery(text: string): Parsed {
  if (text.length > LONGEST) {
    return { problem: { message: `A query has at most ${LONGEST} characters.`, start: LONGEST, end: text.length } };
  }
  const descent = new Descent(tokensOf(text));
  try {
    return { query: descent.query() };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    const { start, end } = refusal.token;
    return { problem: { message: refusal.message, start, end } };
  }
}

function shown(token: Token): string {
  if (token.kind === 'end') return 'the end';
  if (token.kind === 'string') return JSON.stringify(token.text);
  return `"${token.text}"`;
}

class Descent {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  query(): { expression: Expression; moment?: Moment } {
    const expression = this.#either();
    const moment = this.#take('@') ? this.#moment() : undefined;
    const rest = this.#peek();
    if (rest.kind !== 'end') throw new Refusal(`${shown(rest)} was not expected here.`, rest);
    return { expression, ...(moment && { moment }) };
  }

  #peek(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #next(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#at++;
    if (token.open) throw new Refusal('The quotation mark has no partner.', token);
    return token;
  }

  /** Takes a symbol or keyword, if it is next. */
  #take(...texts: readonly string[]): Token | undefined {
    const token = this.#peek();
    if (token.kind !== 'symbol' && token.kind !== 'keyword') return undefined;
    return texts.includes(token.text) ? this.#next() : undefined;
  }

  #expect(text: string): Token {
    const token = this.#take(text);
    if (token) return token;
    throw new Refusal(`"${text}" was expected, not ${shown(this.#peek())}.`, this.#peek());
  }

  #deeper<T>(read: () => T): T {
    if (++this.#depth > DEEPEST) throw new Refusal(`More than ${DEEPEST} levels are too deep.`, this.#peek());
    const result = read();
    this.#depth--;
    return result;
  }

  #either(): Expression {
    let left = this.#both();
    while (this.#take('or', '||')) {
      const right = this.#both();
      left = { kind: 'either', left, right, start: left.start, end: right.end };
    }
    return left;
  }

  #both(): Expression {
    let left = this.#not();
    while (this.#take('and', '&&')) {
      const right = this.#not();
      left = { kind: 'both', left, right, start: left.start, end: right.end };
    }
    return left;
  }

  #not(): Expression {
    const token = this.#take('not', '!');
    if (!token) return this.#comparison();
    const of = this.#deeper(() => this.#not());
    return { kind: 'not', of, start: token.start, end: of.end };
  }

  #comparison(): Expression {
    const left = this.#path();
    const by = this.#take(...Object.keys(COMPARISONS));
    if (!by) return left;
    const right = this.#path();
    const comparison = COMPARISONS[by.text] as Comparison;
    return { kind: 'compare', by: comparison, left, right, start: left.start, end: right.end };
  }

  #path(): Expression {
    let of = this.#primary();
    for (;;) {
      if (this.#take('.')) {
        const token = this.#next();
        if (token.kind !== 'name') throw new Refusal(`A name was expected after the dot, not ${shown(token)}.`, token);
        of = { kind: 'member', of, name: token.text, at: token, start: of.start, end: token.end };
      } else if (this.#take('[')) {
        const index = this.#deeper(() => this.#either());
        of = { kind: 'index', of, index, start: of.start, end: this.#expect(']').end };
      } else return of;
    }
  }

  #primary(): Expression {
    const token = this.#next();
    const { start, end, text, kind } = token;
    const literal = (value: Value | undefined, upTo = end): Expression => ({
      kind: 'literal',
      value,
      start,
      end: upTo,
    });
    if (kind === 'string') return literal(text);
    if (kind === 'number') return literal(Number(text));
    if (kind === 'bigint') return literal({ $type: 'bigint', value: this.#bigint(token) });
    if (kind === 'name') return this.#named(token);
    if (kind === 'keyword') return this.#keyword(token);
    if (text === '-') return this.#negative(token);
    if (text === '(') {
      const inner = this.#deeper(() => this.#either());
      return { ...inner, start, end: this.#expect(')').end };
    }
    if (text === '[') return this.#list(token);
    throw new Refusal(
      kind === 'end' ? 'The query ends too early.' : `A type, a name or a value was expected, not ${shown(token)}.`,
      token,
    );
  }

  #keyword(token: Token): Expression {
    const span = { start: token.start, end: token.end };
    switch (token.text) {
      case 'true':
        return { kind: 'literal', value: true, ...span };
      case 'false':
        return { kind: 'literal', value: false, ...span };
      case 'null':
        return { kind: 'literal', value: null, ...span };
      case 'none':
      case 'undefined':
        return { kind: 'literal', value: undefined, ...span };
      default:
        throw new Refusal(`${shown(token)} was not expected here.`, token);
    }
  }

  #named(token: Token): Expression {
    const { start, end, text } = token;
    const aggregate = AGGREGATES.find((name) => name === text);
    if (!aggregate || this.#peek().text !== '(' || this.#peek().kind !== 'symbol') {
      return { kind: 'name', name: text, start, end };
    }
    return this.#call(aggregate, start);
  }

  #call(name: Aggregate, start: number): Expression {
    this.#expect('(');
    const argument = this.#deeper(() => this.#either());
    return { kind: 'call', name, argument, start, end: this.#expect(')').end };
  }

  #list(open: Token): Expression {
    const items: Expression[] = [];
    if (this.#peek().text !== ']' || this.#peek().kind !== 'symbol') {
      do items.push(this.#deeper(() => this.#either()));
      while (this.#take(','));
    }
    return { kind: 'list', items, start: open.start, end: this.#expect(']').end };
  }

  #negative(sign: Token): Expression {
    const token = this.#next();
    const span = { start: sign.start, end: token.end };
    if (token.kind === 'number') return { kind: 'literal', value: -Number(token.text), ...span };
    if (token.kind === 'bigint') {
      const value = this.#bigint(token);
      return { kind: 'literal', value: { $type: 'bigint', value: value === '0' ? value : `-${value}` }, ...span };
    }
    throw new Refusal(`A number was expected after "-", not ${shown(token)}.`, token);
  }

  #bigint(token: Token): string {
    if (/^(?:\d+|0[xX][\da-fA-F]+)$/.test(token.text)) return BigInt(token.text).toString();
    throw new Refusal(`${token.text}n is no whole number.`, token);
  }

  #moment(): Moment {
    const sign = this.#take('-', '+');
    const token = this.#next();
    const span = { start: sign?.start ?? token.start, end: token.end };
    if (token.kind === 'string' && !sign) return { kind: 'time', text: token.text, ...span };
    const number = Number(token.text);
    if (token.kind !== 'number' || !Number.isSafeInteger(number)) {
      throw new Refusal('After "@" stands a place (@ 4711), a step (@ -1) or a time (@ "10:30:12").', token);
    }
    if (!sign) return { kind: 'seq', seq: number, ...span };
    return { kind: 'relative', stops: sign.text === '-' ? -number : number, ...span };
  }
}
