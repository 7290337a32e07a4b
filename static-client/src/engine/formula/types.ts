import { countOf, isAlike, parameterOf, SIGNATURES, type Signature, type Type } from './functions';
import { isPlainName, PLAIN_NAMES } from './names';
import { suggestion } from './suggestion';
import { type Binary, type Call, type Expression, ExpressionInvalid } from './syntax';

/** What names stand for. */
export interface Scope {
  readonly formulas: ReadonlyMap<string, Type>;
  /** `undefined` for a field that does not exist. */
  field(id: string): Type | undefined;
}

const TYPE_NAMES: Readonly<Record<Type, string>> = {
  number: 'a number',
  text: 'a text',
  date: 'a date',
  datetime: 'a date and time',
  boolean: 'a condition',
  list: 'several values',
  any: 'a value',
};

const HINTS: Readonly<Record<string, string>> = {
  'date number': '; days_between and add_days reckon with dates',
  'text number': '; number(…) reads a text as a number, concat(…) joins texts',
  'text date': '; date(…) reads a text as a date',
  'list text': '; has(…), join(…) and first(…) take several values',
  'number text': '; text(…) makes a text of it',
  'date text': '; text(…) makes a text of it',
};

/**
 * An expression's type, found as it is written; the rules are the server's (`core/definition/types.py`). Throws
 * ExpressionInvalid.
 */
export function typeOf(expression: Expression, scope: Scope): Type {
  switch (expression.kind) {
    case 'constant':
      return expression.value === null ? 'any' : 'boolean';
    case 'field':
      return fieldType(expression, scope);
    case 'name':
      return namedType(expression, scope);
    case 'unary': {
      const { operator, operand } = expression;
      return require(operand, operator === 'not' ? 'boolean' : 'number', scope, operator);
    }
    case 'binary':
      return binaryType(expression, scope);
    case 'call':
      return callType(expression, scope);
    default:
      return expression.kind;
  }
}

/** The one type that values of both types can have; `undefined` where there is none. */
export function joined(left: Type, right: Type): Type | undefined {
  if (left === right || right === 'any') return left;
  if (left === 'any') return right;
  return isDated(left) && isDated(right) ? 'datetime' : undefined;
}

function isDated(type: Type): boolean {
  return type === 'date' || type === 'datetime';
}

function hint(found: Type, wanted: Type): string {
  const day = (type: Type) => (type === 'datetime' ? 'date' : type);
  return HINTS[`${day(found)} ${day(wanted)}`] ?? '';
}

function fieldType({ at, id }: { at: number; id: string }, scope: Scope): Type {
  const type = scope.field(id);
  if (type) return type;
  const reason = id.startsWith('worklog.')
    ? `${id} is a worklog's field, and a row of this report is an issue`
    : `the field ${id} does not exist, or you may not see it`;
  throw new ExpressionInvalid(at, reason);
}

function namedType(name: { at: number; id: string }, scope: Scope): Type {
  const formula = scope.formulas.get(name.id);
  if (formula) return formula;
  if (isPlainName(name.id)) return fieldType(name, scope);
  const near = suggestion(name.id, [...scope.formulas.keys(), ...PLAIN_NAMES]);
  const rest = near || `; write [${name.id}] where another app's field has this id`;
  throw new ExpressionInvalid(
    name.at,
    `there is no formula or field of Jira's own called "${name.id}"${rest}`,
  );
}

function binaryType(expression: Binary, scope: Scope): Type {
  const { operator, left, right } = expression;
  if (['=', '!=', '<', '<=', '>', '>='].includes(operator)) return comparisonType(expression, scope);
  const wanted = operator === 'and' || operator === 'or' ? 'boolean' : 'number';
  require(left, wanted, scope, operator);
  return require(right, wanted, scope, operator);
}

function comparisonType({ at, operator, left, right }: Binary, scope: Scope): Type {
  const types = [typeOf(left, scope), typeOf(right, scope)] as const;
  const equality = operator === '=' || operator === '!=';
  for (const [index, side] of [left, right].entries()) {
    const type = types[index] ?? 'any';
    if (type === 'list' || (type === 'boolean' && !equality))
      throw new ExpressionInvalid(side.at, `${TYPE_NAMES[type]} cannot be compared${hint(type, 'text')}`);
  }
  const [one, other] = types;
  if (joined(one, other)) return 'boolean';
  const way = hint(other, one) || hint(one, other);
  throw new ExpressionInvalid(at, `${TYPE_NAMES[one]} cannot be compared with ${TYPE_NAMES[other]}${way}`);
}

/** The expression's type, if it is the wanted one or fits everywhere. */
function require(expression: Expression, wanted: Type, scope: Scope, taker: string): Type {
  const found = typeOf(expression, scope);
  const fits = found === wanted || wanted === 'any' || (found === 'datetime' && wanted === 'date');
  if (found === 'any') return wanted;
  if (fits) return found;
  const reason = `${taker} takes ${TYPE_NAMES[wanted]}, and this is ${TYPE_NAMES[found]}`;
  throw new ExpressionInvalid(expression.at, reason + hint(found, wanted));
}

function callType(call: Call, scope: Scope): Type {
  const signature = SIGNATURES.get(call.name);
  if (!signature) {
    const names = [...SIGNATURES.keys()];
    const near = suggestion(call.name, names) || suggestion(call.name.toLowerCase(), names);
    throw new ExpressionInvalid(call.at, `there is no function called "${call.name}"${near}`);
  }
  requireCount(call, signature);
  let alike: Type = 'any';
  call.arguments.forEach((argument, place) => {
    const { name, type } = parameterOf(signature, place);
    const taker = `${call.name}'s ${name}`;
    const found = require(argument, type, scope, taker);
    if (!isAlike(signature, place)) return;
    const both = joined(alike, found);
    if (!both) {
      const reason = `${taker} must be ${TYPE_NAMES[alike]}, as what stands before it is`;
      throw new ExpressionInvalid(argument.at, reason + hint(found, alike));
    }
    alike = both;
  });
  return signature.result.startsWith('same as ') ? alike : (signature.result as Type);
}

function requireCount(call: Call, signature: Signature): void {
  const given = call.arguments.length;
  const { fewest, most } = countOf(signature);
  if (given >= fewest && given <= most) return;
  const range = most === Number.POSITIVE_INFINITY ? `${fewest} or more` : `${fewest} to ${most}`;
  const wanted = fewest === most ? String(fewest) : range;
  const things = wanted === '1' ? 'value' : 'values';
  throw new ExpressionInvalid(call.at, `${call.name} takes ${wanted} ${things}, not ${given}`);
}
