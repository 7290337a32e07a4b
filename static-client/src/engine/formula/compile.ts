import type { CallMaker } from './calls/call';
import { choiceCalls } from './calls/choice';
import { dateCalls } from './calls/dates';
import { listCalls } from './calls/lists';
import { numberCalls } from './calls/numbers';
import { periodCalls } from './calls/periods';
import { textCalls } from './calls/texts';
import type { Compiled } from './frame';
import type { Type } from './functions';
import { compileBinary, compileUnary } from './operators';
import type { Call, Expression } from './syntax';
import type { Scope } from './types';
import { constantNumber, constantText, NO_NUMBER } from './vector';

/** Every function of the table. */
export const CALLS: ReadonlyMap<string, CallMaker> = new Map(
  Object.entries({
    ...choiceCalls,
    ...numberCalls,
    ...textCalls,
    ...dateCalls,
    ...periodCalls,
    ...listCalls,
  }),
);

/** A sound expression as closures over columns: each part is computed for all rows at once. */
export function compile(expression: Expression, scope: Scope): Compiled {
  switch (expression.kind) {
    case 'number': {
      const value = constantNumber(expression.value);
      return { type: 'number', run: () => value };
    }
    case 'text': {
      const text = constantText(expression.value);
      return { type: 'text', run: () => text };
    }
    case 'constant': {
      const { value } = expression;
      if (value === null) return { type: 'any', run: () => NO_NUMBER };
      const constant = constantNumber(value ? 1 : 0);
      return { type: 'boolean', run: () => constant };
    }
    case 'unary':
      return compileUnary(expression.operator, compile(expression.operand, scope));
    case 'binary': {
      const { operator, left, right } = expression;
      return compileBinary(operator, compile(left, scope), compile(right, scope));
    }
    case 'call':
      return compileCall(expression, scope);
    default:
      return compileName(expression, scope);
  }
}

function compileName({ kind, id }: { kind: 'field' | 'name'; id: string }, scope: Scope): Compiled {
  const formula: Type | undefined = kind === 'name' ? scope.formulas.get(id) : undefined;
  if (formula) return { type: formula, run: (frame) => frame.formula(id) };
  return { type: scope.field(id) ?? 'any', run: (frame) => frame.field(id) };
}

function compileCall(call: Call, scope: Scope): Compiled {
  const make = CALLS.get(call.name);
  if (!make) throw new Error(`There is no function ${call.name}.`);
  return make(call.arguments.map((argument) => compile(argument, scope)));
}
