import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberColumn } from '../column/number-column';
import { addsExactly } from './exact';
import * as records from './records';

const columnOf = (...values: number[]) => NumberColumn.of('number', Float64Array.from(values));

test.each([
  ['seconds', [3600, Number.NaN, -1800], true],
  ['halves and eighths', [0.5, 3.125, 8], true],
  ['nothing at all', [Number.NaN], true],
  ['tenths', [0.5, 0.1], false],
  ['numbers too large for their sum', [2 ** 52, 2 ** 52], false],
  ['the infinite', [Number.POSITIVE_INFINITY], false],
])('%s', (_, values, exact) => {
  expect(addsExactly(columnOf(...values))).toBe(exact);
});

test('a column is looked at again when values came', () => {
  const column = new NumberColumn('number');
  column.append(1);
  expect(addsExactly(column)).toBe(true);
  column.append(0.1);
  expect(addsExactly(column)).toBe(false);
});

test('where sums are exact, the plain one is the compensated one in any order', () => {
  const halves = fc.array(fc.integer({ min: -1e9, max: 1e9 }).map((number) => number / 2));
  fc.assert(
    fc.property(halves, (values) => {
      expect(addsExactly(columnOf(...values))).toBe(true);
      const total = (record: records.AggregateRecord, order: readonly number[]) => {
        const state = Float64Array.from(record.empty);
        for (const value of order) record.add(state, 0, value);
        return record.value(state, 0);
      };
      const backwards = [...values].reverse();
      expect(total(records.exactSum, backwards)).toBe(total(records.sum, values));
    }),
  );
});
