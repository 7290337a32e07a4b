import { ExpressionInvalid } from './syntax';

export interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'field' | 'sign' | 'word' | 'end';
  readonly text: string;
  /** In code points from 0. */
  readonly at: number;
}

/** Names that mean something of their own. */
export const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'true', 'false', 'null']);

/** No alternative can be matched in two ways, so that no text takes longer than its length. */
const TOKEN = new RegExp(
  [
    String.raw`(?<space>[ \t\n\r\f\v]+)`,
    String.raw`(?<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)`,
    String.raw`(?<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)`,
    String.raw`(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`,
    String.raw`(?<field>\[[A-Za-z][A-Za-z0-9_.-]{0,127}\])`,
    '(?<sign><=|>=|!=|[-+*/%^=<>(),])',
  ].join('|'),
  'suy',
);

const INSTEAD: Readonly<Record<string, string>> = {
  '==': '=',
  '<>': '!=',
  '&&': 'and',
  '||': 'or',
  '**': '^',
  '!': 'not',
};

/** A text's words, the end included. Throws ExpressionInvalid. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (let index = 0; index < text.length; ) {
    const found = matchAt(text, index);
    if (!found) throw new ExpressionInvalid(at, unreadable(text.slice(index)));
    const { kind, word } = found;
    const other = kind === 'sign' ? INSTEAD[text.slice(index, index + 2)] : undefined;
    if (other) throw new ExpressionInvalid(at, `write ${other} instead of ${text.slice(index, index + 2)}`);
    if (kind !== 'space') tokens.push(tokenOf(kind, word, at));
    at += [...word].length;
    index += word.length;
  }
  return [...tokens, { kind: 'end', text: '', at }];
}

function matchAt(
  text: string,
  index: number,
): { readonly kind: Token['kind'] | 'space'; readonly word: string } | undefined {
  TOKEN.lastIndex = index;
  const groups = TOKEN.exec(text)?.groups;
  const entry = groups && Object.entries(groups).find(([, word]) => word !== undefined);
  return entry && { kind: entry[0] as Token['kind'] | 'space', word: entry[1] };
}

function tokenOf(kind: Token['kind'], word: string, at: number): Token {
  if (kind !== 'name' || !WORDS.has(word.toLowerCase())) return { kind, text: word, at };
  if (!WORDS.has(word)) throw new ExpressionInvalid(at, `write ${word.toLowerCase()} in small letters`);
  return { kind: 'word', text: word, at };
}

function unreadable(rest: string): string {
  for (const [wrong, right] of Object.entries(INSTEAD)) {
    if (rest.startsWith(wrong)) return `write ${right} instead of ${wrong}`;
  }
  const [first = ''] = rest;
  if (first === '"' || first === "'") return 'the text is not closed';
  if (first === '[') return "a field's id in brackets is expected, such as [customfield_10016]";
  return `${first} has no meaning here`;
}
