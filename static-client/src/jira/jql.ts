/** Takes JQL apart far enough to narrow a query without changing what it means. */

/** A query whose parts cannot be told for certain; it can still be run as it stands. */
export class JqlUnclear extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JqlUnclear';
  }
}

export interface JqlParts {
  /** What issues are wanted, as written; empty where the query has an order only. */
  readonly where: string;
  /** What follows ORDER BY, as written; empty where there is none. */
  readonly order: string;
}

export interface JqlOrder {
  readonly field: string;
  readonly direction: 'ascending' | 'descending';
}

interface Token {
  readonly kind: 'word' | 'quoted' | 'open' | 'close' | 'comma' | 'operator';
  /** Without quotes and escapes. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Parts a query at its ORDER BY. Throws JqlUnclear where quotes or parentheses are not balanced (`a) OR (b`
 * would mean something else inside our own), and where ORDER BY is not the last part.
 */
export function takeApart(jql: string): JqlParts {
  const tokens = tokenize(jql);
  checkParentheses(tokens);
  const at = tokens.findIndex((_, index) => isOrderBy(tokens, index));
  if (at < 0) return { where: jql.trim(), order: '' };
  if (tokens.some((_, index) => index > at && isOrderBy(tokens, index))) {
    throw new JqlUnclear('The query orders twice.');
  }
  const before = tokens.slice(0, at);
  if (count(before, 'open') !== count(before, 'close'))
    throw new JqlUnclear('ORDER BY stands in parentheses.');
  return { where: jql.slice(0, tokens[at]?.start).trim(), order: jql.slice(tokens[at + 1]?.end).trim() };
}

/** The rules of a query's ORDER BY; none where the query is unclear. */
export function orderOf(jql: string): readonly JqlOrder[] {
  try {
    return orderRules(tokenize(takeApart(jql).order));
  } catch (error) {
    if (error instanceof JqlUnclear) return [];
    throw error;
  }
}

/** The part of a query between two moments, which are literals that Jira reads; open where one is absent. */
export function rangeQuery(where: string, from: string | undefined, to: string | undefined): string {
  const clauses = [
    where === '' ? '' : `(${where})`,
    from === undefined ? '' : `created >= "${from}"`,
    to === undefined ? '' : `created < "${to}"`,
  ];
  const narrowed = clauses.filter((clause) => clause !== '').join(' AND ');
  return `${narrowed} ORDER BY created ASC, key ASC`.trim();
}

const SINGLE: Readonly<Record<string, Token['kind']>> = { '(': 'open', ')': 'close', ',': 'comma' };
const OPERATOR = /[=!<>~&|]/;
const WORD_END = /[\s(),=!<>~&|"']/;

/** JQL has no comments; what looks like one would hide a parenthesis if a later Jira had them. */
const COMMENT = /^(?:\/\/|\/\*|#|--)/;

function tokenize(jql: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < jql.length) {
    const char = jql[at] ?? '';
    if (/\s/.test(char)) {
      at++;
      continue;
    }
    if (COMMENT.test(jql.slice(at, at + 2))) throw new JqlUnclear('The query seems to hold a comment.');
    const token = readToken(jql, at, char);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function readToken(jql: string, start: number, char: string): Token {
  const single = SINGLE[char] ?? (OPERATOR.test(char) ? 'operator' : undefined);
  if (single) return { kind: single, value: char, start, end: start + 1 };
  return char === '"' || char === "'" ? readQuoted(jql, start, char) : readWord(jql, start);
}

function readQuoted(jql: string, start: number, quote: string): Token {
  let value = '';
  for (let at = start + 1; at < jql.length; at++) {
    const char = jql[at] ?? '';
    if (char === quote) return { kind: 'quoted', value, start, end: at + 1 };
    if (char === '\\') at++;
    value += jql[at] ?? '';
  }
  throw new JqlUnclear('A quote is not closed.');
}

function readWord(jql: string, start: number): Token {
  let at = start;
  let value = '';
  while (at < jql.length && !WORD_END.test(jql[at] ?? '')) {
    if (jql[at] === '\\') at++;
    value += jql[at] ?? '';
    at++;
  }
  if (at > jql.length) throw new JqlUnclear('An escape is not finished.');
  return { kind: 'word', value, start, end: at };
}

function checkParentheses(tokens: readonly Token[]): void {
  let depth = 0;
  for (const { kind } of tokens) {
    if (kind === 'open') depth++;
    if (kind === 'close') depth--;
    if (depth < 0) break;
  }
  if (depth !== 0) throw new JqlUnclear('The parentheses are not balanced.');
}

function isOrderBy(tokens: readonly Token[], index: number): boolean {
  return isWord(tokens[index], 'order') && isWord(tokens[index + 1], 'by');
}

/** An escaped or quoted word is a name; only a plain one is a keyword. */
function isWord(token: Token | undefined, word: string): boolean {
  return (
    token?.kind === 'word' && token.end - token.start === word.length && token.value.toLowerCase() === word
  );
}

function count(tokens: readonly Token[], kind: Token['kind']): number {
  return tokens.filter((token) => token.kind === kind).length;
}

function orderRules(tokens: readonly Token[]): readonly JqlOrder[] {
  const rules: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'comma') rules.push([]);
    else rules.at(-1)?.push(token);
  }
  return rules.flatMap(([field, direction]) =>
    field ? [{ field: field.value, direction: isWord(direction, 'desc') ? 'descending' : 'ascending' }] : [],
  );
}
