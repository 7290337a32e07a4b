import fc from 'fast-check';
import type { BinaryOperator, Expression } from '../src/engine/formula/syntax';

/** Random sound expressions, by type, over the fields that `formula.property.test.ts` makes up. */
export const expressions = fc.letrec<Record<'number' | 'text' | 'boolean' | 'date', Expression>>((tie) => {
  const numbers = [tie('number'), tie('number')] as const;
  const texts = [tie('text'), tie('text')] as const;
  const dates = [tie('date'), tie('date')] as const;
  const size = { maxDepth: 5, depthSize: 'medium' as const };
  const conditional = (type: 'number' | 'text' | 'date') =>
    fc.oneof(call('if', tie('boolean'), tie(type), tie(type)), call('coalesce', tie(type), tie(type)));
  return {
    number: fc.oneof(
      size,
      fc.oneof(
        fc
          .double({ min: 0, max: 1000, noNaN: true })
          .map((value): Expression => ({ kind: 'number', at: 0, value })),
        fc.integer({ min: 0, max: 9 }).map((value): Expression => ({ kind: 'number', at: 0, value })),
        named('votes'),
        named('timespent'),
        nothing(),
      ),
      binary(['+', '-', '*', '/', '%', '^'], ...numbers),
      tie('number').map((operand): Expression => ({ kind: 'unary', at: 0, operator: '-', operand })),
      call('abs', tie('number')),
      call('floor', tie('number')),
      call('min', ...numbers),
      call('sum', ...numbers),
      call('length', tie('text')),
      call('days_between', ...dates),
      call('year', tie('date')),
      call('count', named('labels')),
      conditional('number'),
    ),
    text: fc.oneof(
      size,
      fc.oneof(
        fc.constantFrom('', 'a', 'Done', 'done', 'Å', '📈', '"\\\'').map(text),
        named('summary'),
        named('status'),
        nothing(),
      ),
      call('concat', ...texts),
      call('upper', tie('text')),
      call('left', tie('text'), tie('number')),
      call('join', named('labels'), tie('text')),
      call('first', named('labels')),
      conditional('text'),
    ),
    boolean: fc.oneof(
      size,
      fc.boolean().map((value): Expression => ({ kind: 'constant', at: 0, value })),
      binary(['and', 'or'], tie('boolean'), tie('boolean')),
      tie('boolean').map((operand): Expression => ({ kind: 'unary', at: 0, operator: 'not', operand })),
      binary(['=', '!=', '<', '<=', '>', '>='], ...numbers),
      binary(['=', '!='], ...texts),
      binary(['=', '!=', '<', '<=', '>', '>='], ...dates),
      call('contains', ...texts),
      call('is_empty', fc.oneof(tie('number'), tie('text'), tie('date'))),
      call('has', named('labels'), tie('text')),
    ),
    date: fc.oneof(
      size,
      fc.oneof(named('duedate'), call('today'), nothing()),
      call('add_days', tie('date'), tie('number')),
      call('start_of_month', tie('date')),
      call('latest', ...dates),
      conditional('date'),
    ),
  };
});

function text(value: string): Expression {
  return { kind: 'text', at: 0, value };
}

function nothing(): fc.Arbitrary<Expression> {
  return fc.constant({ kind: 'constant', at: 0, value: null });
}

function named(id: string): fc.Arbitrary<Expression> {
  return fc.constantFrom('name', 'field').map((kind): Expression => ({ kind, at: 0, id }));
}

function call(name: string, ...given: fc.Arbitrary<Expression>[]): fc.Arbitrary<Expression> {
  return fc.tuple(...given).map((parts): Expression => ({ kind: 'call', at: 0, name, arguments: parts }));
}

function binary(
  operators: readonly BinaryOperator[],
  left: fc.Arbitrary<Expression>,
  right: fc.Arbitrary<Expression>,
): fc.Arbitrary<Expression> {
  return fc
    .record({ operator: fc.constantFrom(...operators), left, right })
    .map((parts): Expression => ({ kind: 'binary', at: 0, ...parts }));
}

/** The expression as a person would write it, with all its brackets. */
export function printed(part: Expression): string {
  switch (part.kind) {
    case 'number':
      return String(part.value);
    case 'text':
      return `"${part.value.replace(/["\\]/g, '\\$&')}"`;
    case 'constant':
      return String(part.value);
    case 'field':
      return `[${part.id}]`;
    case 'name':
      return part.id;
    case 'unary':
      return `(${part.operator} ${printed(part.operand)})`;
    case 'binary':
      return `(${printed(part.left)} ${part.operator} ${printed(part.right)})`;
    case 'call':
      return `${part.name}(${part.arguments.map(printed).join(', ')})`;
  }
}
