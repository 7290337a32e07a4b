import type { Expression } from '../src/engine/formula/syntax';

/** A value as plain as can be: dates are JavaScript's, several values an array, empty is null. */
export type Plain = number | string | boolean | Date | readonly string[] | null;

export interface PlainRow {
  readonly [field: string]: Plain;
}

/**
 * What an expression is for one row: a walk over its parts by the words of docs/formulas.md, sharing nothing with
 * the engine.
 */
export function evaluate(part: Expression, row: PlainRow, today: Date): Plain {
  const of = (inner: Expression) => evaluate(inner, row, today);
  switch (part.kind) {
    case 'number':
    case 'constant':
      return part.value;
    case 'text':
      return part.value === '' ? null : part.value;
    case 'field':
    case 'name':
      return row[part.id] ?? null;
    case 'unary': {
      const value = of(part.operand);
      return part.operator === 'not' ? value !== true : calculate((number) => -number, value);
    }
    case 'binary':
      return operate(part.operator, of(part.left), of(part.right));
    case 'call':
      return part.name === 'if'
        ? of(part.arguments[of(part.arguments[0] as Expression) === true ? 1 : 2] as Expression)
        : call(part.name, part.arguments.map(of), today);
  }
}

function calculate(compute: (...numbers: number[]) => number, ...values: readonly Plain[]): number | null {
  if (!values.every((value) => typeof value === 'number')) return null;
  const result = compute(...values);
  // Adding 0 makes of -0 the zero that people know.
  return Number.isFinite(result) ? result + 0 : null;
}

function operate(operator: string, left: Plain, right: Plain): Plain {
  switch (operator) {
    case 'and':
      return left === true && right === true;
    case 'or':
      return left === true || right === true;
    case '=':
      return comparable(left) === comparable(right);
    case '!=':
      return comparable(left) !== comparable(right);
    case '+':
      return calculate((one, other) => one + other, left, right);
    case '-':
      return calculate((one, other) => one - other, left, right);
    case '*':
      return calculate((one, other) => one * other, left, right);
    case '/':
      return calculate((one, other) => one / other, left, right);
    case '%':
      return calculate((one, other) => one - other * Math.floor(one / other), left, right);
    case '^':
      return calculate((one, other) => one ** other, left, right);
  }
  const one = comparable(left);
  const other = comparable(right);
  if (one === null || other === null) return false;
  if (operator === '<') return one < other;
  if (operator === '<=') return one <= other;
  return operator === '>' ? one > other : one >= other;
}

function comparable(value: Plain): number | string | boolean | null {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'string' ? value.toLowerCase() : (value as number | boolean | null);
}

function call(name: string, given: readonly Plain[], today: Date): Plain {
  const [first = null, second = null] = given;
  const filled = given.filter((value) => value !== null);
  switch (name) {
    case 'coalesce':
      return filled[0] ?? null;
    case 'is_empty':
      return first === null;
    case 'abs':
      return calculate(Math.abs, first);
    case 'floor':
      return calculate(Math.floor, first);
    case 'min':
      return filled.length === 0 ? null : Math.min(...(filled as number[]));
    case 'sum':
      return filled.length === 0
        ? null
        : calculate((...numbers) => numbers.reduce((a, b) => a + b), ...filled);
    case 'length':
      return [...((first as string | null) ?? '')].length;
    case 'concat':
      return filled.join('').slice(0, 10_000) || null;
    case 'upper':
      return (first as string | null)?.toUpperCase() ?? null;
    case 'left':
      return left(first as string | null, second as number | null);
    case 'contains':
      return (
        first !== null &&
        second !== null &&
        String(first).toLowerCase().includes(String(second).toLowerCase())
      );
    default:
      return callOnLists(name, given) ?? callOnDates(name, given, today);
  }
}

function left(text: string | null, count: number | null): string | null {
  if (text === null || count === null || count < 1) return null;
  return [...text].slice(0, Math.trunc(count)).join('');
}

function callOnLists(name: string, [list = null, value = null]: readonly Plain[]): Plain | undefined {
  const values = (list ?? []) as readonly string[];
  if (name === 'count') return values.length;
  if (name === 'first') return values[0] ?? null;
  if (name === 'join') return values.join((value as string | null) ?? '').slice(0, 10_000) || null;
  if (name === 'has') return values.some((one) => one.toLowerCase() === comparable(value));
  return undefined;
}

function callOnDates(name: string, [first = null, second = null]: readonly Plain[], today: Date): Plain {
  if (name === 'today') return today;
  if (name === 'latest') {
    const dates = [first, second].filter((value) => value !== null) as Date[];
    return dates.sort((one, other) => other.getTime() - one.getTime())[0] ?? null;
  }
  if (!(first instanceof Date)) return null;
  if (name === 'year') return first.getUTCFullYear();
  if (name === 'start_of_month') return shownDate(new Date(new Date(first).setUTCDate(1)));
  if (name === 'days_between')
    return second instanceof Date ? Math.round((second.getTime() - first.getTime()) / 86_400_000) : null;
  if (typeof second !== 'number' || Math.abs(second) >= 4_000_000) return null;
  return shownDate(new Date(new Date(first).setUTCDate(first.getUTCDate() + Math.trunc(second))));
}

/** Years 1 to 9999. */
function shownDate(date: Date): Date | null {
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? date : null;
}
