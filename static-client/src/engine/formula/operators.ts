import { asNumbers, asTexts, dayOf } from './convert';
import type { Compiled, Frame } from './frame';
import type { BinaryOperator, UnaryOperator } from './syntax';
import { BOTH_EMPTY, compareTexts } from './text-order';
import { joined } from './types';
import { constantNumber, type Numbers, numbersFrom } from './vector';

type Operate = (left: number, right: number) => number;

const ARITHMETIC: Readonly<Partial<Record<BinaryOperator, Operate>>> = {
  '+': (left, right) => finite(left + right),
  '-': (left, right) => finite(left - right),
  '*': (left, right) => finite(left * right),
  '/': (left, right) => finite(left / right),
  '%': (left, right) => finite(left - right * Math.floor(left / right)),
  // JavaScript's own rule makes 1 of whatever is raised to 0, even of what is empty.
  '^': (left, right) => (Number.isNaN(left) ? left : finite(left ** right)),
};

/** A condition that is empty does not hold. */
const LOGIC: Readonly<Partial<Record<BinaryOperator, Operate>>> = {
  and: (left, right) => (left === 1 && right === 1 ? 1 : 0),
  or: (left, right) => (left === 1 || right === 1 ? 1 : 0),
};

/** Only = and != see that a value is empty: it equals what is empty and differs from the rest. */
const COMPARISONS: Readonly<Partial<Record<BinaryOperator, Operate>>> = {
  '=': (left, right) => (same(left, right) ? 1 : 0),
  '!=': (left, right) => (same(left, right) ? 0 : 1),
  '<': (left, right) => (left < right ? 1 : 0),
  '<=': (left, right) => (left <= right ? 1 : 0),
  '>': (left, right) => (left > right ? 1 : 0),
  '>=': (left, right) => (left >= right ? 1 : 0),
};

/** The number, or empty where it is none that can be shown; never -0, which would be. */
export function finite(number: number): number {
  return number - number + number;
}

function same(left: number, right: number): boolean {
  return left === right || (Number.isNaN(left) && Number.isNaN(right));
}

export function compileUnary(operator: UnaryOperator, operand: Compiled): Compiled {
  const run = asNumbers(operand, operator === 'not' ? 'boolean' : 'number');
  if (operator === '+') return { type: 'number', run };
  const operate = operator === '-' ? (value: number) => 0 - value : (value: number) => (value === 1 ? 0 : 1);
  return {
    type: operator === 'not' ? 'boolean' : 'number',
    run: (frame) => each(run(frame), frame, operate),
  };
}

export function compileBinary(operator: BinaryOperator, left: Compiled, right: Compiled): Compiled {
  const comparison = COMPARISONS[operator];
  if (comparison) return { type: 'boolean', run: compare(comparison, left, right) };
  const arithmetic = ARITHMETIC[operator];
  const operate = arithmetic ?? LOGIC[operator];
  if (!operate) throw new Error(`There is no operator ${operator}.`);
  const type = arithmetic ? 'number' : 'boolean';
  return { type, run: combine(operate, asNumbers(left, type), asNumbers(right, type)) };
}

function compare(operate: Operate, left: Compiled, right: Compiled): (frame: Frame) => Numbers {
  const type = joined(left.type, right.type);
  if (type === 'text') {
    const one = asTexts(left);
    const other = asTexts(right);
    return (frame) => {
      const order = compareTexts(one(frame), other(frame), frame);
      return each(order, frame, (sign) =>
        sign === BOTH_EMPTY ? operate(Number.NaN, Number.NaN) : operate(sign, 0),
      );
    };
  }
  if (left.type !== right.type && type === 'datetime') return combine(operate, asDays(left), asDays(right));
  return combine(operate, asNumbers(left, type), asNumbers(right, type));
}

/** A day and a moment compare by their days: a moment of today equals today. */
function asDays(part: Compiled): (frame: Frame) => Numbers {
  const run = asNumbers(part, part.type);
  return (frame) => each(run(frame), frame, (instant) => dayOf(instant, part.type, frame.setting.zone));
}

function each(numbers: Numbers, { size }: Frame, operate: (value: number) => number): Numbers {
  const { values } = numbers;
  if (numbers.step === 0) return constantNumber(operate(values[0] as number));
  return numbersFrom([numbers], size, (row) => operate(values[row] as number));
}

function combine(
  operate: Operate,
  left: (frame: Frame) => Numbers,
  right: (frame: Frame) => Numbers,
): (frame: Frame) => Numbers {
  return (frame) => {
    const one = left(frame);
    const other = right(frame);
    if (one.step + other.step === 0)
      return constantNumber(operate(one.values[0] as number, other.values[0] as number));
    const values = new Float64Array(frame.size);
    for (let row = 0; row < values.length; row++) {
      values[row] = operate(one.values[row * one.step] as number, other.values[row * other.step] as number);
    }
    return { shape: 'numbers', values, step: 1 };
  };
}
