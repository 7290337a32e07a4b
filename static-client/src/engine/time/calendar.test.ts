import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { civilDay, DAY_MS, daysOf, isoWeek, weekday, weekStart } from './calendar';

const days = fc.integer({ min: -800_000, max: 800_000 });

test('days are those of the Gregorian calendar', () => {
  const property = fc.property(days, (day) => {
    const date = new Date(day * DAY_MS);
    expect(civilDay(day)).toEqual({
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
    });
    const { year, month, day: dayOfMonth } = civilDay(day);
    expect(daysOf(year, month, dayOfMonth)).toBe(day);
    expect(weekday(day)).toBe(date.getUTCDay());
  });
  fc.assert(property, { numRuns: 500 });
});

test('a week begins on its first day and holds seven', () => {
  const property = fc.property(days, fc.integer({ min: 0, max: 6 }), (day, first) => {
    const start = weekStart(day, first);
    expect(weekday(start)).toBe(first);
    expect(day - start).toBeGreaterThanOrEqual(0);
    expect(day - start).toBeLessThan(7);
  });
  fc.assert(property);
});

describe('weeks of ISO 8601', () => {
  test.each([
    ['2004-12-26', 2004, 52],
    ['2005-01-01', 2004, 53],
    ['2005-12-31', 2005, 52],
    ['2007-01-01', 2007, 1],
    ['2008-12-29', 2009, 1],
    ['2010-01-03', 2009, 53],
    ['2020-12-31', 2020, 53],
    ['2024-12-30', 2025, 1],
  ])('%s is in week %i-W%i', (date, year, week) => {
    expect(isoWeek(Date.parse(date) / DAY_MS)).toEqual({ year, week });
  });
});
