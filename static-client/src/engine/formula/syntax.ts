/** The parts of a formula's expression; the server's are the same (`core/definition/syntax.py`). */

export type BinaryOperator =
  | 'or'
  | 'and'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^';

export type UnaryOperator = 'not' | '-' | '+';

/** `at` is the position of a part's first character, or of an operator, in code points from 0. */
export type Expression =
  | { readonly kind: 'number'; readonly at: number; readonly value: number }
  | { readonly kind: 'text'; readonly at: number; readonly value: string }
  | { readonly kind: 'constant'; readonly at: number; readonly value: boolean | null }
  | { readonly kind: 'field'; readonly at: number; readonly id: string }
  /** A bare name: a formula's id or a field's. */
  | { readonly kind: 'name'; readonly at: number; readonly id: string }
  | Unary
  | Binary
  | Call;

interface Unary {
  readonly kind: 'unary';
  readonly at: number;
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

export interface Binary {
  readonly kind: 'binary';
  readonly at: number;
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Call {
  readonly kind: 'call';
  readonly at: number;
  readonly name: string;
  readonly arguments: readonly Expression[];
}

/** The expression does not make sense: where, in code points from 0, and why. */
export class ExpressionInvalid extends Error {
  constructor(
    readonly at: number,
    readonly reason: string,
  ) {
    super(`at character ${at + 1}: ${reason}`);
  }
}

/** The expression and everything in it. */
export function partsOf(expression: Expression): readonly Expression[] {
  const parts: Expression[] = [expression];
  for (const part of parts) parts.push(...within(part));
  return parts;
}

function within(part: Expression): readonly Expression[] {
  if (part.kind === 'unary') return [part.operand];
  if (part.kind === 'binary') return [part.left, part.right];
  return part.kind === 'call' ? part.arguments : [];
}

/** All bare names of an expression. */
export function namesIn(expression: Expression): ReadonlySet<string> {
  return new Set(partsOf(expression).flatMap((part) => (part.kind === 'name' ? [part.id] : [])));
}
