import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contextOf } from '../../../tests/generated-issues';
import { CodeColumn } from './code-column';
import { NumberColumn } from './number-column';

test('a row that repeats the last one is as if its value had come again', () => {
  const values = fc.array(fc.tuple(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }), fc.nat(3)), {
    maxLength: 20,
  });
  const property = fc.property(values, (rows) => {
    const repeated = new CodeColumn('label', contextOf());
    const appended = new CodeColumn('label', contextOf());
    for (const [raw, times] of rows) {
      repeated.append(raw);
      for (let time = 0; time < times; time++) repeated.repeat();
      for (let time = 0; time <= times; time++) appended.append(raw);
    }
    expect(repeated.length).toBe(appended.length);
    for (let row = 0; row < appended.length; row++) expect(repeated.at(row)).toEqual(appended.at(row));
  });
  fc.assert(property);
});

test('numbers repeat, and so does the lack of one', () => {
  const column = new NumberColumn('number');
  for (const raw of [1, null]) {
    column.append(raw);
    column.repeat();
  }
  expect([...column.values()]).toEqual([1, 1, Number.NaN, Number.NaN]);
});
