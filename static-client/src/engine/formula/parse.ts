import { type BinaryOperator, type Expression, ExpressionInvalid, type UnaryOperator } from './syntax';
import { type Token, tokensOf } from './tokens';

/** Limits of the server's parser: nesting, operations and calls, code points. */
const DEEPEST = 40;
export const MOST_OPERATIONS = 150;
const LONGEST = 4000;

const LARGEST = 1e300;
const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);
const COMPARISON = 4;
const POWERS: ReadonlyMap<string, number> = new Map([
  ['or', 1],
  ['and', 2],
  ['+', 5],
  ['-', 5],
  ['*', 6],
  ['/', 6],
  ['%', 6],
  ['^', 8],
]);
const PREFIXES: ReadonlyMap<string, number> = new Map([
  ['not', 3],
  ['-', 7],
  ['+', 7],
]);
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/**
 * The expression that a text is, by the server's grammar (`core/definition/parser.py`); vectors that both run
 * hold the two together. Throws ExpressionInvalid.
 */
export function parse(text: string): Expression {
  // Characters beyond 16 bits are two units, so that a text of more units may be short enough.
  if (text.length > LONGEST && [...text].length > LONGEST)
    throw new ExpressionInvalid(LONGEST, `the expression is longer than ${LONGEST} characters`);
  const parser = new Parser(tokensOf(text));
  const expression = parser.expression(0);
  const rest = parser.next();
  if (rest.kind !== 'end')
    throw new ExpressionInvalid(rest.at, `an operator is missing before ${shown(rest)}`);
  return expression;
}

function shown(token: Token): string {
  return token.kind === 'end' ? 'the end' : [...token.text].slice(0, 40).join('');
}

/** A Pratt parser. Nesting and operations are bounded, so that whoever walks the result has stack enough. */
class Parser {
  #place = 0;
  #depth = 0;
  #operations = 0;

  constructor(readonly tokens: readonly Token[]) {}

  next(): Token {
    const token = this.#peek();
    this.#place++;
    return token;
  }

  /** Operands and the operators between them that bind tighter than `power`. */
  expression(power: number): Expression {
    if (++this.#depth > DEEPEST)
      throw new ExpressionInvalid(this.#peek().at, 'the expression is nested too deeply');
    let left = this.#operand();
    for (let found = powerOf(this.#peek()); found > power; found = powerOf(this.#peek())) {
      left = this.#binary(left, this.next(), found);
    }
    this.#depth--;
    return left;
  }

  #peek(): Token {
    return this.tokens[this.#place] ?? { kind: 'end', text: '', at: 0 };
  }

  #binary(left: Expression, token: Token, power: number): Expression {
    this.#count(token);
    // Binds to the right: 2^3^2 is 2^(3^2).
    const right = this.expression(token.text === '^' ? power - 1 : power);
    if (power === COMPARISON && powerOf(this.#peek()) === COMPARISON)
      throw new ExpressionInvalid(this.#peek().at, 'compare two values at a time and join them with and');
    return { kind: 'binary', at: token.at, operator: token.text as BinaryOperator, left, right };
  }

  #operand(): Expression {
    const token = this.next();
    const { kind, text, at } = token;
    const constant = kind === 'word' ? CONSTANTS.get(text) : undefined;
    if (constant !== undefined) return { kind: 'constant', at, value: constant };
    if (kind === 'number') return numberOf(token);
    if (kind === 'text') return { kind, at, value: text.slice(1, -1).replace(/\\(.)/gsu, '$1') };
    if (kind === 'field') return { kind, at, id: text.slice(1, -1) };
    if (kind === 'name') return this.#peek().text === '(' ? this.#call(token) : { kind, at, id: text };
    return this.#prefixed(token);
  }

  #prefixed(token: Token): Expression {
    if (token.kind === 'sign' && token.text === '(') {
      const inner = this.expression(0);
      this.#close(token);
      return inner;
    }
    const power = PREFIXES.get(token.text);
    if (power === undefined)
      throw new ExpressionInvalid(token.at, `a value is expected, not ${shown(token)}`);
    this.#count(token);
    const operand = this.expression(power);
    return { kind: 'unary', at: token.at, operator: token.text as UnaryOperator, operand };
  }

  #call(name: Token): Expression {
    this.#count(name);
    const opening = this.next();
    const given: Expression[] = [];
    if (this.#peek().text !== ')') {
      given.push(this.expression(0));
      while (this.#peek().text === ',') {
        this.next();
        given.push(this.expression(0));
      }
    }
    this.#close(opening);
    return { kind: 'call', at: name.at, name: name.text, arguments: given };
  }

  #count(token: Token): void {
    if (++this.#operations > MOST_OPERATIONS) {
      const reason = 'the expression is too long; make a formula of its own of a part';
      throw new ExpressionInvalid(token.at, reason);
    }
  }

  #close(opening: Token): void {
    const token = this.next();
    if (token.text === ')') return;
    const reason = `a closing bracket is missing for the one at character ${opening.at + 1}`;
    throw new ExpressionInvalid(token.at, reason);
  }
}

function powerOf({ kind, text }: Token): number {
  if (kind !== 'sign' && kind !== 'word') return 0;
  return COMPARISONS.has(text) ? COMPARISON : (POWERS.get(text) ?? 0);
}

function numberOf({ at, text }: Token): Expression {
  const value = Number(text);
  if (value > LARGEST) throw new ExpressionInvalid(at, 'the number is too large');
  return { kind: 'number', at, value };
}
